import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { mirror, same, walk } from "../../emulator/workspaces/mirror";
import { WorkspaceStorage } from "../../emulator/workspaces/storage";

describe("workspace storage", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), "emulator-storage-"));
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const path = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("/"));
  const content = fc.record({ files: fc.dictionary(path, fc.string({ maxLength: 5 }), { maxKeys: 6 }) });

  /** Writes files; a path that runs through a file of the same set is left out. */
  async function fill(root: string, files: Record<string, string>, modified?: number): Promise<void> {
    await fs.rm(root, { recursive: true, force: true });
    await fs.mkdir(root, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      try {
        await fs.mkdir(join(root, name, ".."), { recursive: true });
        await fs.writeFile(join(root, name), text);
        // A base is older than what is done in a fork; a test is quicker than the clock of a file system.
        if (modified !== undefined) await fs.utimes(join(root, name), modified, modified);
      } catch (error) {
        if (!["EEXIST", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
          throw error;
      }
    }
  }

  /** What a tree holds: text of files, null for folders. */
  async function contents(root: string): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {};
    for (const [name, entry] of await walk(root)) {
      found[name] = entry.kind === "file" ? await fs.readFile(join(root, name), "utf8") : null;
    }
    return found;
  }

  test("a mirror equals its source, whatever was there before", async () => {
    await fc.assert(
      fc.asyncProperty(content, content, async (before, after) => {
        const [from, to] = [join(folder, "from"), join(folder, "to")];
        await fill(to, before.files);
        await fill(from, after.files);
        const tree = await walk(from);
        await mirror(from, to, tree);
        expect(await contents(to)).toEqual(await contents(from));
        const copy = await walk(to);
        for (const [name, entry] of tree) {
          if (entry.kind === "file") expect(same(copy.get(name), entry)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a fork restores to what it was synced from, and its base stays as it was", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(content, content, async (base, edited) => {
        const storage = new WorkspaceStorage(join(folder, `store-${run++}`));
        const homes = ["one", "two", "three"].map((name) => join(folder, `${name}-${run}`)) as [
          string,
          string,
          string,
        ];
        const plain = { account: 0, workspaceId: "base", noSync: false };
        const fork = { account: 0, workspaceId: "fork", baseWorkspaceId: "base", noSync: false };
        await fill(homes[0], base.files, 1_000_000_000);
        await storage.sync(homes[0], plain, {});
        const restored = await storage.restore(homes[1], fork);
        expect(await contents(homes[1])).toEqual(await contents(homes[0]));
        await fill(homes[1], edited.files);
        await storage.sync(homes[1], fork, restored);
        await storage.restore(homes[2], fork);
        expect(await contents(homes[2])).toEqual(await contents(homes[1]));
        const check = join(folder, `check-${run}`);
        await storage.restore(check, plain);
        expect(await contents(check)).toEqual(await contents(homes[0]));
      }),
      { numRuns: 40 },
    );
  });

  test("a chain of forks: each rests on the one below, and none is changed by the one above", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(content, { minLength: 3, maxLength: 4 }), async (levels) => {
        const storage = new WorkspaceStorage(join(folder, `store-${run++}`));
        const home = (name: string) => join(folder, `${name}-${run}`);
        const seen: Record<string, string | null>[] = [];
        const layers = (level: number) => ({
          account: 0,
          workspaceId: `ws-${level}`,
          baseWorkspaceId: level === 0 ? undefined : `ws-${level - 1}`,
          noSync: false,
        });
        for (const [level, { files }] of levels.entries()) {
          const restored = await storage.restore(home(`work-${level}`), layers(level));
          expect(await contents(home(`work-${level}`))).toEqual(level === 0 ? {} : seen[level - 1]);
          // Each level is younger than the one below.
          await fill(home(`work-${level}`), files, 1_000_000_000 + level);
          expect(await storage.rebase(layers(level))).toEqual({
            base: restored.base === undefined ? undefined : expect.any(Map),
          });
          await storage.sync(home(`work-${level}`), layers(level), await storage.rebase(layers(level)));
          seen.push(await contents(home(`work-${level}`)));
        }
        for (const level of levels.keys()) {
          await storage.restore(home(`check-${level}`), layers(level));
          expect(await contents(home(`check-${level}`))).toEqual(seen[level]);
        }
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  test("files can be read while they are synced", async () => {
    const storage = new WorkspaceStorage(join(folder, "store"));
    const layers = { account: 0, workspaceId: "w", noSync: false };
    const names = Array.from({ length: 20 }, (_, index) => `file-${index}`);
    for (const home of ["even", "odd"]) {
      const own = names.filter((_, index) => index % 2 === (home === "even" ? 0 : 1));
      await fill(join(folder, home), Object.fromEntries(own.map((name) => [name, home])));
    }
    let syncing = true;
    const syncs = (async () => {
      for (let round = 0; round < 15; round++) {
        await storage.sync(join(folder, round % 2 === 0 ? "even" : "odd"), layers, {});
      }
      syncing = false;
    })();
    while (syncing) {
      for (const name of Object.keys(await storage.read(0, "w"))) expect(names).toContain(name);
    }
    await syncs;
    expect(Object.keys(await storage.read(0, "w"))).toHaveLength(10);
  });

  test("a base that was deleted and made anew from its own fork ends the chain", async () => {
    const storage = new WorkspaceStorage(join(folder, "store"));
    const fork = { account: 0, workspaceId: "two", baseWorkspaceId: "one", noSync: false };
    const loop = { account: 0, workspaceId: "one", baseWorkspaceId: "two", noSync: false };
    await fill(join(folder, "home"), { a: "kept" });
    await storage.sync(join(folder, "home"), fork, { base: new Map() });
    await storage.sync(join(folder, "home"), loop, { base: new Map() });
    await storage.restore(join(folder, "check"), fork);
    expect(await contents(join(folder, "check"))).toEqual({ a: "kept" });
  });
});
