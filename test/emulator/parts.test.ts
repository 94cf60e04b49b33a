import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { DrivenClock, RealClock } from "../../emulator/clock";
import { generator } from "../../emulator/faults";
import { readMultipart } from "../../emulator/http/multipart";
import { checkFileName, checkJobName, checkWorkspaceId } from "../../emulator/names";
import { resolveOptions } from "../../emulator/options";
import { FACTS } from "../../emulator/facts";
import { withReference } from "../../emulator/reference";
import { ROUTES, matchRoute, routeName } from "../../emulator/routes";
import { interpret } from "../../emulator/runtime/simulate";
import { mirror, same, walk } from "../../emulator/workspaces/mirror";
import { Calls } from "../../emulator/calls";
import type { RecordedCall } from "../../emulator/calls";
import { State } from "../../emulator/state";
import { WorkspaceStorage } from "../../emulator/workspaces/storage";

describe("driven clock", () => {
  test("runs what falls due, in order, each to its end, at its own time", async () => {
    const clock = new DrivenClock((error) => {
      throw error;
    }, 0);
    const seen: string[] = [];
    clock.after(30, () => void seen.push(`late ${clock.now()}`));
    clock.after(10, async () => {
      await Promise.resolve();
      seen.push(`early ${clock.now()}`);
      clock.after(5, () => void seen.push(`nested ${clock.now()}`));
    });
    const cancelled = clock.after(20, () => void seen.push("never"));
    cancelled.cancel();
    await clock.advance(29);
    expect(seen).toEqual(["early 10", "nested 15"]);
    await clock.advance(1);
    expect(seen).toEqual(["early 10", "nested 15", "late 30"]);
    expect(() => clock.advance(NaN)).toThrow(RangeError);
  });

  test("an error of one task is told and stops no other; sleepers wake when the clock ends", async () => {
    const errors: unknown[] = [];
    const clock = new DrivenClock((error) => errors.push(error), 0);
    clock.after(1, () => {
      throw new Error("first");
    });
    let ran = false;
    clock.after(2, () => {
      ran = true;
    });
    await clock.advance(5);
    expect(errors).toEqual([new Error("first")]);
    expect(ran).toBe(true);
    const asleep = clock.sleep(1_000);
    clock.close();
    await asleep;
  });
});

test("a real clock stops with its timers, and wakes who sleeps", async () => {
  const clock = new RealClock(() => undefined);
  let fired = false;
  clock.after(1, () => {
    fired = true;
  });
  const asleep = clock.sleep(60_000);
  clock.close();
  await asleep;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fired).toBe(false);
});

describe("names", () => {
  test("whatever is accepted is one harmless path segment of at most 63 characters", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^[a-zA-Z0-9-]{1,70}$/)),
        (text) => {
          for (const check of [checkJobName, checkWorkspaceId]) {
            let accepted = true;
            try {
              check(text);
            } catch {
              accepted = false;
            }
            if (accepted) expect(text).toMatch(/^[A-Za-z0-9-]{1,63}$/);
          }
        },
      ),
    );
    expect(checkJobName("a".repeat(63))).toHaveLength(63);
    expect(checkWorkspaceId("MyData-1")).toBe("MyData-1");
  });

  test("file names", () => {
    expect(checkFileName("My file (1).tar.gz")).toBe("My file (1).tar.gz");
    for (const name of ["..", ".", "a/b", "a\0b", "", "x".repeat(201), "a..b"]) {
      expect(() => checkFileName(name)).toThrow();
    }
  });
});

describe("routes", () => {
  test("fixed paths win over variable ones, and every route finds itself", () => {
    expect(matchRoute("v1", "GET", "/mags-jobs/usage")?.route.path).toBe("/mags-jobs/usage");
    for (const route of ROUTES) {
      const path = route.path.replace(/\{[^}]+\}/, "some%2Fid");
      const match = matchRoute("v1", route.method, path);
      expect(match?.route).toBe(route);
      for (const value of Object.values(match?.params ?? {})) expect(value).toBe("some/id");
    }
    expect(matchRoute("v2", "GET", "/mags-jobs")).toBeUndefined();
  });

  test("docs/emulator.md is up to date (else: mags-iac emulator routes --write docs/emulator.md)", async () => {
    const text = await fs.readFile(join(__dirname, "../../docs/emulator.md"), "utf8");
    expect(text).toBe(withReference(text));
  });

  test("every route has its facts, and every fact its route", () => {
    expect(Object.keys(FACTS).sort()).toEqual(ROUTES.map(routeName).sort());
    for (const facts of Object.values(FACTS)) expect(facts).not.toEqual([]);
  });
});

