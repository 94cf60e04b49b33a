import type { KindName } from "../provider/schema/fields";
import type { AnnotationLevel } from "./annotations";
import type { Manifest, ManifestResource, Tree } from "./manifest";
import type { RemovalPolicy } from "./removal-policy";
import type { MagsResource } from "./resource";

/**
 * What a tree comes to: everything checked, every reference resolved, in the order of creation. Frozen. The
 * manifest shows it; a deploy uses it.
 */
export interface Plan {
  /** Each after all that it depends on, else by path. */
  readonly resources: readonly PlanResource[];
  readonly manifest: Manifest;
  readonly tree: Tree;
  /** Infos and warnings, by path. An error among them would have failed the plan. */
  readonly annotations: readonly PlanAnnotation[];
  /** The resource at a path, such as `shop/site`. */
  find(path: string): PlanResource | undefined;
  /** The planned form of a resource of the tree. */
  of(construct: MagsResource): PlanResource | undefined;
}

export interface PlanResource {
  /** Path of the construct that a program names: that of the resource, without a last part `Resource`. */
  readonly path: string;
  readonly kind: KindName;
  readonly construct: MagsResource;
  /**
   * The properties by the names of the kind's field table. Plain values are plain; beside them stand `Reference`,
   * `Secret`, `Interpolation` and what comes from Pulumi, at any depth: `mapSymbols` turns them into values.
   */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** All that has to be there before: what it refers to, and what it was told to wait for, down to resources. */
  readonly dependencies: readonly PlanResource[];
  /** What happens to the object when the resource leaves the program; absent where nobody said. */
  readonly removalPolicy?: RemovalPolicy;
  /** Own and inherited ones. Mags has no tags: they are for people and tools that read the manifest. */
  readonly tags: Readonly<Record<string, string>>;
  /** As the manifest shows it. */
  readonly manifest: ManifestResource;
}

export interface PlanAnnotation {
  /** Path of the construct. */
  readonly path: string;
  readonly level: AnnotationLevel;
  readonly message: string;
}
