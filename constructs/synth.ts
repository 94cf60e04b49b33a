import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as errors from "./errors";
import { MANIFEST_FILE, TREE_FILE } from "./manifest";
import { manifestText, treeText } from "./manifest-text";
import type { Plan } from "./plan";

export interface SynthOptions {
  /** Compare with what is there instead of writing. @default false */
  readonly check?: boolean;
}

export interface SynthResult {
  readonly plan: Plan;
  /** Content by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the files that were not as they should be: written, or with `check` only found stale. */
  readonly changed: readonly string[];
}

/** What `synth` writes, as text. */
export function filesOf(plan: Plan): Readonly<Record<string, string>> {
  return Object.freeze({
    [MANIFEST_FILE]: manifestText(plan.manifest),
    [TREE_FILE]: treeText(plan.tree),
  });
}

export function synth(plan: Plan, dir: string, options: SynthOptions): SynthResult {
  const files = filesOf(plan);
  return Object.freeze({ plan, files, changed: Object.freeze(store(files, dir, options)) });
}

/** Writes files where they are not as they should be, or only finds out. Returns the names of those. */
export function store(
  files: Readonly<Record<string, string>>,
  dir: string,
  { check = false }: SynthOptions,
): string[] {
  const changed = Object.keys(files).filter((name) => current(path.join(dir, name)) !== files[name]);
  if (check || changed.length === 0) return changed;
  try {
    mkdirSync(dir, { recursive: true });
    for (const name of changed) writeFileSync(path.join(dir, name), files[name]!);
  } catch (error) {
    throw errors.synthFailed(dir, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  return changed;
}

/** What a file holds, or undefined where there is none. Line ends may have been changed by git. */
function current(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw errors.synthFailed(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
