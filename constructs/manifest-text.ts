import * as errors from "./errors";
import { mapContainer } from "./containers";
import {
  MANIFEST_VERSION,
  TEXT_KEY,
  type Json,
  type Manifest,
  type ManifestResource,
  type Tree,
} from "./manifest";

/** The manifest as a file: sorted, indented, and a text of several lines as a list of them. */
export function manifestText(manifest: Manifest): string {
  const resources = Object.entries(manifest.resources).map(([path, resource]) => [path, shown(resource)]);
  return text({ resources: Object.fromEntries(resources) as Json, version: manifest.version });
}

export function treeText(tree: Tree): string {
  return text(tree);
}

/**
 * Reads a manifest as `synth` has written it.
 * @throws when it is none, or was written by a later release
 */
export function readManifest(file: string, content: string): Manifest {
  return joined(parsed(file, content, "resources") as Json) as unknown as Manifest;
}

/**
 * Reads a tree as `synth` has written it.
 * @throws when it is none, or was written by a later release
 */
export function readTree(file: string, content: string): Tree {
  return parsed(file, content, "root") as Tree;
}

function parsed(file: string, content: string, holds: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw errors.manifestMalformed(file, (error as Error).message);
  }
  const { version, [holds]: held } = (value ?? {}) as Record<string, unknown>;
  if (typeof version !== "number" || typeof held !== "object" || held === null) {
    throw errors.manifestMalformed(file, `it has no version or no ${holds}`);
  }
  if (version > MANIFEST_VERSION) throw errors.manifestTooNew(file, version, MANIFEST_VERSION);
  return value;
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** With texts of several lines as lists. The same object where there are none, which is mostly so. */
function shown(resource: ManifestResource): ManifestResource {
  const properties = split(resource.properties);
  return properties === resource.properties
    ? resource
    : { ...resource, properties: properties as ManifestResource["properties"] };
}

function split(value: Json): Json {
  if (typeof value === "string") return value.includes("\n") ? { [TEXT_KEY]: value.split("\n") } : value;
  return mapped(value, split);
}

function joined(value: Json): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const lines = (value as { [TEXT_KEY]?: unknown })[TEXT_KEY];
    if (Array.isArray(lines)) return lines.join("\n");
  }
  return mapped(value, joined);
}

function mapped(value: Json, change: (inner: Json) => Json): Json {
  if (typeof value !== "object" || value === null) return value;
  return mapContainer(value, (inner) => change(inner as Json)) as Json;
}
