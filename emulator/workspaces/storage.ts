import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { mirror, overlay, same, walk } from "./mirror";
import type { Tree } from "./mirror";

/** Which workspaces a VM's home comes from and goes to. */
export interface Layers {
  account: number;
  workspaceId?: string;
  baseWorkspaceId?: string;
  /** Local disk only: nothing is restored and nothing is kept. */
  noSync: boolean;
}

/** What a restore found of the base; needed to sync only what differs from it. */
export interface Restored {
  base?: Tree;
}

/**
 * The durable side of the workspaces: stands in for the object storage of the cloud.
 *
 * A workspace that was forked keeps only what differs from its base, so a later job needs the base again
 * (assumed). `files/` holds the files, `removed.json` the paths of the base that are gone.
 */
export class WorkspaceStorage {
  constructor(private readonly folder: string) {}

  /** Fills a fresh home folder. */
  async restore(home: string, layers: Layers): Promise<Restored> {
    await fs.mkdir(home, { recursive: true });
    let base: Tree | undefined;
    if (layers.baseWorkspaceId !== undefined) {
      const from = this.filesOf(layers.account, layers.baseWorkspaceId);
      base = await walk(from);
      await overlay(from, home, base, new Map());
    }
    if (layers.workspaceId !== undefined && !layers.noSync) {
      for (const path of await this.removedOf(layers.account, layers.workspaceId)) {
        if (base?.has(path)) await fs.rm(join(home, path), { recursive: true, force: true });
      }
      const from = this.filesOf(layers.account, layers.workspaceId);
      await overlay(from, home, await walk(from), await walk(home));
    }
    return { base };
  }

  /** What a restore would find of the base, for a home that is still filled. */
  async rebase(layers: Layers): Promise<Restored> {
    if (layers.baseWorkspaceId === undefined) return {};
    return { base: await walk(this.filesOf(layers.account, layers.baseWorkspaceId)) };
  }

  /** Writes a home folder back to its workspace. Without a workspace, or with `noSync`, changes are discarded. */
  async sync(home: string, layers: Layers, restored: Restored): Promise<void> {
    if (layers.workspaceId === undefined || layers.noSync) return;
    const to = this.filesOf(layers.account, layers.workspaceId);
    const tree = await walk(home);
    const base = restored.base;
    if (base === undefined) {
      await mirror(home, to, tree);
      await this.saveRemoved(layers.account, layers.workspaceId, []);
      return;
    }
    const changed: Tree = new Map();
    for (const [path, entry] of tree) if (!same(entry, base.get(path))) changed.set(path, entry);
    await fs.mkdir(to, { recursive: true });
    const present = await walk(to);
    const needed = withFolders(changed.keys());
    for (const path of present.keys()) {
      if (!needed.has(path)) await fs.rm(join(to, path), { recursive: true, force: true });
    }
    await overlay(home, to, changed, present);
    const removed = [...base.keys()].filter((path) => !tree.has(path));
    await this.saveRemoved(layers.account, layers.workspaceId, removed);
  }

  /** Removes the data for good. */
  async remove(account: number, workspaceId: string): Promise<void> {
    await fs.rm(this.rootOf(account, workspaceId), { recursive: true, force: true });
  }

  /** Synced text files by path, without a base. */
  async read(account: number, workspaceId: string): Promise<Record<string, string>> {
    const root = this.filesOf(account, workspaceId);
    const files: Record<string, string> = {};
    for (const [path, entry] of await walk(root)) {
      if (entry.kind === "file") files[path] = await fs.readFile(join(root, path), "utf8");
    }
    return files;
  }

  private rootOf(account: number, workspaceId: string): string {
    // A digest: ids differ by case, file systems may not.
    const key = createHash("sha256").update(`${account}/${workspaceId}`).digest("hex").slice(0, 32);
    return join(this.folder, key);
  }

  private filesOf(account: number, workspaceId: string): string {
    return join(this.rootOf(account, workspaceId), "files");
  }

  private async removedOf(account: number, workspaceId: string): Promise<string[]> {
    try {
      const text = await fs.readFile(join(this.rootOf(account, workspaceId), "removed.json"), "utf8");
      return JSON.parse(text) as string[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  private async saveRemoved(account: number, workspaceId: string, paths: string[]): Promise<void> {
    const path = join(this.rootOf(account, workspaceId), "removed.json");
    if (paths.length === 0) {
      await fs.rm(path, { force: true });
      return;
    }
    await fs.writeFile(`${path}.partial`, JSON.stringify(paths));
    await fs.rename(`${path}.partial`, path);
  }
}

/** The paths and every folder above them. */
function withFolders(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    for (
      let end = path.length;
      end > 0 && !all.has(path.slice(0, end));
      end = path.lastIndexOf("/", end - 1)
    ) {
      all.add(path.slice(0, end));
    }
  }
  return all;
}
