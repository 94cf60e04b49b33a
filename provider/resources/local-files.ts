import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";
import { userError } from "./problems";

/** The script of a resource: given, or the content of a file, read now, so that the plan shows its change. */
export function scriptOf(
  resource: string,
  script: pulumi.Input<string> | undefined,
  scriptFile: pulumi.Input<string> | undefined,
): pulumi.Input<string> | undefined {
  if (scriptFile === undefined) return script;
  if (script !== undefined) throw userError(errors.scriptTwice(resource));
  const read = (path: string) =>
    readFor(path, (detail) => errors.scriptFileMissing(resource, path, detail)).toString("utf8");
  return typeof scriptFile === "string" ? read(scriptFile) : pulumi.output(scriptFile).apply(read);
}

/** Adds to each file the hash of what it holds now. */
export function filesWithHashes(
  resource: string,
  files: Record<string, pulumi.Input<string>> | undefined,
): Record<string, pulumi.Input<{ path: string; sha256: string }>> | undefined {
  if (files === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(files).map(([name, path]) => {
      const hash = (plain: string) => ({
        path: plain,
        sha256: sha256Of(plain, () => errors.fileMissing(`${resource}: ${name}`, plain)),
      });
      return [name, typeof path === "string" ? hash(path) : pulumi.output(path).apply(hash)];
    }),
  );
}

function sha256Of(path: string, failure: () => Error): string {
  return createHash("sha256").update(readFor(path, failure)).digest("hex");
}

function readFor(path: string, failure: (detail: string) => Error): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw userError(failure((error as NodeJS.ErrnoException).code ?? String(error)));
  }
}
