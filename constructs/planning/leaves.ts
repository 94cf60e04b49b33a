import type { KindName, Values } from "../../provider/schema/fields";
import { UNKNOWN } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { nearest } from "../../provider/schema/validation";
import * as errors from "../errors";
import { Reference } from "../reference";
import type { MagsResource } from "../resource";
import { mapSymbols, type SymbolVisitor } from "../symbols";
import type { Problems } from "./problems";
import { resolve, type Resolved } from "./resolve";
import type { Entry, Walk } from "./walk";

/** A resource of the tree, resolved. */
export interface Leaf extends Resolved {
  readonly entry: Entry;
  readonly resource: MagsResource;
  readonly path: string;
  readonly kind: KindName;
  /** The inputs with what follows from them, worked out when it is asked for. */
  derived?: Values;
}

/**
 * What a value is, so that two ways of saying the same can be told: a text; the resource whose generated name it
 * is; the Output that it comes from. Undefined where nothing can be said.
 */
export type Identity = string | MagsResource | object | undefined;

/** What a value is, and the resource that says so. */
export interface Origin<R> {
  readonly identity: Identity;
  readonly resource: R | MagsResource;
}

/** All resources of a tree. */
export class Leaves {
  /** By path. */
  readonly all: readonly Leaf[];
  private readonly byResource = new Map<MagsResource, Leaf>();

  constructor(walk: Walk, problems: Problems) {
    for (const entry of walk.entries) {
      const { resource } = entry;
      if (!resource) continue;
      const { kind, path } = resource;
      if (!Object.hasOwn(SCHEMAS, kind)) {
        const known = Object.keys(SCHEMAS);
        problems.add(resource, errors.noSuchKind(kind, nearest(kind, known), known));
        continue;
      }
      const { inputs, references, symbolic } = resolve(resource, problems);
      const leaf: Leaf = { entry, resource, path, kind, inputs, references, symbolic, derived: undefined };
      this.byResource.set(resource, leaf);
    }
    this.all = [...this.byResource.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  of(resource: MagsResource): Leaf | undefined {
    return this.byResource.get(resource);
  }

  /** What an attribute of a resource comes to, as far as its inputs say: a generated name is the resource itself. */
  attribute(target: MagsResource, attribute: string): unknown {
    const leaf = this.of(target);
    if (!leaf) return undefined;
    const { derive, nameField } = SCHEMAS[leaf.kind];
    leaf.derived ??= derive({ ...leaf.inputs, [nameField]: leaf.inputs[nameField] ?? target });
    return leaf.derived[attribute === "id" ? nameField : attribute];
  }

  /** Follows references to the end. */
  identity(value: unknown): Identity {
    return this.origin(value, undefined).identity;
  }

  /** Follows references to the end, and says which resource it is that says so: at first the one that has the value. */
  origin<R extends MagsResource | undefined>(value: unknown, resource: R, depth = 0): Origin<R> {
    if (Reference.isReference(value)) {
      const { attribute, target } = value;
      // A longer chain goes in a circle, which is told elsewhere.
      if (depth > 32) return { identity: undefined, resource };
      return this.origin<R | MagsResource>(this.attribute(target, attribute), target, depth + 1) as Origin<R>;
    }
    const isKnown = typeof value === "string" || (typeof value === "object" && value !== null);
    return { identity: isKnown ? value : undefined, resource };
  }

  /** The inputs as validation takes them: what is not known before a deploy is `UNKNOWN`. */
  known(leaf: Leaf): Values {
    return leaf.symbolic ? (mapSymbols(leaf.inputs, this.knowing) as Values) : leaf.inputs;
  }

  private readonly knowing: SymbolVisitor = {
    reference: (reference) => {
      const identity = this.identity(reference);
      return typeof identity === "string" ? identity : UNKNOWN;
    },
    secret: () => UNKNOWN,
    output: () => UNKNOWN,
    interpolation: (parts) => (parts.includes(UNKNOWN) ? UNKNOWN : parts.join("")),
  };
}