describe("simulated scripts", () => {
  test.each([
    ["sleep infinity", false, { durationMs: Infinity }],
    ["sleep 2; exit 3", false, { durationMs: 2_000, exitCode: 3 }],
    ["# comment\necho 'a b'\ntrue", true, { stdout: "a b\n", exitCode: 0, durationMs: 0 }],
    ["false", false, { exitCode: 1 }],
    ["echo no >&2; echo 'to a file' > /root/f; echo on>>f", false, { stdout: "", stderr: "no\n" }],
    ["echo 'a > b'\necho", false, { stdout: "a > b\n\n", stderr: "" }],
    ["npm start", false, { exitCode: 0, durationMs: 0 }],
    ["npm ci && npm start", true, { durationMs: Infinity }],
  ])("%j (persistent: %p)", (script, persistent, expected) => {
    expect(interpret(script, persistent)).toMatchObject(expected);
  });
});

test("options that make no sense are refused with the reason", () => {
  for (const options of [
    { port: -1 },
    { port: 70_000 },
    { accounts: 0 },
    { accounts: 1.5 },
    { tokens: ["a", "a"] },
    { bootMs: NaN },
    { domain: "http://x" },
    { execute: "maybe" as never },
    { conflictStatus: 400 as never },
  ]) {
    expect(() => resolveOptions(options)).toThrow(RangeError);
  }
});

test("what a process says after the end is not written to a store that is closed", () => {
  jest.useFakeTimers();
  try {
    const put = jest.fn();
    const store = { put, remove: jest.fn(), all: () => [], close: jest.fn() };
    const state = new State(store, { maxEndedJobs: 1, maxLogLines: 10 }, 1, undefined);
    const line = { at: 0, level: "info", source: "stdout", message: "" } as const;
    state.log("job", line);
    state.close();
    expect(put).toHaveBeenLastCalledWith("log", "job", [line]);
    const written = put.mock.calls.length;
    state.log("job", line);
    jest.advanceTimersByTime(10_000);
    expect(put).toHaveBeenCalledTimes(written);
  } finally {
    jest.useRealTimers();
  }
});

test("recorded calls are bounded by number, and their bodies by size", () => {
  const calls = new Calls(50, 1_000);
  const record = (index: number): RecordedCall => ({
    at: index,
    account: 0,
    method: "POST",
    path: "/",
    route: "",
    version: "v1",
    status: 200,
    body: { index },
  });
  for (let index = 0; index < 20; index++) calls.add(record(index), 100);
  expect(calls.list().map(({ body }) => body !== undefined)).toEqual([
    ...Array<boolean>(10).fill(false),
    ...Array<boolean>(10).fill(true),
  ]);
  for (let index = 20; index < 500; index++) calls.add(record(index), 1);
  expect(calls.list().map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, index) => 450 + index));
  expect(calls.list().every(({ body }) => body !== undefined)).toBe(true);
});

test("the generator of draws repeats itself by seed, within 0 and 1", () => {
  const draw = (seed: number) => Array.from({ length: 100 }, generator(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

describe("multipart", () => {
  test("any bytes come back, whatever they look like", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const content = Buffer.from(bytes);
        const body = Buffer.concat([
          Buffer.from(
            '--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".bin"\r\n\r\n',
          ),
          content,
          Buffer.from("\r\n--b0undary--\r\n"),
        ]);
        expect(readMultipart("multipart/form-data; boundary=b0undary", body)).toEqual([
          { name: "file", fileName: 'a "b".bin', content },
        ]);
      }),
    );
  });
});

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
