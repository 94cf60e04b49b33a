import { REF_KEY, type Json, type ManifestResource } from "./manifest";

/** One reference in a manifest. */
export interface ManifestReference {
  /** Where it stands, such as `environment.DB`. */
  readonly property: string;
  /** Path of the resource that it refers to. */
  readonly target: string;
  readonly attribute: string;
}

/** All that the properties of a resource refer to, in the order of the properties. */
export function referencesOf({ properties }: ManifestResource): ManifestReference[] {
  return referencesIn(properties);
}

/** All that a value refers to. */
export function referencesIn(value: Json | undefined, property = ""): ManifestReference[] {
  if (typeof value !== "object" || value === null) return [];
  const text = (value as { [key: string]: Json })[REF_KEY];
  if (typeof text === "string") {
    // No attribute has a dot in its name; a construct may.
    const dot = text.lastIndexOf(".");
    return [{ property, target: text.slice(0, dot), attribute: text.slice(dot + 1) }];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn(inner as Json, property ? `${property}.${key}` : key),
  );
}
