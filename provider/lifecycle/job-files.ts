import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as errors from "../errors";
import type { Context } from "./kind";
import type { Values } from "../schema/fields";

/** What `files` holds after the constructor has taken the hash of each. */
type Files = Record<string, { path: string; sha256: string }>;

/**
 * Uploads the files of a job and returns their ids. Called before anything is stopped, so that a missing or
 * changed file stops the operation while the old VM still runs. Paths are relative to the project, which is
 * the working directory of the provider process.
 */
export async function uploadFiles(context: Context, inputs: Values): Promise<string[]> {
  const files = Object.entries((inputs.files ?? {}) as Files);
  const contents = await Promise.all(files.map(([name, file]) => contentOf(name, file)));
  return Promise.all(files.map(([name], index) => context.client.uploadFile(name, contents[index]!)));
}

async function contentOf(name: string, file: Files[string]): Promise<Buffer> {
  let content: Buffer;
  try {
    content = await readFile(resolve(file.path));
  } catch {
    throw errors.fileMissing(name, file.path);
  }
  if (createHash("sha256").update(content).digest("hex") !== file.sha256)
    throw errors.fileChanged(name, file.path);
  return content;
}
