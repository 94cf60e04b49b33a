import { closeSync, openSync, readdirSync, statSync, type Dirent } from "node:fs";
import { basename, join, sep } from "node:path";
import { globSync, isDynamicPattern } from "tinyglobby";
import * as errors from "../errors";
import { isFileName, type HashedFile } from "../schema/files-field";
import { fitsArchive, needsArchive } from "./archive";
import { sha256Now } from "./content";
import { limitProblems } from "./limits";

/** What goes under one name of `files`: a path or a pattern, or a folder of which something is left out. */
export type FileSource = string | { path: string; exclude?: readonly string[] };

export interface FoundFiles {
  /** By their names below `/uploads`, in order. */
  files: Record<string, HashedFile>;
  /** Everything that is wrong, for people. */
  problems: string[];
}

/** Never meant, large, and different in every checkout. Who wants one of them names it as the folder. */
const LEFT_OUT = [".git", "node_modules"].flatMap((name) => [`**/${name}`, `**/${name}/**`]);

interface Located {
  name: string;
  path: string;
}

/**
 * Finds the files that `files` stands for, and takes the hash of what each holds now. Nothing but names and
 * contents counts: neither times nor the order in which a folder lists them, nor where the project lies.
 * @param recorded how the state refers to a path of this machine
 */
export function findFiles(
  sources: Record<string, FileSource>,
  recorded: (path: string) => string,
): FoundFiles {
  const problems: string[] = [];
  const report = (error: Error): void => void problems.push(error.message);
  const located = Object.entries(sources).flatMap(([name, source]) => locate(name, source, report));
  const byName = withoutClashes(located, report);
  const sized = byName.flatMap((file) => {
    const size = sizeOf(file, report);
    return size === undefined ? [] : [{ ...file, size }];
  });
  for (const error of limitProblems(sized)) report(error);
  if (problems.length > 0) return { files: {}, problems };
  const files = sized.flatMap(({ name, path }): [string, HashedFile][] => {
    try {
      return [[name, { path: recorded(path), sha256: sha256Now(path) }]];
    } catch (error) {
      report(errors.fileUnreadable(name, path, codeOf(error)));
      return [];
    }
  });
  return { files: Object.fromEntries(files), problems };
}

/** The files that one entry stands for. */
function locate(name: string, source: FileSource, report: (error: Error) => void): Located[] {
  const { path: given, exclude } = asObject(source);
  const folder = name.endsWith("/");
  const prefix = name === "./" ? "" : name;
  const none = (error: Error): Located[] => {
    report(error);
    return [];
  };
  if (typeof given !== "string" || given === "" || !isListOfTexts(exclude))
    return none(errors.fileSourceInvalid(name));
  if (prefix !== "" && !isFileName(folder ? prefix.slice(0, -1) : name))
    return none(errors.fileNameInvalid(name));
  const path = slashed(given);
  const within = (base: string, pattern: string, dot: boolean): Located[] => {
    const failures: Error[] = [];
    const found = filesBelow(
      base,
      pattern,
      { dot, exclude },
      {
        unreadable: (at, error) => failures.push(errors.fileUnreadable(name, at, codeOf(error))),
        // No wildcard matches it.
        unmatched: (entry) => pattern === "**" && failures.push(errors.fileNameInvalid(entry)),
      },
    );
    if (found.length + failures.length === 0) failures.push(errors.filesEmpty(name, path));
    failures.forEach(report);
    return found.map((rest) => ({ name: prefix + rest, path: join(base, rest) }));
  };
  const kind = kindOf(path);
  if (kind === "folder") return folder ? within(path, "**", true) : none(errors.fileIsFolder(name, path));
  if (kind !== "ENOENT") return [{ name: folder ? prefix + basename(path) : name, path }];
  if (!isDynamicPattern(path)) return none(errors.fileUnreadable(name, path, kind));
  if (!folder) return none(errors.fileIsPattern(name, path));
  // As in a shell, a wildcard does not stand for a dot at the start of a name.
  return within(...splitPattern(path), false);
}

