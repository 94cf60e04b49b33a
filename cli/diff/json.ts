import { JOIN_KEY, OUTPUT_KEY, REF_KEY, SECRET_KEY, type Json } from "../../constructs/manifest";

/** Beside `$ref`: the same attribute as before, which will be another value, since its resource is started anew. */
export const ANEW_KEY = "$anew";

/** A map of the program's own, no list and nothing that stands for a value. */
export function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSymbol(value);
}

/** True for what stands for a value: a reference, an Output, a secret, a text with one in it. */
export function isSymbol(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return [REF_KEY, OUTPUT_KEY, SECRET_KEY, JOIN_KEY].some((key) => Object.hasOwn(value, key));
}

/** A key of the program's own that begins like one of ours is written with a second sign. */
export function ownKey(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}

/** The value with each reference turned into something else; a text whose parts are all known then is that text. */
export function mapJson<T extends Json | undefined>(value: T, follow: (reference: string) => Json): T;
export function mapJson(value: Json | undefined, follow: (reference: string) => Json): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapJson(item as Json, follow));
  const map = value as { readonly [key: string]: Json };
  const reference = map[REF_KEY];
  if (typeof reference === "string") return follow(reference);
  const mapped = Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, mapJson(inner, follow)]));
  const join = mapped[JOIN_KEY];
  return Array.isArray(join) && join.every((part) => typeof part === "string") ? join.join("") : mapped;
}
