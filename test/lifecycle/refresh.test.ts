import type { Values } from "../../provider/schema/fields";
import { ref, type EngineModel, type Program } from "../support/engine-model";
import { FakeApi } from "../support/fake-api";
import { LATE_MS, TestCloud, type TestAccount } from "./support/cloud";
import { SETUP } from "./support/converged";
import { assertConverged, succeed } from "./support/points";

const MINUTE_MS = 60_000;

const program: Program = [
  { name: "data", kind: "Workspace", args: { setup: SETUP, deletionProtection: false } },
  { name: "spare", kind: "Workspace", args: { deletionProtection: false } },
  { name: "web", kind: "Job", args: { workspaceId: ref("data", "workspaceId"), http: { port: 8080 } } },
  { name: "url", kind: "UrlAlias", args: { workspaceId: ref("data", "workspaceId") } },
  { name: "nightly", kind: "CronJob", args: { cronExpression: "0 0 1 1 *", script: "true" } },
];

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

beforeEach(async () => {
  account = cloud.account();
  engine = account.engine();
  await succeed(engine.up(program), "up");
  cloud.emulator.clearCalls();
});

afterEach(() => cloud.emulator.clearFaults());

const id = (name: string): string => engine.entry(name).id;

/** The refresh fails, says why, and leaves the state as it was. */
async function refuses(reason: RegExp): Promise<void> {
  const before = engine.exportState();
  const run = await engine.refresh();
  expect(run.gone).toEqual([]);
  expect(run.failures.map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringMatching(reason)]),
  );
  expect(withoutStatus(engine.exportState())).toEqual(withoutStatus(before));
}

/** A read that succeeded beside a failing one may have brought fresher computed values. */
function withoutStatus(entries: ReturnType<EngineModel["exportState"]>): unknown {
  return entries.map(({ outputs, ...entry }) => ({
    ...entry,
    outputs: { ...outputs, status: "", vmId: "" },
  }));
}

/** The refresh sees the drift, and the next up heals it. */
async function heals(name: string, step: string): Promise<void> {
  const run = await succeed(engine.refresh(), "refresh");
  expect([...run.drifted, ...run.gone]).toEqual([name]);
  expect((await succeed(engine.up(program), "up")).steps).toEqual([step]);
  await assertConverged(account, engine, program, "after the repair");
}

describe("nothing has changed", () => {
  it("shows no drift", async () => {
    expect(await engine.refresh()).toMatchObject({ ok: true, gone: [], drifted: [] });
    await assertConverged(account, engine, program, "after the refresh");
  });

  it("takes a VM asleep for what it is and does not wake it", async () => {
    await cloud.time.pass(15 * MINUTE_MS);
    const asleep = () => account.snapshot().jobs.find((job) => job.name === id("web"))!.status;
    expect(asleep()).toBe("sleeping");
    expect(await engine.refresh()).toMatchObject({ ok: true, gone: [], drifted: [] });
    expect(engine.entry("web").outputs.status).toBe("sleeping");
    expect((await engine.up(program)).steps).toEqual([]);
    expect(asleep()).toBe("sleeping");
    expect(account.calls().filter((route) => !route.startsWith("GET "))).toEqual([]);
  });

  it("reads each list once for all that are in it", async () => {
    await succeed(engine.refresh(), "refresh");
    const lists = account.calls().filter((route) => !route.includes("{id}"));
    expect(new Set(lists).size).toBe(lists.length);
  });
});

describe("somebody changed something", () => {
  it("a VM that was stopped is started again", async () => {
    await account.stopByHand(id("web"));
    await cloud.time.pass(MINUTE_MS);
    await heals("web", "update web");
  });

  it("a VM that was lost is started again", async () => {
    await cloud.emulator.control.endVm(String(engine.entry("web").outputs.requestId));
    await heals("web", "update web");
  });

  it("a workspace that was deleted is made again", async () => {
    await account.byHand("DELETE", `mags-workspaces/${id("spare")}`);
    await heals("spare", "create spare");
  });

  it("an alias that was pointed elsewhere is pointed back", async () => {
    const [subdomain, domain] = id("url").split(".");
    await account.byHand("DELETE", `mags-url-aliases/${subdomain}`);
    await account.byHand("POST", "mags-url-aliases", { subdomain, domain, workspace_id: id("spare") });
    await heals("url", "update url");
  });

  it("an alias that points elsewhere is not deleted", async () => {
    const [subdomain, domain] = id("url").split(".");
    await account.byHand("DELETE", `mags-url-aliases/${subdomain}`);
    await account.byHand("POST", "mags-url-aliases", { subdomain, domain, workspace_id: id("spare") });
    await succeed(engine.destroy(), "destroy");
    expect(account.snapshot().aliases).toHaveLength(1);
  });

  it("an alias that was deleted is made again", async () => {
    await account.byHand("DELETE", `mags-url-aliases/${id("url").split(".")[0]}`);
    await heals("url", "create url");
  });

  it.each([
    ["script", { script: "false" }],
    ["schedule", { cron_expression: "0 0 2 2 *" }],
    ["switch", { enabled: false }],
  ])("a cron job with another %s is set right", async (_name, patch) => {
    await account.byHand("PATCH", `mags-cron/${id("nightly")}`, patch);
    await heals("nightly", "update nightly");
  });

  it("a cron job that was deleted is made again", async () => {
    await account.byHand("DELETE", `mags-cron/${id("nightly")}`);
    await heals("nightly", "create nightly");
  });
});

