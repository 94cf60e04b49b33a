import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname, join } from "node:path";

/** What is known of one entry of a tree: enough to tell whether it changed. */
export interface Entry {
  kind: "file" | "folder" | "link";
  size: number;
  /** Modification time in milliseconds. */
  modified: number;
  /** When the entry itself was last written or made, in milliseconds; unlike `modified` nobody can set it. */
  changed: number;
  mode: number;
  target?: string;
}

/** A tree by relative path, folders before what they hold. */
export type Tree = Map<string, Entry>;

/** End of the name under which a file is copied before it appears under its own. */
const PARTIAL = ".mags-partial-sync";

/** Walks a folder. Sockets, pipes and devices are no data and are left out, and so are files half copied. */
export async function walk(root: string): Promise<Tree> {
  const tree: Tree = new Map();
  const visit = async (relative: string): Promise<void> => {
    let names: string[];
    try {
      names = await fs.readdir(join(root, relative));
    } catch (error) {
      if (isGone(error)) return;
      throw error;
    }
    for (const name of names.sort()) {
      if (name.endsWith(PARTIAL)) continue;
      const path = relative === "" ? name : `${relative}/${name}`;
      const entry = await describe(join(root, path));
      if (entry === undefined) continue;
      tree.set(path, entry);
      if (entry.kind === "folder") await visit(path);
    }
  };
  await visit("");
  return tree;
}

/** True if the two entries hold the same. Folders differ by their mode only. */
export function same(left: Entry | undefined, right: Entry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left.kind !== right.kind) return false;
  if (left.kind === "link") return left.target === right.target;
  if (left.mode !== right.mode) return false;
  return left.kind === "folder" || (left.size === right.size && left.modified === right.modified);
}

/** A file written again this soon after it was copied may show the same time and size. */
const RACY_MS = 20;

/** True if a copy is what a fresh copy would be. A copy made right after the last write is not trusted. */
export function upToDate(source: Entry, copy: Entry | undefined): boolean {
  if (!same(source, copy) || copy === undefined) return false;
  return source.kind !== "file" || copy.changed - source.modified >= RACY_MS;
}

/** Copies one entry with its mode and its time; a file appears whole or not at all. */
export async function copyEntry(from: string, to: string, entry: Entry): Promise<void> {
  if (entry.kind === "folder") {
    const there = await describe(to);
    if (there !== undefined && there.kind !== "folder") await fs.rm(to, { force: true });
    await fs.mkdir(to, { recursive: true });
    await fs.chmod(to, entry.mode);
    return;
  }
  await fs.mkdir(dirname(to), { recursive: true });
  const there = await describe(to);
  if (there?.kind === "folder") await fs.rm(to, { recursive: true, force: true });
  if (entry.kind === "link") {
    await fs.rm(to, { force: true });
    await fs.symlink(entry.target ?? "", to);
    return;
  }
  const partial = `${to}${PARTIAL}`;
  await fs.rm(partial, { force: true });
  await fs.copyFile(from, partial);
  await fs.chmod(partial, entry.mode);
  await fs.utimes(partial, entry.modified / 1000, entry.modified / 1000);
  await fs.rename(partial, to);
}

/** Makes `to` equal to the given tree of `from`. A file that vanishes meanwhile is left out. */
export async function mirror(from: string, to: string, tree: Tree): Promise<void> {
  await fs.mkdir(to, { recursive: true });
  const present = await walk(to);
  for (const path of present.keys()) {
    if (!tree.has(path)) await fs.rm(join(to, path), { recursive: true, force: true });
  }
  await overlay(from, to, tree, present);
}

/** Lays the given tree of `from` over `to`, removing nothing else. */
export async function overlay(from: string, to: string, tree: Tree, present: Tree): Promise<void> {
  for (const [path, entry] of tree) {
    if (upToDate(entry, present.get(path))) continue;
    try {
      await copyEntry(join(from, path), join(to, path), entry);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

async function describe(path: string): Promise<Entry | undefined> {
  let stats: Stats;
  try {
    stats = await fs.lstat(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  // Whole milliseconds: that is what a copied time is exact to.
  const common = {
    size: stats.size,
    modified: Math.floor(stats.mtimeMs),
    changed: stats.ctimeMs,
    mode: stats.mode & 0o7777,
  };
  if (stats.isSymbolicLink()) return { ...common, kind: "link", target: await fs.readlink(path) };
  if (stats.isDirectory()) return { ...common, kind: "folder" };
  if (stats.isFile()) return { ...common, kind: "file" };
  return undefined;
}

/** True if a path is not there, or no longer. */
export function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
