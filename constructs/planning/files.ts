import path from "node:path";
import { findFiles, slashed, type FileSource } from "../../provider/files/find";
import type { HashedFile } from "../../provider/schema/files-field";

/**
 * The files that a map of names stands for, each with what it holds now, so that a change of it shows in the
 * manifest. Paths are relative to the folder that the program runs in: one of this machine's would be another
 * elsewhere.
 */
export function filesOf(
  sources: Readonly<Record<string, unknown>>,
  problem: (message: string) => void,
): Readonly<Record<string, HashedFile>> {
  const { files, problems } = findFiles(sources as Record<string, FileSource>, recordedPath);
  for (const message of problems) problem(message);
  for (const file of Object.values(files)) Object.freeze(file);
  return Object.freeze(files);
}

function recordedPath(file: string): string {
  const whole = path.resolve(file);
  const below = path.relative(process.cwd(), whole);
  // On Windows there is no way from one drive to another.
  return slashed(path.isAbsolute(below) ? whole : below);
}
