import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as errors from "../errors";

/**
 * A file that a resource uploads, with what it holds now, so that a change of it shows in the manifest. The path
 * is relative to the folder that the program runs in: one of this machine's would be another elsewhere.
 */
export function fileOf(file: string): { readonly path: string; readonly sha256: string } {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw errors.fileUnreadable(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  const relative = path.relative(process.cwd(), file).split(path.sep).join("/");
  return Object.freeze({ path: relative, sha256: createHash("sha256").update(content).digest("hex") });
}
