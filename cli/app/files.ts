import { readFileSync } from "node:fs";
import path from "node:path";
import { MANIFEST_FILE, TREE_FILE, type Manifest, type Tree } from "../../constructs/manifest";
import { readManifest, readTree } from "../../constructs/manifest-text";
import * as errors from "../errors";

/** The manifest in a folder that `synth` has written to, or a manifest by its own path. */
export function manifestAt(place: string): Manifest {
  const file = place.endsWith(".json") ? place : path.join(place, MANIFEST_FILE);
  return readManifest(file, contentOf(file));
}

/** The tree in a folder that `synth` has written to. */
export function treeAt(folder: string): Tree {
  const file = path.join(folder, TREE_FILE);
  return readTree(file, contentOf(file));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw code === "ENOENT" ? errors.manifestMissing(file) : errors.fileUnreadable(file, code);
  }
}
