import * as errors from "../errors";
import { needsArchive } from "./archive";

/*
 * Assumed, all of them: the API documents no limit. What it would refuse after a plan was accepted is refused
 * in the plan instead; the emulator takes uploads of 100 MiB, a form's overhead included.
 */

/** Files of one job. Each has its path and its hash in the state, twice. */
export const MAX_FILES = 1_000;
/** One upload, in bytes: one file, or all files that have folders in their names, which travel together. */
export const MAX_UPLOAD_BYTES = 100_000_000;
/** All files of one job, in bytes. */
export const MAX_TOTAL_BYTES = 500_000_000;

/** What of a job's files is too much. */
export function limitProblems(files: readonly { name: string; path: string; size: number }[]): Error[] {
  const problems: Error[] = [];
  if (files.length > MAX_FILES) problems.push(errors.filesTooMany(files.length, MAX_FILES));
  for (const { name, path, size } of files)
    if (size > MAX_UPLOAD_BYTES) problems.push(errors.fileTooLarge(name, path, size, MAX_UPLOAD_BYTES));
  if (problems.length > 0) return problems;
  const inFolders = total(files.filter(({ name }) => needsArchive(name)));
  if (inFolders > MAX_UPLOAD_BYTES)
    return [errors.filesTooLarge("The files with folders in their names", inFolders, MAX_UPLOAD_BYTES)];
  return total(files) > MAX_TOTAL_BYTES
    ? [errors.filesTooLarge("The files", total(files), MAX_TOTAL_BYTES)]
    : [];
}

function total(files: readonly { size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
