/**
 * The shapes of what `synth` writes for review: `mags.manifest.json`, every resource with its properties, and
 * `tree.json`, every construct. Both are plain JSON with sorted keys. Nothing is deployed from them: a deploy
 * uses the plan in memory, which also holds what no file can show.
 */
import type { KindName } from "../provider/schema/fields";
import type { AnnotationLevel } from "./annotations";
import type { RemovalPolicy } from "./removal-policy";

/** Raised when a shape below changes. */
export const MANIFEST_VERSION = 1;
export const MANIFEST_FILE = "mags.manifest.json";
export const TREE_FILE = "tree.json";

/** The id under which an L2 construct keeps its resource. The two have one path but in the tree. */
export const RESOURCE_ID = "Resource";

/** `{"$ref": "shop/site.workspaceId"}`: the attribute `workspaceId` of the resource at the path `shop/site`. */
export const REF_KEY = "$ref";
/** `{"$output": n}`: a Pulumi Output, the nth of its resource; its value is known when it is deployed. */
export const OUTPUT_KEY = "$output";
/** `{"$secret": true}`: a value that is never shown. */
export const SECRET_KEY = "$secret";
/** `{"$join": ["https://", {"$ref": …}]}`: a text of which parts are not known yet. */
export const JOIN_KEY = "$join";
/** `{"$text": ["line", "line"]}`: in the file, a text of several lines, so that a diff shows the line. */
export const TEXT_KEY = "$text";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Where Pulumi knew a resource before, by `Renames`: a path, or with the types where these were others. */
export type FormerPlace = string | { readonly path: string; readonly types: string };

export interface ManifestResource {
  readonly kind: KindName;
  /** As in the field table of the kind, with references, Outputs and secrets as the objects above. */
  readonly properties: { readonly [name: string]: Json };
  /** Paths of what it was told to wait for, resources or whole constructs. References come on top of these. */
  readonly dependsOn?: readonly string[];
  /** Path of the sandbox that it is a part of, where its parts share one generated name. */
  readonly namedAs?: string;
  readonly removalPolicy?: RemovalPolicy;
  /** Where it was before, in the order in which a deploy looks for it there. */
  readonly renamedFrom?: readonly FormerPlace[];
  readonly tags?: { readonly [name: string]: string };
  /**
   * Types of the components that it is in, the outermost first, such as `Stack/AlwaysOnService`: with others, Pulumi
   * takes it for another resource. Absent from what an earlier release wrote.
   */
  readonly types?: string;
}

export interface Manifest {
  readonly version: typeof MANIFEST_VERSION;
  /** By path. */
  readonly resources: { readonly [path: string]: ManifestResource };
}

export interface TreeNode {
  readonly id: string;
  /** Path of the construct, as `node.path` has it. */
  readonly path: string;
  /** Name of the construct's class. */
  readonly type: string;
  /** Of a resource. */
  readonly kind?: KindName;
  /** Of a stack. */
  readonly description?: string;
  readonly annotations?: readonly { readonly level: AnnotationLevel; readonly message: string }[];
  readonly tags?: { readonly [name: string]: string };
  readonly children?: { readonly [id: string]: TreeNode };
}

export interface Tree {
  readonly version: typeof MANIFEST_VERSION;
  readonly root: TreeNode;
}
