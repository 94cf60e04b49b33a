import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineModel, Program } from "../support/engine-model";
import { ref } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { succeed } from "./support/points";

/** Rules of the kinds that no crash is needed for: what is refused, what is put back, what is said. */

let cloud: TestCloud;
let account: TestAccount;
let engine: EngineModel;
let said: jest.SpyInstance;

beforeAll(async () => {
  said = jest.spyOn(console, "info").mockImplementation(() => undefined);
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
  said.mockClear();
});

afterEach(() => cloud.emulator.clearFaults());

const active = () =>
  account.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));
const mutations = () => account.calls().filter((route) => !route.startsWith("GET"));
const reasons = (run: { failures: { message: string }[] }) =>
  run.failures.map(({ message }) => message).join("\n");

describe("Workspace", () => {
  const data = (args: object): Program => [
    { name: "data", kind: "Workspace", args: { deletionProtection: false, ...args } },
  ];

  it("shows the exit code and the log of a failed setup, keeps what there is, and runs it again", async () => {
    const failed = await engine.up(
      data({ setup: "echo first >> runs; echo cannot reach the mirror; exit 7" }),
    );
    expect(reasons(failed)).toMatch(/ended with exit code 7.*cannot reach the mirror/s);
    const id = engine.entry("data").id;
    expect(engine.entry("data").outputs).toMatchObject({ notReady: expect.any(String) });
    expect(active()).toEqual([]);
    await succeed(engine.up(data({ setup: "echo second >> runs" })), "up");
    expect(account.files(id)).toMatchObject({ runs: "first\nsecond\n" });
    expect((await succeed(engine.up(data({ setup: "echo second >> runs" })), "second up")).steps).toEqual([]);
  });

  it("runs no setup again for an edit, and says so", async () => {
    await succeed(engine.up(data({ setup: "echo once >> runs" })), "up");
    cloud.emulator.clearCalls();
    await succeed(engine.up(data({ setup: "echo twice >> runs" })), "edit");
    expect(mutations()).toEqual([]);
    expect(said.mock.calls.flat().join("\n")).toMatch(/was edited.*does not run again/s);
    expect(account.files(engine.entry("data").id)).toMatchObject({ runs: "once\n" });
  });

  it("does not run a setup that was begun and never finished over what it left", async () => {
    const program = data({ setup: "echo once >> runs" });
    await succeed(engine.up(program), "up");
    const { id } = engine.entry("data");
    rmSync(join(cloud.disk(id), ".mags-setup", "exit-code"));
    // The state is lost; the namespace tells that the workspace is ours.
    engine = account.engine();
    expect(reasons(await engine.up(program))).toMatch(/was begun and never finished.*adopt: true/s);
    expect(account.files(id)).toMatchObject({ runs: "once\n" });
  });

  it("is deleted only when the state says that it may be", async () => {
    await succeed(engine.up(data({ deletionProtection: true })), "up");
    const run = await engine.up([]);
    expect(reasons(run)).toMatch(/protected/);
    expect(account.snapshot().workspaces).toHaveLength(1);
    await succeed(engine.up(data({})), "unprotected");
    await succeed(engine.up([]), "removed");
    expect(account.snapshot().workspaces).toEqual([]);
  });

  it("is not deleted under somebody else's job, which is named", async () => {
    await succeed(engine.up(data({})), "up");
    const id = engine.entry("data").id;
    await account.byHand("POST", "mags-jobs", {
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      name: "guest",
      workspace_id: id,
    });
    const run = await engine.up([]);
    expect(reasons(run)).toMatch(/was not deleted: active on it is job "guest"/);
    expect(account.snapshot().workspaces).toHaveLength(1);
  });
});

