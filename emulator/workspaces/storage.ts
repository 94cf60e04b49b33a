import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { isGone, mirror, overlay, same, walk } from "./mirror";
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

/** How a workspace that was forked relates to its base. */
interface Fork {
  baseWorkspaceId: string;
  /** Paths of the base that are gone. */
  removed: string[];
}

/**
 * The durable side of the workspaces: stands in for the object storage of the cloud.
 *
 * A workspace that was forked keeps only what differs from its base, so a later job needs the base again
 * (assumed). Used as a base itself, it gives its own base's files too. `files/` holds the files, `fork.json`
 * the base and what is gone of it.
 */
export class WorkspaceStorage {
  constructor(private readonly folder: string) {}

  /** A workspace and the bases it rests on, the lowest first. A base that was deleted ends the chain. */
  async stackOf(account: number, workspaceId: string): Promise<string[]> {
    const chain: string[] = [];
    let next: string | undefined = workspaceId;
    while (next !== undefined && !chain.includes(next)) {
      chain.unshift(next);
      next = (await this.forkOf(account, next))?.baseWorkspaceId;
    }
    return chain;
  }

  /** Fills a fresh home folder. */
  async restore(home: string, layers: Layers): Promise<Restored> {
    await fs.mkdir(home, { recursive: true });
    const { account, workspaceId, baseWorkspaceId, noSync } = layers;
    let base: Tree | undefined;
    if (baseWorkspaceId !== undefined) {
      for (const layer of await this.stackOf(account, baseWorkspaceId)) await this.lay(home, account, layer);
      base = await walk(home);
    }
    if (workspaceId !== undefined && !noSync) await this.lay(home, account, workspaceId);
    return { base };
  }

  /** What a restore would find of the base, for a home that is still filled. */
  async rebase(layers: Layers): Promise<Restored> {
    if (layers.baseWorkspaceId === undefined) return {};
    const base: Tree = new Map();
    for (const layer of await this.stackOf(layers.account, layers.baseWorkspaceId)) {
      const own = await walk(this.filesOf(layers.account, layer));
      for (const path of (await this.forkOf(layers.account, layer))?.removed ?? []) {
        for (const below of base.keys())
          if (below === path || below.startsWith(`${path}/`)) base.delete(below);
      }
      for (const [path, entry] of own) base.set(path, entry);
    }
    return { base };
  }

  /** Writes a home folder back to its workspace. Without a workspace, or with `noSync`, changes are discarded. */
  async sync(home: string, layers: Layers, restored: Restored): Promise<void> {
    if (layers.workspaceId === undefined || layers.noSync) return;
    const to = this.filesOf(layers.account, layers.workspaceId);
    const tree = await walk(home);
    const base = restored.base;
    if (base === undefined) {
      await mirror(home, to, tree);
      await this.saveFork(layers.account, layers.workspaceId, undefined);
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
    const { account, workspaceId, baseWorkspaceId } = layers;
    await this.saveFork(
      account,
      workspaceId,
      baseWorkspaceId === undefined ? undefined : { baseWorkspaceId, removed },
    );
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
      if (entry.kind !== "file") continue;
      try {
        files[path] = await fs.readFile(join(root, path), "utf8");
      } catch (error) {
        // A sync that goes on meanwhile has removed it.
        if (!isGone(error)) throw error;
      }
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

  /** Lays one workspace over a home that holds what is below it. */
  private async lay(home: string, account: number, workspaceId: string): Promise<void> {
    const from = this.filesOf(account, workspaceId);
    for (const path of (await this.forkOf(account, workspaceId))?.removed ?? []) {
      await fs.rm(join(home, path), { recursive: true, force: true });
    }
    await overlay(from, home, await walk(from), await walk(home));
  }

  private async forkOf(account: number, workspaceId: string): Promise<Fork | undefined> {
    try {
      return JSON.parse(
        await fs.readFile(join(this.rootOf(account, workspaceId), "fork.json"), "utf8"),
      ) as Fork;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  private async saveFork(account: number, workspaceId: string, fork: Fork | undefined): Promise<void> {
    const path = join(this.rootOf(account, workspaceId), "fork.json");
    if (fork === undefined) {
      await fs.rm(path, { force: true });
      return;
    }
    await fs.writeFile(`${path}.partial`, JSON.stringify(fork));
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
