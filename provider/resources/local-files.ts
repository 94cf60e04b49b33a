import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import * as pulumi from "./sdk";
import * as errors from "../errors";
import { findFiles, slashed, type FileSource } from "../files/find";
import { UNKNOWN, hasUnknown } from "../schema/fields";
import type { HashedFile } from "../schema/files-field";
import { refuse, refuseProgram, userError, withoutOutputs } from "./problems";

/** A folder, or what a pattern matches, of which something is left out. */
export interface FolderArgs {
  /** Project-relative path of a folder, or a pattern such as `conf/*.json`. */
  path: pulumi.Input<string>;
  /**
   * What is left out: patterns relative to the folder, or to the part of the pattern before its first
   * wildcard. A folder that is named goes with all that is in it.
   * @default nothing but `.git` and `node_modules`, which are always left out
   */
  exclude?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * What a VM finds under `/uploads`, by name.
 * - `"app.conf": "./conf/prod.conf"`: one file, under that name
 * - `"app/": "./app"`: all files in a folder, with their paths below it
 * - `"conf/": "./conf/*.json"`: what a pattern matches, with the paths below the part before its first wildcard
 * - `"./": "./dist"`: the same, but right into `/uploads`
 */
export type FilesArgs = Record<string, pulumi.Input<string> | pulumi.Input<FolderArgs>>;

/** The script of a resource: given, or the content of a file, read now, so that the plan shows its change. */
export function scriptOf(
  resource: string,
  script: pulumi.Input<string> | undefined,
  scriptFile: pulumi.Input<string> | undefined,
): pulumi.Input<string> | undefined {
  if (scriptFile === undefined) return script;
  if (script !== undefined) return refuseProgram([errors.scriptTwice(resource).message]);
  const read = (path: string, refused: (error: errors.MagsError) => Promise<never>) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return refused(errors.scriptFileMissing(resource, path, code ?? String(error)));
    }
  };
  if (typeof scriptFile === "string") return read(scriptFile, ({ message }) => refuseProgram([message]));
  return pulumi
    .output(scriptFile)
    .apply((path) => Promise.resolve(read(path, (error) => Promise.reject(userError(error)))));
}

/**
 * The files that the argument stands for, each with the hash of what it holds now. What is wrong with them is
 * told with everything else that is wrong with the program.
 */
export function filesOf(
  resource: string,
  files: pulumi.Input<FilesArgs> | undefined,
): pulumi.Input<Record<string, HashedFile>> | undefined {
  if (files === undefined) return undefined;
  if (typeof files !== "object" || files === null || Array.isArray(files))
    return refuse(resource, [errors.filesNoMap().message]);
  const plain = withoutOutputs(files);
  const known = Object.entries((plain === UNKNOWN ? {} : plain) as Record<string, FileSource>).filter(
    ([, source]) => !hasUnknown(source),
  );
  const found = findFiles(Object.fromEntries(known), recordedPath);
  if (found.problems.length > 0) return refuse(resource, found.problems);
  if (!hasUnknown(plain)) return found.files;
  return pulumi.output(files).apply((all) => {
    const { files: complete, problems } = findFiles(all as Record<string, FileSource>, recordedPath);
    if (problems.length === 0) return complete;
    throw userError(errors.programInvalid(problems.map((problem) => `${resource}: ${problem}`)));
  });
}

/**
 * The provider process that uploads them runs in the folder that the engine starts programs in, so a path from
 * there says the same on every machine. An inline program runs anywhere, and needs the whole path.
 */
function recordedPath(path: string): string {
  const whole = resolve(path);
  const startedByEngine = process.env.PULUMI_NODEJS_PROJECT !== undefined;
  const below = relative(process.cwd(), whole);
  // On Windows there is no way from one drive to another.
  return slashed(startedByEngine && !isAbsolute(below) ? below : whole);
}