/** Paths below `base`, which is no part of them. Links are listed, not followed. */
function filesBelow(
  base: string,
  pattern: string,
  { dot, exclude = [] }: { dot: boolean; exclude?: readonly string[] },
  on: Skipped,
): string[] {
  const excluded = exclude.flatMap((one) => {
    const plain = slashed(one).replace(/\/$/, "");
    return [plain, `${plain}/**`];
  });
  return globSync(pattern, {
    cwd: base,
    dot,
    ignore: [...LEFT_OUT, ...excluded],
    expandDirectories: false,
    fs: { readdirSync: readdirFully(on) as typeof readdirSync },
  });
}

/** What the library would skip in silence. */
interface Skipped {
  unreadable(path: string, error: unknown): void;
  /** A name with a line break or the like. */
  unmatched(name: string): void;
}

/**
 * Tells what would be skipped. All that is no folder counts as a file, also a link to nowhere and a socket: what
 * it really is shows when its size is asked for.
 */
function readdirFully(on: Skipped) {
  return (path: string): Partial<Dirent>[] => {
    try {
      return readdirSync(path, { withFileTypes: true }).map((entry) => {
        if (/\p{Cc}/u.test(entry.name)) on.unmatched(entry.name);
        if (entry.isDirectory()) return entry;
        const [yes, no] = [() => true, () => false];
        return { name: entry.name, isFile: yes, isDirectory: no, isSymbolicLink: no };
      });
    } catch (error) {
      on.unreadable(path.replace(/(?<=.)\/$/, ""), error);
      return [];
    }
  };
}

/** The folder that a pattern starts from, and the pattern below it: what the names are relative to. */
function splitPattern(pattern: string): [base: string, rest: string] {
  const segments = pattern.split("/");
  const first = segments.findIndex((segment) => isDynamicPattern(segment) || segment.includes("{"));
  const base = segments.slice(0, first).join("/").replace(/\\(.)/g, "$1");
  return [base || (pattern.startsWith("/") ? "/" : "."), segments.slice(first).join("/")];
}

/** One file for every name, sorted; a name that two files would have, or that is also a folder, is told. */
function withoutClashes(located: Located[], report: (error: Error) => void): Located[] {
  const byName = new Map<string, Located>();
  for (const file of located) {
    const other = byName.get(file.name);
    if (other) report(errors.fileTwice(file.name, other.path, file.path));
    else if (!isFileName(file.name)) report(errors.fileNameInvalid(file.name));
    else if (needsArchive(file.name) && !fitsArchive(file.name)) report(errors.fileNameTooLong(file.name));
    else byName.set(file.name, file);
  }
  for (const { name } of byName.values()) {
    const parents = name.split("/").map((_, depth, parts) => parts.slice(0, depth).join("/"));
    const inTheWay = parents.find((parent) => byName.has(parent));
    if (inTheWay !== undefined) report(errors.fileIsAlsoFolder(inTheWay, name));
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sizeOf({ name, path }: Located, report: (error: Error) => void): number | undefined {
  try {
    const stat = statSync(path);
    if (stat.isFile()) {
      closeSync(openSync(path, "r"));
      return stat.size;
    }
    report(stat.isDirectory() ? errors.fileLinkToFolder(name, path) : errors.fileIrregular(name, path));
  } catch (error) {
    report(errors.fileUnreadable(name, path, codeOf(error)));
  }
  return undefined;
}

/** What stands at a path, or the code of the error that looking there gives. */
function kindOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    return codeOf(error);
  }
}

function asObject(source: FileSource): { path?: unknown; exclude?: readonly string[] } {
  return typeof source === "object" && source !== null ? source : { path: source };
}

function isListOfTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}

/** Patterns and names have slashes everywhere; on Windows, paths may have backslashes. */
export function slashed(path: string, separator: string = sep): string {
  return separator === "\\" ? path.replaceAll("\\", "/") : path;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