describe("a job that a killed run left on a workspace", () => {
  const program = (args: object): Program => [
    { name: "data", kind: "Workspace", args: { deletionProtection: false, ...args } },
    { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId") } },
  ];

  it("goes with the workspace where a namespace tells that it is ours", async () => {
    account.doom({ killAfter: ({ method, body }) => method === "POST" && nameOf(body).includes("-box-") });
    expect((await engine.up(program({}))).killed).toBe(true);
    expect(engine.state.map(({ name }) => name)).toEqual(["data"]);
    await succeed(engine.destroy(), "destroy");
    expect(said.mock.calls.flat().join("\n")).toMatch(
      /which an interrupted run left on workspace .* is stopped/,
    );
    expect(active()).toEqual([]);
    expect(account.snapshot().workspaces).toEqual([]);
  });

  it("is named where nothing tells, and keeps the workspace", async () => {
    account.configure({ "mags:namespace": "" });
    account.doom({ killAfter: ({ method, body }) => method === "POST" && nameOf(body).includes("-box-") });
    expect((await engine.up(program({}))).killed).toBe(true);
    expect(reasons(await engine.destroy())).toMatch(/was not deleted: active on it is job ".*-box-/);
    expect(active()).toHaveLength(1);
  });

  it("is not meant where the program still wants it", async () => {
    await succeed(engine.up(program({})), "up");
    const [data, box] = program({});
    // Written as a text, so that the engine does not know of it.
    const text = { ...box!, args: { workspaceId: engine.entry("data").id } };
    await succeed(engine.up([text, data!]), "as a text");
    expect(reasons(await engine.up([text, data!], ["data"]))).toMatch(/was not deleted: active on it is job/);
    expect(active()).toHaveLength(1);
  });

  const nameOf = (body: unknown) => String((body as { name?: string } | undefined)?.name);
});

describe("two that need one VM", () => {
  const space = (name: string) =>
    ({ name, kind: "Workspace", args: { name, deletionProtection: false } }) as const;
  const on = (name: string, workspaceId: string) =>
    ({ name, kind: "Job", args: { name, workspaceId } }) as const;
  const cron = (workspaceId: string) =>
    ({
      name: "nightly",
      kind: "CronJob",
      args: { cronExpression: "0 3 * * *", script: "true", workspaceId },
    }) as const;

  it("are refused where the names are known in the run only, the second before anything is made", async () => {
    await succeed(engine.up([space("data"), on("one", "data")]), "up");
    cloud.emulator.clearCalls();
    const jobs = await engine.up([space("data"), on("one", "data"), on("two", "data")]);
    expect(reasons(jobs)).toMatch(/jobs "one" and "two" both work on the workspace "data"/);
    const schedule = await engine.up([space("data"), on("one", "data"), cron("data")]);
    expect(reasons(schedule)).toMatch(/cron job "nightly" would fire on the workspace "data"/);
    expect(mutations()).toEqual([]);
    // Also one that is there, and is moved onto the workspace of a job.
    await succeed(engine.up([space("data"), on("one", "data"), cron("elsewhere")]), "up");
    cloud.emulator.clearCalls();
    const moved = await engine.up([space("data"), on("one", "data"), cron("data")]);
    expect(reasons(moved)).toMatch(/cron job "nightly" would fire on the workspace "data"/);
    expect(mutations()).toEqual([]);
  });

  it("and are one thing are refused, also for adoption", async () => {
    const twin = { ...on("one", "data"), name: "twin" };
    await succeed(engine.up([space("data"), on("one", "data")]), "up");
    cloud.emulator.clearCalls();
    const run = await engine.up([
      space("data"),
      on("one", "data"),
      { ...twin, args: { ...twin.args, adopt: true } },
    ]);
    expect(reasons(run)).toMatch(/Two resources of this program are the job "one"/);
    expect(mutations()).toEqual([]);
  });

  it("cannot swap one after the other: nothing is lost, and moving one first leads on", async () => {
    const swapped = [space("data"), space("other"), on("one", "other"), on("two", "data")];
    await succeed(engine.up([space("data"), space("other"), on("one", "data"), on("two", "other")]), "up");
    expect(reasons(await engine.up(swapped))).toMatch(
      /"other" has an active job already: "two".*aliases.*remove it first/s,
    );
    expect(active().map(({ name }) => name)).toEqual(["two"]);
    await succeed(engine.up([space("data"), space("other"), on("two", "data")]), "one moves");
    await succeed(engine.up(swapped), "the other follows");
    expect(active().map(({ name, workspaceId }) => [name, workspaceId])).toEqual(
      expect.arrayContaining([
        ["one", "other"],
        ["two", "data"],
      ]),
    );
  });
});

describe("UrlAlias", () => {
  const spaces: Program = ["one", "two"].map((name) => ({
    name,
    kind: "Workspace" as const,
    args: { deletionProtection: false },
  }));
  const alias = (target: string, args: object = {}): Program => [
    ...spaces,
    {
      name: "alias",
      kind: "UrlAlias",
      args: { subdomain: `shop-${account.stack}`, workspaceId: ref(target, "workspaceId"), ...args },
    },
  ];
  const target = () => account.snapshot().aliases.map(({ workspaceId }) => workspaceId);

  it("is put back to its old target when the new one is refused, and the next up repoints it", async () => {
    await succeed(engine.up(alias("one")), "up");
    const [one] = target();
    cloud.emulator.inject({
      kind: "error-before",
      route: "POST /mags-url-aliases",
      status: 422,
      account: account.index,
    });
    const run = await engine.up(alias("two"));
    expect(reasons(run)).toMatch(/could not be pointed to its new target.*points to its old target again/s);
    expect(target()).toEqual([one]);
    await succeed(engine.up(alias("two")), "again");
    expect(target()).toEqual([engine.entry("two").id]);
  });

  it.each([
    ["replaced for an edit", { baseWorkspaceId: ref("two", "workspaceId") }, []],
    ["replaced on demand", {}, ["made"]],
  ])("answers again after its workspace was %s, directly and through a job", async (_how, edit, replace) => {
    const program = (args: object): Program => [
      ...spaces,
      { name: "made", kind: "Workspace", args: { deletionProtection: false, ...args } },
      { name: "box", kind: "Job", args: { workspaceId: ref("made", "workspaceId") } },
      { name: "direct", kind: "UrlAlias", args: { workspaceId: ref("made", "workspaceId") } },
      { name: "through", kind: "UrlAlias", args: { workspaceId: ref("box", "workspaceId"), port: 80 } },
    ];
    await succeed(engine.up(program({})), "up");
    const edited = await succeed(engine.up(program({ timeouts: { create: 700 } })), "an edit of no weight");
    expect(edited.steps).toEqual(["update made"]);
    const preview = await engine.preview(program({ ...edit, timeouts: { create: 700 } }), replace);
    expect(preview.steps).toEqual(expect.arrayContaining(["update direct", "update through"]));
    await succeed(engine.up(program({ ...edit, timeouts: { create: 700 } }), replace), "replaced");
    expect(
      account
        .snapshot()
        .aliases.map(({ broken, port }) => `${broken} ${port}`)
        .sort(),
    ).toEqual(["false 80", "false undefined"]);
    expect((await engine.up(program({ ...edit, timeouts: { create: 700 } }))).steps).toEqual([]);
  });

  it("answers again after its job on a local disk was replaced, and is left alone when one on a workspace is", async () => {
    const program: Program = [
      ...spaces,
      { name: "local", kind: "Job", args: {} },
      { name: "kept", kind: "Job", args: { workspaceId: ref("one", "workspaceId") } },
      { name: "to-local", kind: "UrlAlias", args: { workspaceId: ref("local", "workspaceId") } },
      { name: "to-kept", kind: "UrlAlias", args: { workspaceId: ref("kept", "workspaceId") } },
    ];
    await succeed(engine.up(program), "up");
    cloud.emulator.clearCalls();
    const run = await succeed(engine.up(program, ["local", "kept"]), "replaced");
    expect(run.steps.filter((step) => step.startsWith("update"))).toEqual(["update to-local"]);
    expect(mutations().filter((route) => route.includes("alias"))).toHaveLength(2);
    expect(account.snapshot().aliases.map(({ broken }) => broken)).toEqual([false, false]);
  });

  it("answers again after its workspace was deleted outside and made again", async () => {
    await succeed(engine.up(alias("one")), "up");
    await account.byHand("DELETE", `mags-workspaces/${engine.entry("one").id}`);
    await succeed(engine.refresh(), "refresh");
    const run = await succeed(engine.up(alias("one")), "up again");
    expect(run.steps).toEqual(["create one", "update alias"]);
    expect(account.snapshot().aliases.map(({ broken }) => broken)).toEqual([false]);
  });

  it("is left alone when it points elsewhere by now", async () => {
    await succeed(engine.up(alias("one")), "up");
    await account.byHand("DELETE", `mags-url-aliases/shop-${account.stack}`);
    await account.byHand("POST", "mags-url-aliases", {
      subdomain: `shop-${account.stack}`,
      workspace_id: engine.entry("two").id,
      domain: "localhost",
    });
    await succeed(engine.up(spaces), "removed");
    expect(target()).toEqual([engine.entry("two").id]);
    expect(said.mock.calls.flat().join("\n")).toMatch(/points to .* now.*left alone/s);
  });

  it("is refused where the same subdomain exists on another domain", async () => {
    await succeed(engine.up(spaces), "up");
    await account.byHand("POST", "mags-url-aliases", {
      subdomain: `shop-${account.stack}`,
      workspace_id: engine.entry("one").id,
      domain: "app.lfg.run",
    });
    const run = await engine.up(alias("one"));
    expect(reasons(run)).toMatch(/exists on app\.lfg\.run.*deletes aliases by subdomain alone/s);
  });
});

describe("CronJob", () => {
  const cron = (args: object): Program => [
    { name: "cron", kind: "CronJob", args: { cronExpression: "0 3 * * *", script: "true", ...args } },
  ];
  const only = () => account.snapshot().crons[0]!;

  it("is edited, renamed, disabled, enabled and cleared in place", async () => {
    await succeed(engine.up(cron({ workspaceId: undefined })), "up");
    const { id } = only();
    const edits: [object, object][] = [
      [{ cronExpression: "5 4 * * 1" }, { cronExpression: "5 4 * * 1" }],
      [{ name: "renamed" }, { name: "renamed" }],
      [{ name: "renamed", enabled: false }, { enabled: false }],
      [{ name: "renamed", enabled: true }, { enabled: true }],
      [
        { name: "renamed", workspaceId: "w", environment: { A: "1" } },
        { workspaceId: "w", environment: { A: "1" } },
      ],
      [{ name: "renamed" }, { environment: {} }],
    ];
    for (const [args, seen] of edits) {
      cloud.emulator.clearCalls();
      await succeed(engine.up(cron(args)), JSON.stringify(args));
      expect(mutations()).toEqual(["PATCH /mags-cron/{id}"]);
      expect(only()).toMatchObject({ id, ...seen });
    }
    expect(only().workspaceId ?? "").toBe("");
    expect((await succeed(engine.up(cron({ name: "renamed" })), "no edit")).steps).toEqual([]);
  });
});

describe("Job", () => {
  const box = (args: Record<string, unknown>): Program => [{ name: "box", kind: "Job", args }];

  it("is not restarted where /data holds files, unless that is allowed", async () => {
    const space: Program = [{ name: "data", kind: "Workspace", args: { deletionProtection: false } }];
    const job = (args: object): Program => [
      ...space,
      { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId"), ...args } },
    ];
    await succeed(engine.up(job({ diskGb: 4 })), "up");
    const { requestId } = active()[0]!;
    cloud.emulator.inject({
      kind: "sync-fails",
      route: "POST /mags-jobs/{id}/sync",
      count: 0,
      account: account.index,
    });
    cloud.emulator.clearCalls();
    const unsynced = await engine.up(job({ diskGb: 8 }));
    expect(reasons(unsynced)).toMatch(/could not be synced.*not stopped.*allowDataLoss/s);
    expect(active()[0]!.requestId).toBe(requestId);
    expect(mutations()).not.toContain("POST /mags-jobs/{id}/stop");
    await succeed(engine.up(job({ diskGb: 8, allowDataLoss: true })), "allowed");
    expect(active()[0]!.requestId).not.toBe(requestId);
  });

  it("whose VM has vanished can be repaired and deleted", async () => {
    await succeed(engine.up(box({})), "up");
    await cloud.emulator.control.vanishVm(active()[0]!.requestId);
    await succeed(engine.up(box({ triggers: "again" })), "repair");
    expect(active()).toHaveLength(1);
    await cloud.emulator.control.vanishVm(active()[0]!.requestId);
    await succeed(engine.destroy(), "destroy");
    expect(active()).toEqual([]);
  });

  it("is tried once more when its VM ends at once through no fault of the script", async () => {
    cloud.emulator.inject({ kind: "vm-ends", route: "POST /mags-jobs", account: account.index });
    await succeed(engine.up(box({})), "up");
    expect(active()).toHaveLength(1);
    expect(mutations().filter((route) => route === "POST /mags-jobs")).toHaveLength(2);
  });

  it("sends everything again on a restart, and opens every port", async () => {
    const args = {
      noSleep: true,
      startupCommand: "serve",
      environment: { A: "1" },
      secrets: { B: "2" },
      rootfsType: "pi",
      idleTimeout: undefined,
      http: { port: 80, otherPorts: [81, 82] },
    };
    await succeed(engine.up(box(args)), "up");
    await succeed(engine.up(box({ ...args, script: "sleep 1000" })), "restart");
    expect(active()).toEqual([
      expect.objectContaining({
        noSleep: true,
        startupCommand: "serve",
        environment: { A: "1", B: "2" },
        rootfsType: "pi",
        ports: expect.arrayContaining([80, 81, 82]),
      }),
    ]);
    const { requestId } = active()[0]!;
    cloud.emulator.clearCalls();
    await succeed(
      engine.up(box({ ...args, script: "sleep 1000", http: { port: 90, otherPorts: [80, 81, 82] } })),
      "another port",
    );
    expect(mutations()).toEqual(["POST /mags-jobs/{id}/access"]);
    await succeed(engine.up(box({ ...args, script: "sleep 1000", http: { port: 90 } })), "fewer ports");
    expect(active()[0]).toMatchObject({ ports: [90] });
    expect(active()[0]!.requestId).not.toBe(requestId);
  });

  it("active under our explicit name with a request that we did not start is left alone", async () => {
    account.configure({ "mags:namespace": "" });
    await succeed(engine.up(box({ name: "box" })), "up");
    await account.stopByHand("box");
    await cloud.time.pass(30_000);
    await account.byHand("POST", "mags-jobs", {
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      name: "box",
      workspace_id: "box",
      no_sync: true,
    });
    await cloud.time.pass(5_000);
    cloud.emulator.clearCalls();
    expect(reasons(await engine.up(box({ name: "box", script: "true; sleep 5" })))).toMatch(
      /active that this stack did not start/,
    );
    expect(mutations()).toEqual([]);
    await succeed(engine.destroy(), "destroy");
    expect(active()).toHaveLength(1);
  });
});
