import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { ref, type EngineModel, type Program } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { succeed } from "./support/points";

let cloud: TestCloud;
let account: TestAccount;
let engine: EngineModel;

beforeAll(async () => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
  cloud = await TestCloud.start();
});

afterAll(async () => {
  await cloud.stop();
  jest.restoreAllMocks();
});

beforeEach(() => {
  account = cloud.account();
  engine = account.engine();
  cloud.emulator.clearCalls();
});

const active = () =>
  account.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));

/** The up fails with this message, and makes no call that could change anything. */
async function refused(program: Program, message: RegExp): Promise<void> {
  cloud.emulator.clearCalls();
  const run = await engine.up(program);
  expect(run.failures.map((failure) => failure.message)).toEqual([expect.stringMatching(message)]);
  expect(account.calls().filter((route) => !route.startsWith("GET"))).toEqual([]);
}

describe("a name that somebody else owns", () => {
  it("is told with its status and the ways on, for each kind", async () => {
    const theirs: Program = [
      { name: "data", kind: "Workspace", args: { name: "data", deletionProtection: false } },
      { name: "box", kind: "Job", args: { name: "box" } },
      { name: "alias", kind: "UrlAlias", args: { subdomain: "shop", workspaceId: "data" } },
      {
        name: "cron",
        kind: "CronJob",
        args: { name: "nightly", cronExpression: "0 3 * * *", script: "true" },
      },
    ];
    await succeed(engine.up(theirs), "up");
    engine = account.engine();
    for (const [index, message] of [
      /workspace named "data" exists already.*adopt: true.*aliases.*MAGS_RECOVER.*mags:namespace/s,
      /job named "box" exists already \(status running, since .*\).*adopt: true/s,
      /URL alias named "shop\.localhost" exists already.*adopt: true/s,
      /cron job named "nightly" exists already \(status enabled, since 2026-.*\).*adopt: true/s,
    ].entries()) {
      await refused([theirs[index]!], message);
    }
    expect(active()).toHaveLength(1);
  });

  it("is taken over with adopt, without a restart", async () => {
    await succeed(engine.up([{ name: "box", kind: "Job", args: { name: "box" } }]), "up");
    const before = active()[0]!.requestId;
    engine = account.engine();
    await succeed(
      engine.up([{ name: "mine", kind: "Job", args: { name: "box", adopt: true, noSleep: true } }]),
      "adoption",
    );
    expect(active()).toEqual([expect.objectContaining({ requestId: before, noSleep: true })]);
    expect(account.calls()).not.toContain("POST /mags-jobs/{id}/stop");
  });

  it("in another account is simply another thing; an alias is not", async () => {
    await succeed(
      engine.up([
        { name: "data", kind: "Workspace", args: { name: "data", deletionProtection: false } },
        { name: "alias", kind: "UrlAlias", args: { subdomain: "taken", workspaceId: "data" } },
      ]),
      "up",
    );
    account = cloud.account();
    engine = account.engine();
    await succeed(
      engine.up([{ name: "data", kind: "Workspace", args: { name: "data", deletionProtection: false } }]),
      "up elsewhere",
    );
    const run = await engine.up([
      { name: "alias", kind: "UrlAlias", args: { subdomain: "taken", workspaceId: "data" } },
    ]);
    expect(run.failures[0]!.message).toMatch(/taken\.localhost is taken by somebody else/);
  });
});

