import type { FieldTable, Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import type { Annotation } from "../annotations";
import { isPlainObject, mapContainer } from "../containers";
import { sandboxOfPart } from "../l2/sandbox";
import {
  MANIFEST_VERSION,
  JOIN_KEY,
  OUTPUT_KEY,
  REF_KEY,
  SECRET_KEY,
  type FormerPlace,
  type Json,
  type Manifest,
  type ManifestResource,
  type TreeNode,
} from "../manifest";
import type { PlanResource } from "../plan";
import type { Reference } from "../reference";
import { Stack } from "../stack";
import { mapSymbols, type SymbolVisitor } from "../symbols";
import type { Dependencies } from "./dependencies";
import type { Leaf } from "./leaves";
import type { Entry } from "./walk";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function manifestResourceOf(leaf: Leaf, dependencies: Dependencies): ManifestResource {
  const { entry, kind, resource } = leaf;
  const waitsFor = dependencies.of(dependencies.selfOf(entry));
  const properties = propertiesOf(leaf);
  const shown: Partial<Writable<ManifestResource>> = {};
  if (waitsFor.length > 0) shown.dependsOn = Object.freeze([...new Set(waitsFor.map(({ path }) => path))]);
  shown.kind = kind;
  const sandbox = leaf.inputs.name === undefined && resource.node.scope && sandboxOfPart(resource.node.scope);
  if (sandbox) shown.namedAs = sandbox.node.path;
  shown.properties = properties;
  if (resource.removalPolicy) shown.removalPolicy = resource.removalPolicy;
  const renamedFrom = formerPlacesOf(entry);
  if (renamedFrom.length > 0) shown.renamedFrom = Object.freeze(renamedFrom);
  if (hasEntries(entry.tags)) shown.tags = entry.tags;
  shown.types = entry.types;
  return Object.freeze(shown as ManifestResource);
}

function formerPlacesOf({ formerPlaces, types }: Entry): readonly FormerPlace[] {
  return formerPlaces.map((former) =>
    former.types === types ? former.path : Object.freeze({ path: former.path, types: former.types }),
  );
}

/** Of resources by path. */
export function manifestOf(resources: readonly PlanResource[]): Manifest {
  const byPath: Record<string, ManifestResource> = {};
  for (const { path, manifest } of resources) byPath[path] = manifest;
  return Object.freeze({ resources: Object.freeze(byPath), version: MANIFEST_VERSION });
}

/** @param remarks what the plan itself says of resources, by the path that it calls them by */
export function treeNodeOf(entry: Entry, remarks: ReadonlyMap<string, readonly Annotation[]>): TreeNode {
  const { children, construct, id, path, resource, tags } = entry;
  const annotations = [...entry.annotations, ...(remarks.get(path) ?? [])];
  const node: Partial<Writable<TreeNode>> = {};
  if (annotations.length > 0) node.annotations = Object.freeze(annotations);
  if (children.length > 0) {
    const byId: Record<string, TreeNode> = {};
    for (const child of children) byId[child.id] = treeNodeOf(child, remarks);
    node.children = Object.freeze(byId);
  }
  if (Stack.isStack(construct) && construct.description !== undefined)
    node.description = construct.description;
  node.id = id;
  if (resource) node.kind = resource.kind;
  node.path = path;
  if (hasEntries(tags)) node.tags = tags;
  node.type = construct.constructor.name;
  return Object.freeze(node as TreeNode);
}

function hasEntries(map: object): boolean {
  for (const _ in map) return true;
  return false;
}

/** As the manifest shows them: mostly exactly as they are. */
function propertiesOf({ inputs, kind }: Leaf): ManifestResource["properties"] {
  const fields: FieldTable = SCHEMAS[kind].fields;
  const showing = new Showing();
  return Object.freeze(
    mapContainer(inputs, (value, name) =>
      fields[name]?.secret ? secretShown(value) : mapSymbols(value, showing),
    ) as ManifestResource["properties"],
  );
}

class Showing implements SymbolVisitor {
  /** Outputs are told apart by their place among those of a resource. */
  private numbers?: Map<object, number>;

  reference(reference: Reference): unknown {
    return Object.freeze({ [REF_KEY]: reference.address });
  }

  secret(): unknown {
    return SECRET;
  }

  output(output: object): unknown {
    this.numbers ??= new Map();
    const number = this.numbers.get(output) ?? this.numbers.size + 1;
    this.numbers.set(output, number);
    return Object.freeze({ [OUTPUT_KEY]: number });
  }

  /** A text that has a secret in it is one. */
  interpolation(parts: readonly unknown[]): unknown {
    return parts.includes(SECRET) ? SECRET : Object.freeze({ [JOIN_KEY]: Object.freeze(parts) });
  }

  container(container: object): unknown {
    return Object.freeze(escaped(container));
  }
}

/** Names are shown, since they say what is there; values never are. */
function secretShown(value: unknown): unknown {
  return isPlainObject(value) ? Object.freeze(escaped(mapContainer(value, () => SECRET))) : SECRET;
}

/** A key of the program's own that begins like one of ours is told from it by a second sign. */
function escaped(container: object): object {
  const keys = Array.isArray(container) ? [] : Object.keys(container);
  if (!keys.some((key) => key.startsWith("$"))) return container;
  const map = container as Values;
  return Object.fromEntries(keys.map((key) => [key.startsWith("$") ? `$${key}` : key, map[key]]));
}

const SECRET: Json = Object.freeze({ [SECRET_KEY]: true });
