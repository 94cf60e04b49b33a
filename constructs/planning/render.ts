import type { Field, FieldTable, Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { annotationsOf } from "../annotations";
import { isOutput } from "../inputs";
import {
  MANIFEST_VERSION,
  OUTPUT_KEY,
  REF_KEY,
  SECRET_KEY,
  type Json,
  type Manifest,
  type ManifestResource,
  type TreeNode,
} from "../manifest";
import { Reference } from "../reference";
import { Secret } from "../secret";
import type { Dependencies } from "./dependencies";
import type { Leaf } from "./leaves";
import type { Entry } from "./walk";

export function manifestResourceOf(leaf: Leaf, dependencies: Dependencies): ManifestResource {
  const { entry, inputs, kind, resource } = leaf;
  const dependsOn = dependencies.of(dependencies.selfOf(entry)).map(({ path }) => path);
  const { fields } = SCHEMAS[kind];
  return Object.freeze({
    ...(dependsOn.length > 0 ? { dependsOn: Object.freeze([...new Set(dependsOn)]) } : {}),
    kind,
    properties: needsRendering(leaf, fields)
      ? renderProperties(inputs, fields)
      : (inputs as ManifestResource["properties"]),
    ...(resource.removalPolicy ? { removalPolicy: resource.removalPolicy } : {}),
    ...(Object.keys(entry.tags).length > 0 ? { tags: entry.tags } : {}),
  });
}

export function manifestOf(resources: ReadonlyMap<string, ManifestResource>): Manifest {
  const sorted = [...resources].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.freeze({ resources: Object.freeze(Object.fromEntries(sorted)), version: MANIFEST_VERSION });
}

export function treeNodeOf(entry: Entry): TreeNode {
  const { construct, path, resource, tags } = entry;
  const annotations = annotationsOf(construct);
  const children = entry.children.map((child): [string, TreeNode] => [
    child.construct.node.id,
    treeNodeOf(child),
  ]);
  return Object.freeze({
    ...(annotations.length > 0 ? { annotations: Object.freeze(annotations) } : {}),
    ...(children.length > 0 ? { children: Object.freeze(Object.fromEntries(children)) } : {}),
    id: construct.node.id,
    ...(resource ? { kind: resource.kind } : {}),
    path,
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    type: construct.constructor.name,
  });
}

/** Most resources are shown exactly as they are. */
function needsRendering({ inputs, symbolic }: Leaf, fields: FieldTable): boolean {
  return symbolic || Object.keys(inputs).some((name) => fields[name]?.secret || hasMarkedKey(inputs[name]));
}

function hasMarkedKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasMarkedKey);
  return Object.entries(value).some(([key, inner]) => key.startsWith("$") || hasMarkedKey(inner));
}

function renderProperties(inputs: Values, fields: FieldTable): { readonly [name: string]: Json } {
  const outputs = new Map<object, number>();
  const render = (value: unknown): Json => {
    if (typeof value !== "object" || value === null) return value as Json;
    if (isOutput(value)) {
      if (!outputs.has(value)) outputs.set(value, outputs.size + 1);
      return Object.freeze({ [OUTPUT_KEY]: outputs.get(value)! });
    }
    if (Reference.isReference(value)) return Object.freeze({ [REF_KEY]: value.toString() });
    if (Secret.isSecret(value)) return SECRET;
    if (Array.isArray(value)) return Object.freeze(value.map(render));
    return mapped(value as Values, render);
  };
  return mapped(inputs, (value, name) => (isSecretField(fields[name]) ? renderSecret(value) : render(value)));
}

function isSecretField(field: Field | undefined): boolean {
  return field?.secret === true;
}

/** Names are shown, since they say what is there; values never are. */
function renderSecret(value: unknown): Json {
  const isMap =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isMap ? mapped(value as Values, () => SECRET) : SECRET;
}

/** A key of the program's own that begins like one of ours is told from it by a second sign. */
function mapped(
  map: Values,
  render: (value: unknown, key: string) => Json,
): { readonly [key: string]: Json } {
  return Object.freeze(
    Object.fromEntries(
      Object.keys(map).map((key) => [key.startsWith("$") ? `$${key}` : key, render(map[key], key)]),
    ),
  );
}

const SECRET: Json = Object.freeze({ [SECRET_KEY]: true });
