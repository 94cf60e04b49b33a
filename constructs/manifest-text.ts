import * as errors from "./errors";
import type * as Shape from "./manifest-shape";
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
  return joined(parsed(file, content, ({ manifestShape }) => manifestShape) as Json) as unknown as Manifest;
}

/**
 * Reads a tree as `synth` has written it.
 * @throws when it is none, or was written by a later release
 */
export function readTree(file: string, content: string): Tree {
  return parsed(file, content, ({ treeShape }) => treeShape) as Tree;
}

/** So many problems are told of one file: those of a file that is something else altogether would be without end. */
const PROBLEMS_TOLD = 5;

function parsed(
  file: string,
  content: string,
  shapeIn: (shapes: typeof Shape) => typeof Shape.manifestShape | typeof Shape.treeShape,
): unknown {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw errors.manifestMalformed(file, (error as Error).message);
  }
  const { version } = (value ?? {}) as { version?: unknown };
  // What a later release writes may be of another shape.
  if (typeof version === "number" && version > MANIFEST_VERSION)
    throw errors.manifestTooNew(file, version, MANIFEST_VERSION);
  const shapes = require("./manifest-shape") as typeof Shape;
  const problems = shapes.misshapen(shapeIn(shapes), value);
  if (problems.length > 0) throw errors.manifestMalformed(file, problems.slice(0, PROBLEMS_TOLD).join("; "));
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