describe("the answer proves nothing", () => {
  it("401", async () => {
    account.configure({ "mags:apiToken": "wrong" });
    await refuses(/refused the API token \(401/);
  });

  it.each([
    [403, /refused the API token \(403/],
    [500, /status 500/],
    [503, /status 503/],
  ])("%i", async (status, reason) => {
    cloud.emulator.inject({ kind: "error-before", status, account: account.index, count: 0 });
    await refuses(reason);
  });

  it("an empty answer of the edge", async () => {
    cloud.emulator.inject({ kind: "edge-524", account: account.index, count: 0 });
    await refuses(/status 524/);
  });

  it.each([200, 404, 502])("an HTML page with status %i", async (status) => {
    const api = await FakeApi.start(() => ({
      status,
      headers: { "content-type": "text/html" },
      body: "<!DOCTYPE html><html><body>nothing here</body></html>",
    }));
    account.configure({ "mags:endpoint": api.endpoint });
    try {
      await refuses(status === 200 ? /not JSON/ : /HTML page instead of JSON/);
    } finally {
      await api.stop();
    }
  });

  it("a connection that is cut", async () => {
    cloud.emulator.inject({ kind: "close-before", account: account.index, count: 0 });
    await refuses(/no answer from/);
  });

  it("nobody listens", async () => {
    const api = await FakeApi.start();
    account.configure({ "mags:endpoint": api.endpoint });
    await api.stop();
    await refuses(/cannot be reached/);
  });

  it("no answer in time", async () => {
    const begun = cloud.time.now();
    cloud.emulator.inject({ kind: "late-effect", account: account.index, count: 0, delayMs: LATE_MS });
    await refuses(/took longer than 120 s|time-out/);
    expect(cloud.time.now() - begun).toBeLessThan(6 * MINUTE_MS);
  });

  it("404 for a job that the list shows", async () => {
    cloud.emulator.inject({ kind: "not-found", account: account.index, count: 0 });
    const run = await engine.refresh();
    expect(run.gone).toEqual([]);
    expect(engine.state).toHaveLength(program.length);
  });

  it.each(["GET /mags-jobs", "GET /mags-workspaces", "GET /mags-url-aliases", "GET /mags-cron"])(
    "%s is cut short once",
    async (route) => {
      cloud.emulator.inject({ kind: "truncated-list", route, account: account.index, drop: 5, count: 1 });
      expect(await engine.refresh()).toMatchObject({ ok: true, gone: [] });
    },
  );

  it.each([
    ["GET /mags-workspaces", "mags-workspaces"],
    ["GET /mags-url-aliases", "mags-url-aliases"],
  ])("%s shows fewer than it says there are", async (_route, path) => {
    account.doom({
      tamper: (request, answer) =>
        request.path.endsWith(path) ? shortened(answer as Values, Infinity) : answer,
    });
    await refuses(/shows 0 of \d; nothing is concluded/);
  });

  it("one page of the jobs is missing", async () => {
    for (let index = 0; index < 55; index++)
      await account.byHand("POST", "mags-jobs", {
        script: "true",
        persistent: false,
        name: `other-${index}`,
      });
    await cloud.time.pass(MINUTE_MS);
    cloud.emulator.inject({
      kind: "not-found",
      route: "GET /mags-jobs/{id}/status",
      account: account.index,
      count: 0,
    });
    // With both pages the list disproves the 404.
    expect((await engine.refresh()).gone).toEqual([]);
    account.doom({
      tamper: (request, answer) =>
        request.path.includes("page=2") ? shortened(answer as Values, Infinity) : answer,
    });
    await refuses(/shows 50 of \d\d; nothing is concluded/);
  });

  it("another account under the same label: everything looks gone at once", async () => {
    const other = cloud.account();
    account.configure({ "mags:apiToken": other.token });
    await refuses(/5 of 5 resources look gone at once/);
    account.configure({ "mags:apiToken": other.token, "mags:allowMassGone": "true" });
    expect((await engine.refresh()).gone).toHaveLength(5);
  });

  it("another account under another label", async () => {
    account.configure({ "mags:account": "elsewhere" });
    await refuses(/belongs to the account "local", but this provider talks to "elsewhere"/);
  });
});

it("two that are gone are few enough to be believed", async () => {
  await account.byHand("DELETE", `mags-workspaces/${id("spare")}`);
  await account.byHand("DELETE", `mags-cron/${id("nightly")}`);
  expect((await succeed(engine.refresh(), "refresh")).gone.sort()).toEqual(["nightly", "spare"]);
  await succeed(engine.up(program), "up");
  await assertConverged(account, engine, program, "after the repair");
});

/** A list with its last entries missing, but the `total` of before. */
function shortened(answer: Values, drop: number): Values {
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.slice(0, Math.max(0, value.length - drop)) : value,
    ]),
  );
}
