import { packed, unpacked } from "./bookkeeping";
import { PROVIDER_PROPERTY } from "./properties";
import { Sensitive, UNKNOWN, type Values } from "../schema/fields";
import { SCHEMA_VERSION } from "../lifecycle/kind";

/** How the engine writes a value that is not known yet, at any depth and in place of any type. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How the engine writes a secret. It keeps what comes in this envelope encrypted, at any depth. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Values as the host hands them over, in the lifecycle's terms: unknowns marked, the provider's text left out. */
export function fromHost(props: unknown): Values {
  const { [PROVIDER_PROPERTY]: _provider, ...values } = (props ?? {}) as Values;
  return unpacked(holdsUnknown(values) ? (marked(values) as Values) : values);
}

/**
 * Values as the host can take them: plain JSON. One `undefined` anywhere makes it fail after the remote
 * create has worked, and anything that is no JSON fails or changes on the way, so neither ever gets there.
 */
export function toHost(values: Values): Values {
  return packed(clean(values, []) as Values);
}

/** Outputs as they go into the state. Without the version, a later read would take them for a look-up by id. */
export function stamped(outputs: Values): Values {
  return toHost({ ...outputs, schemaVersion: SCHEMA_VERSION });
}

function clean(value: unknown, above: unknown[]): unknown {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (value instanceof Sensitive) return { ...SECRET, value: clean(value.value, above) ?? null };
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return value.toString();
  // Null for a date that is none; `toISOString` would throw.
  if (value instanceof Date) return value.toJSON();
  if (typeof value !== "object" || above.includes(value)) return undefined;
  const below = [...above, value];
  if (Array.isArray(value)) return value.map((item) => clean(item, below) ?? null);
  const entries =
    value instanceof Map
      ? [...value.entries()].filter(([key]) => typeof key === "string")
      : Object.entries(value);
  const kept: [string, unknown][] = [];
  for (const [key, item] of entries) {
    const cleaned = clean(item, below);
    if (cleaned !== undefined) kept.push([key as string, cleaned]);
  }
  return Object.fromEntries(kept);
}

function marked(value: unknown): unknown {
  if (value === UNKNOWN_TEXT) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(marked);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item)]));
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN_TEXT;
  return Object.values(value).some(holdsUnknown);
}
