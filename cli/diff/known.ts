import {
  JOIN_KEY,
  OUTPUT_KEY,
  REF_KEY,
  SECRET_KEY,
  type Json,
  type Manifest,
} from "../../constructs/manifest";
import { resolveSettings } from "../../provider/api/settings";
import { UNKNOWN, type Values } from "../../provider/schema/fields";
import { check } from "../../provider/schema/plan";
import { SCHEMAS } from "../../provider/schema/schemas";

/** The defaults: a manifest says nothing of the account that it is for. */
const SETTINGS = resolveSettings(() => undefined, {});

/**
 * One manifest as the provider would check it: names that it would generate stand for themselves, references are
 * followed to what they come to, and what no manifest shows is unknown.
 */
export class Known {
  private readonly checked = new Map<string, Values>();

  constructor(
    readonly manifest: Manifest,
    /** What is deployed, where this is to be deployed over it: generated names stay. */
    private readonly recorded?: Known,
  ) {}

  /** The checked inputs of a resource. */
  inputsOf(path: string): Values {
    const known = this.checked.get(path);
    if (known) return known;
    const { kind, properties } = this.manifest.resources[path]!;
    const identity = { organization: "", project: "", stack: "", typeChain: kind, logicalName: path };
    const { inputs } = check(
      SCHEMAS[kind],
      SETTINGS,
      this.recordedOf(path),
      this.plain(properties) as Values,
      identity,
    );
    this.checked.set(path, inputs);
    return inputs;
  }

  /** A property with its references followed, as far as they can be, and all else as the manifest shows it. */
  followed(value: Json | undefined): Json | undefined {
    return mapJson(value, (reference) => {
      const attribute = this.attribute(reference);
      return typeof attribute === "string" ? attribute : { [REF_KEY]: reference };
    });
  }

  private recordedOf(path: string): Values {
    const before = this.recorded?.manifest.resources[path];
    const isSame = before && before.kind === this.manifest.resources[path]!.kind;
    return isSame ? this.recorded!.inputsOf(path) : {};
  }

  /** The value of a property as validation takes it. */
  private plain(value: Json): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.plain(item as Json));
    const map = value as { readonly [key: string]: Json };
    const reference = map[REF_KEY];
    if (typeof reference === "string") return this.attribute(reference);
    if (OUTPUT_KEY in map || SECRET_KEY in map) return UNKNOWN;
    const join = map[JOIN_KEY];
    if (Array.isArray(join)) {
      const parts = join.map((part: Json) => this.plain(part));
      return parts.includes(UNKNOWN) ? UNKNOWN : parts.join("");
    }
    return Object.fromEntries(Object.entries(map).map(([key, inner]) => [ownKey(key), this.plain(inner)]));
  }

  /** What a reference comes to, if the inputs of its target say. */
  private attribute(reference: string): unknown {
    const dot = reference.lastIndexOf(".");
    const [path, attribute] = [reference.slice(0, dot), reference.slice(dot + 1)];
    const value = this.manifest.resources[path] ? this.inputsOf(path)[attribute] : undefined;
    return typeof value === "string" ? value : UNKNOWN;
  }
}

/** A key of the program's own that begins like one of ours is written with a second sign. */
export function ownKey(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}

/** True for what stands for a value: a reference, an Output, a secret, a text with one in it. */
export function isSymbol(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return [REF_KEY, OUTPUT_KEY, SECRET_KEY, JOIN_KEY].some((key) => Object.hasOwn(value, key));
}

function mapJson(value: Json | undefined, follow: (reference: string) => Json): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapJson(item as Json, follow) ?? null);
  const map = value as { readonly [key: string]: Json };
  const reference = map[REF_KEY];
  if (typeof reference === "string") return follow(reference);
  const mapped = Object.fromEntries(
    Object.entries(map).map(([key, inner]) => [key, mapJson(inner, follow) ?? null]),
  );
  const join = mapped[JOIN_KEY];
  return Array.isArray(join) && join.every((part) => typeof part === "string") ? join.join("") : mapped;
}