describe("references to what is not there", () => {
  it("a workspace: named, before anything is made", async () => {
    await refused(
      [{ name: "box", kind: "Job", args: { workspaceId: "Data" } }],
      /no such workspace in this account.*case-sensitive/s,
    );
    expect(account.snapshot().workspaces).toEqual([]);
  });

  it("a base: named, before anything is made", async () => {
    await refused(
      [{ name: "copy", kind: "Workspace", args: { baseWorkspaceId: "base" } }],
      /cannot be forked from "base"/,
    );
  });

  it("a base that was deleted: named, before the VM of a fork is stopped, and all goes on when it is back", async () => {
    const base = { name: "base", deletionProtection: false };
    const program = (number: string): Program => [
      { name: "data", kind: "Workspace", args: { baseWorkspaceId: "base", deletionProtection: false } },
      {
        name: "box",
        kind: "Job",
        args: {
          workspaceId: ref("data", "workspaceId"),
          baseWorkspaceId: "base",
          environment: { NUMBER: number },
        },
      },
    ];
    const shared = account.engine();
    await succeed(shared.up([{ name: "base", kind: "Workspace", args: base }]), "the base");
    await succeed(engine.up(program("1")), "up");
    const before = active()[0]!.requestId;
    await account.byHand("DELETE", "mags-workspaces/base");
    await refused(program("2"), /box-.*" was not restarted, .* no workspace "base" .* Make "base" again/s);
    expect(active()).toEqual([expect.objectContaining({ requestId: before, status: "running" })]);
    await succeed(account.engine().up([{ name: "base", kind: "Workspace", args: base }]), "the base again");
    await succeed(engine.up(program("2")), "up with its base");
    expect(active()[0]!.requestId).not.toBe(before);
  });

  it("adopting a name that belongs to another kind", async () => {
    await succeed(
      engine.up([{ name: "data", kind: "Workspace", args: { name: "data", deletionProtection: false } }]),
      "up",
    );
    engine = account.engine();
    await refused(
      [{ name: "box", kind: "Job", args: { name: "data", adopt: true } }],
      /a workspace named "data" exists/,
    );
  });
});

describe("two that need one VM", () => {
  it("the second job on a workspace is refused, naming the first", async () => {
    const data = {
      name: "data",
      kind: "Workspace",
      args: { name: "data", deletionProtection: false },
    } as const;
    await succeed(
      engine.up([data, { name: "one", kind: "Job", args: { name: "one", workspaceId: "data" } }]),
      "up",
    );
    engine = account.engine();
    await refused(
      [{ name: "two", kind: "Job", args: { name: "two", workspaceId: "data" } }],
      /"data" has an active job already: "one"/,
    );
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "mags-files-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const hashed = (path: string, content: string) => ({
    path,
    sha256: createHash("sha256").update(content).digest("hex"),
  });

  it("one that is missing stops the restart while the old VM still runs", async () => {
    const path = join(folder, "a.txt");
    writeFileSync(path, "one");
    const program = (content: string): Program => [
      { name: "box", kind: "Job", args: { files: { "a.txt": hashed(path, content) } } },
    ];
    await succeed(engine.up(program("one")), "up");
    const before = active()[0]!.requestId;
    rmSync(path);
    await refused(program("two"), /file "a\.txt" cannot be read.*Nothing was stopped/s);
    expect(active()[0]!.requestId).toBe(before);
  });

  it("one that changes between plan and upload is noticed", async () => {
    const path = join(folder, "a.txt");
    writeFileSync(path, "two");
    await refused(
      [{ name: "box", kind: "Job", args: { files: { "a.txt": hashed(path, "one") } } }],
      /changed while the update ran/,
    );
  });
});

describe("odd but valid", () => {
  it("an unknown root file system is the server's to judge, and its answer is shown", async () => {
    cloud.emulator.inject({
      kind: "error-before",
      route: "POST /mags-jobs",
      status: 422,
      account: account.index,
    });
    const run = await engine.up([{ name: "box", kind: "Job", args: { rootfsType: "fedora" } }]);
    expect(run.failures[0]!.message).toMatch(/could not be started: /);
    cloud.emulator.clearFaults();
    await succeed(engine.up([{ name: "box", kind: "Job", args: { rootfsType: "fedora" } }]), "up");
    expect(active()[0]!.rootfsType).toBe("fedora");
  });

  it("500 environment entries, and text of every script in all places", async () => {
    const environment = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`KEY_${i}`, `värde ${i} 値 🚀`]),
    );
    const script = "echo 'Grüße, 世界 🚀'; sleep infinity";
    const program: Program = [
      { name: "größe-世界-🚀", kind: "Job", args: { environment, script, startupCommand: "echo ünï" } },
      { name: "çron", kind: "CronJob", args: { cronExpression: "0 3 * * *", script } },
    ];
    await succeed(engine.up(program), "up");
    expect(active()).toEqual([
      expect.objectContaining({ environment, script, name: expect.stringMatching(/^[a-z0-9-]+$/) }),
    ]);
    expect(account.snapshot().crons).toEqual([expect.objectContaining({ script })]);
    expect((await succeed(engine.up(program), "second up")).steps).toEqual([]);
  });

  it("a name that the server does not take is its to judge, and its answer is shown", async () => {
    const run = await engine.up([
      {
        name: "cron",
        kind: "CronJob",
        args: { name: "nächtlich 夜", cronExpression: "0 3 * * *", script: "true" },
      },
    ]);
    expect(run.failures[0]!.message).toMatch(/status 422, name: "nächtlich 夜" is not valid/);
    expect(account.snapshot().crons).toEqual([]);
  });
});
