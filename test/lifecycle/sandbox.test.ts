import type { Values } from "../../provider/schema/fields";
import type { EngineModel, Run } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { succeed } from "./support/points";
import { sandbox } from "./support/sandbox";

/** What becomes of a sandbox's two parts together. */

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
afterEach(() => cloud.emulator.clearFaults());

const up = (args: Values): Promise<Run> => succeed(engine.up(sandbox(args)), "up");
const active = () =>
  account.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));
const only = () => {
  expect(active()).toHaveLength(1);
  return active()[0]!;
};
const workspaces = () => account.snapshot().workspaces.map(({ workspaceId }) => workspaceId);
const mutations = () => account.calls().filter((route) => !route.startsWith("GET"));
const reasons = (run: Run) => run.failures.map(({ message }) => message).join("\n");
const KEPT = { deletionProtection: false };

describe("a sandbox that keeps its files", () => {
  it.each([{}, { name: "explicit" }])(
    "with %j is a workspace and a running job of one name",
    async (args) => {
      await up({ ...KEPT, ...args });
      const [job] = active();
      expect(active()).toHaveLength(1);
      expect(workspaces()).toEqual([job!.name]);
      expect(job).toMatchObject({ status: "running", workspaceId: job!.name, noSync: false });
      expect((await up({ ...KEPT, ...args })).steps).toEqual([]);
    },
  );

  it("is found again as a whole when its state is lost, and nothing is made twice", async () => {
    await up({ ...KEPT, setup: "echo once >> runs" });
    const { name } = only();
    engine = account.engine();
    await up({ ...KEPT, setup: "echo once >> runs" });
    expect(active().map((job) => job.name)).toEqual([name]);
    expect(workspaces()).toEqual([name]);
    expect(account.files(name)).toMatchObject({ runs: "once\n" });
  });

  it("is resized as a job: synced, stopped, started on the same workspace with the larger disk", async () => {
    await up({ ...KEPT, diskGb: 4 });
    const before = only();
    cloud.emulator.clearCalls();
    const { steps } = await up({ ...KEPT, diskGb: 8 });
    expect(steps).toEqual(["update vm"]);
    expect(mutations()).toEqual([
      "POST /mags-jobs/{id}/exec",
      "POST /mags-jobs/{id}/sync",
      "POST /mags-jobs/{id}/stop",
      "POST /mags-jobs",
    ]);
    expect(active()).toEqual([expect.objectContaining({ name: before.name, diskGb: 8 })]);
    expect(active()[0]!.requestId).not.toBe(before.requestId);
    expect(reasons(await engine.up(sandbox({ ...KEPT, diskGb: 4 })))).toMatch(
      /cannot shrink from 8 GB to 4 GB/,
    );
  });

  it("is not resized when its files cannot be synced first", async () => {
    await up({ ...KEPT, diskGb: 4 });
    const { requestId } = only();
    cloud.emulator.inject({
      kind: "sync-fails",
      route: "POST /mags-jobs/{id}/sync",
      count: 0,
      account: account.index,
    });
    expect(reasons(await engine.up(sandbox({ ...KEPT, diskGb: 8 })))).toMatch(
      /could not be synced.*not stopped/s,
    );
    expect(active()[0]!.requestId).toBe(requestId);
  });

  it("takes noSleep on and off by a patch of the live VM", async () => {
    await up({ ...KEPT });
    const { requestId } = only();
    for (const noSleep of [true, false]) {
      cloud.emulator.clearCalls();
      await up({ ...KEPT, noSleep });
      expect(mutations()).toEqual(["PATCH /mags-jobs/{id}"]);
      expect(active()).toEqual([expect.objectContaining({ requestId, noSleep })]);
    }
  });

  it("with noSleep is awake when one without has gone to sleep", async () => {
    await up({ ...KEPT, noSleep: true });
    const sleeper = cloud.account();
    await succeed(sleeper.engine().up(sandbox({ ...KEPT })), "up");
    await cloud.time.pass(11 * 60_000);
    expect(active().map(({ status }) => status)).toEqual(["running"]);
    expect(sleeper.snapshot().jobs.filter(({ status }) => status === "sleeping")).toHaveLength(1);
  });

  it("goes in two steps: the protection first, then job and workspace, in this order", async () => {
    await up({});
    expect(reasons(await engine.destroy())).toMatch(/protected/);
    expect(workspaces()).toHaveLength(1);
    expect(only().status).toBe("running");
    await up({ ...KEPT });
    cloud.emulator.clearCalls();
    await succeed(engine.destroy(), "destroy");
    expect(mutations()).toEqual([
      "POST /mags-jobs/{id}/sync",
      "POST /mags-jobs/{id}/stop",
      "DELETE /mags-workspaces/{workspace_id}",
    ]);
    expect(active()).toEqual([]);
    expect(workspaces()).toEqual([]);
  });
});

describe("a sandbox on its local disk only", () => {
  const LOCAL = { persistent: false };

  it("is a job alone, which is not synced, and leaves nothing when it goes", async () => {
    await up(LOCAL);
    expect(active()).toEqual([expect.objectContaining({ noSync: true, status: "running" })]);
    expect((await up(LOCAL)).steps).toEqual([]);
    await succeed(engine.destroy(), "destroy");
    expect(active()).toEqual([]);
    expect(workspaces()).toEqual([]);
  });

  it.each<[string, Values]>([
    ["a restart", { script: "other" }],
    ["a resize", { diskGb: 8 }],
  ])("loses its files by %s only where that is said", async (_what, edit) => {
    await up(LOCAL);
    const { requestId } = only();
    cloud.emulator.clearCalls();
    expect(reasons(await engine.preview(sandbox({ ...LOCAL, ...edit })))).toMatch(
      /local disk only.*would be lost/s,
    );
    expect(reasons(await engine.up(sandbox({ ...LOCAL, ...edit })))).toMatch(
      /local disk only.*would be lost/s,
    );
    expect(mutations()).toEqual([]);
    expect(active()[0]!.requestId).toBe(requestId);
    await up({ ...LOCAL, ...edit, allowDataLoss: true });
    expect(active()[0]!.requestId).not.toBe(requestId);
  });

  it("is patched as any other", async () => {
    await up(LOCAL);
    const { requestId } = only();
    await up({ ...LOCAL, noSleep: true });
    expect(active()).toEqual([expect.objectContaining({ requestId, noSleep: true })]);
  });
});

describe("persistent", () => {
  it.each<[string, Values, Values]>([
    ["on", { persistent: false }, KEPT],
    ["on, with loss allowed", { persistent: false }, { ...KEPT, allowDataLoss: true }],
    ["off", KEPT, { persistent: false }],
    ["off, with loss allowed", KEPT, { persistent: false, allowDataLoss: true }],
  ])(
    "cannot be turned %s: the plan says so, nothing is called, and the old program goes on",
    async (_to, before, after) => {
      await up(before);
      const { requestId } = only();
      const had = workspaces();
      cloud.emulator.clearCalls();
      const run = await engine.up(sandbox(after));
      expect(reasons(run)).toMatch(/cannot change between a workspace of its own name and a local disk/);
      expect(mutations()).toEqual([]);
      expect(workspaces()).toEqual(had);
      expect(active()[0]!.requestId).toBe(requestId);
      expect((await up(before)).steps).toEqual([]);
    },
  );
});
