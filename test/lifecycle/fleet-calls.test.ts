import type { Account } from "../../provider/api/account";
import type { Values } from "../../provider/schema/fields";
import { ParallelRun } from "./support/at-once";
import { TestCloud, type TestAccount } from "./support/cloud";

let cloud: TestCloud;

beforeAll(async () => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
  cloud = await TestCloud.start({ maxCalls: 20_000 });
});

afterAll(async () => {
  await cloud.stop();
  jest.restoreAllMocks();
});

beforeEach(() => cloud.emulator.clearCalls());

/** How often each route was called since this was last asked. */
function countsOf(account: TestAccount): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const route of account.calls()) counts[route] = (counts[route] ?? 0) + 1;
  cloud.emulator.clearCalls();
  return counts;
}

const LIST = "GET /mags-jobs";
const STATUS = "GET /mags-jobs/{id}/status";
const SCRIPTED: Values = { script: "sleep infinity; true" };

/** Ended jobs, which stay listed. */
async function history(account: TestAccount, pages: number): Promise<void> {
  const submit = () =>
    account.byHand("POST", "mags-jobs", { script: "true", type: "inline", persistent: false });
  for (let page = 0; page < pages; page++) await Promise.all(Array.from({ length: 50 }, submit));
  await cloud.time.pass(60_000);
  cloud.emulator.clearCalls();
}

describe("a create of 200 VMs", () => {
  it.each([
    ["of sandboxes", {}],
    ["whose scripts are watched a little longer", SCRIPTED],
  ])(
    "%s: one walk per interval, one status call each and one more while the VM id is missing",
    async (_, args) => {
      const account = cloud.account();
      const run = new ParallelRun(account);
      const startedAt = cloud.time.now();
      const made = await run.create("Job", 200, () => args);
      await run.end();
      expect(made.every(({ outputs }) => outputs.vmId !== undefined && outputs.notReady === undefined)).toBe(
        true,
      );
      const counts = countsOf(account);
      // It runs after 0.7 s and has an id after 1.5 s: looked at after 1 s in vain, after 2 s it is up.
      expect(counts).toEqual({
        "GET /mags-workspaces": 1,
        "POST /mags-jobs": 200,
        [STATUS]: expect.any(Number) as number,
        [LIST]: expect.any(Number) as number,
      });
      const looks = Math.floor((cloud.time.now() - startedAt) / 1_000) + 1;
      expect(counts[STATUS]).toBeLessThanOrEqual(400);
      // The list that is looked through for the names, then 4 pages per look.
      expect(counts[LIST]).toBeLessThanOrEqual(1 + 4 * looks);
    },
  );

  it("that starts while others are waited for, fifty at a time, notices each within an interval", async () => {
    const account = cloud.account();
    const run = new ParallelRun(account);
    const startedAt = cloud.time.now();
    await run.create("Job", 200, () => ({}), 50);
    await run.end();
    // Four rounds of 1.5 s, each noticed an interval later at most.
    expect(cloud.time.now() - startedAt).toBeLessThanOrEqual(4 * (1_500 + 1_000));
    const counts = countsOf(account);
    expect(counts[STATUS]).toBeLessThanOrEqual(400);
  });

  it("with one script is watched for a script that fails at once with its first VMs, not with each", async () => {
    const account = cloud.account();
    const run = new ParallelRun(account);
    const startedAt = cloud.time.now();
    const fleet = (index: number) => ({ ...SCRIPTED, environment: { NUMBER: `${index}` } });
    const made = await run.create("Job", 200, fleet, 50);
    await run.end();
    expect(made.every(({ outputs }) => outputs.status === "running")).toBe(true);
    // The first round outlives five looks.
    expect(cloud.time.now() - startedAt).toBeLessThanOrEqual(5 * 1_000 + 4 * (1_500 + 1_000));
  });
});

it("nothing is polled after a create has failed, has run out of time, or was given up", async () => {
  const account = cloud.account();
  const { emulator } = cloud;
  const fault = { account: account.index, route: "POST /mags-jobs" };
  emulator.inject({ ...fault, kind: "boot-fails", match: "job0-", count: 0 });
  emulator.inject({ ...fault, kind: "no-vm-id", match: "job1-", count: 0 });
  const run = new ParallelRun(account);
  const outcomes = await Promise.allSettled(
    [0, 1, 2].map((index) => run.create("Job", 3, () => ({ timeouts: { create: 20 } })).then(() => index)),
  );
  emulator.clearFaults();
  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  await cloud.time.pass(120_000);
  cloud.emulator.clearCalls();
  await cloud.time.pass(3_600_000);
  expect(account.calls()).toEqual([]);
  await run.end();
});

describe("calls per create", () => {
  it("of a job: its POST and one status call each, and one look at each list for all", async () => {
    const account = cloud.account();
    const run = new ParallelRun(account);
    await run.create("Job", 30, () => ({ waitFor: "none" }));
    expect(countsOf(account)).toEqual({
      "GET /mags-workspaces": 1,
      [LIST]: 1,
      "POST /mags-jobs": 30,
      [STATUS]: 30,
    });
    await run.end();
  });

  it("of an alias or a cron job: its POST each, and one list for all", async () => {
    const account = cloud.account();
    const run = new ParallelRun(account);
    await run.create("UrlAlias", 30, () => ({ workspaceId: "site" }), 8);
    await run.create("CronJob", 30, () => ({ cronExpression: "0 3 * * *", script: "date" }), 8);
    expect(countsOf(account)).toEqual({
      "GET /mags-url-aliases": 1,
      "POST /mags-url-aliases": 30,
      "GET /mags-cron": 1,
      "POST /mags-cron": 30,
    });
    await run.end();
  });

  it("of a workspace: what its VM takes each, and few lists for all", async () => {
    const account = cloud.account();
    const run = new ParallelRun(account);
    await run.create("Workspace", 30);
    const { [LIST]: pages, "GET /mags-workspaces": lists, [STATUS]: status, ...rest } = countsOf(account);
    expect(rest).toEqual({
      "POST /mags-jobs": 30,
      "POST /mags-jobs/{id}/stop": 30,
    });
    // Up without and with a VM id, before the stop, after it has begun and when it is over.
    expect(status).toBeLessThanOrEqual(5 * 30);
    expect(pages).toBeLessThanOrEqual(12);
    expect(lists).toBeLessThanOrEqual(4);
    await run.end();
  });
});

describe("beside a long history of ended jobs", () => {
  const PAGES = 26;

  it("a first up of ten jobs walks it once, and makes three calls each at most", async () => {
    const account = cloud.account();
    await history(account, PAGES);
    const run = new ParallelRun(account);
    const made = await run.create("Job", 10, () => ({ waitFor: "none" }));
    const { [LIST]: pages, ...rest } = countsOf(account);
    expect(pages).toBe(PAGES);
    expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3 * 10);
    await run.end();

    // Our ten are the newest now: the first page shows them.
    await cloud.time.pass(60_000);
    const refresh = new ParallelRun(account);
    const seen = await refresh.read(made);
    expect(seen.map((props) => props?.status)).toEqual(Array(10).fill("running"));
    expect(countsOf(account)).toEqual({ [LIST]: 1, [STATUS]: 3 });
    await refresh.end();

    // Others' jobs have run since.
    await history(account, 1);
    const later = new ParallelRun(account);
    await later.read(made);
    expect(countsOf(account)).toEqual({ [LIST]: 1, [STATUS]: 10 });
    await later.end();
  });

  it("VMs that are waited for are looked for on the newest page, not in the history", async () => {
    const account = cloud.account();
    await history(account, PAGES);
    const run = new ParallelRun(account);
    const startedAt = cloud.time.now();
    await run.create("Job", 10);
    const looks = Math.floor((cloud.time.now() - startedAt) / 1_000) + 1;
    const counts = countsOf(account);
    expect(counts[LIST]).toBeLessThanOrEqual(PAGES + looks);
    expect(counts[STATUS]).toBeLessThanOrEqual(20);
    await run.end();
  });

  it("a workspace is made with one walk of it, however many there are", async () => {
    const account = cloud.account();
    await history(account, PAGES);
    const run = new ParallelRun(account);
    await run.create("Workspace", 5);
    const counts = countsOf(account);
    expect(counts[LIST]).toBeLessThanOrEqual(PAGES + 12);
    expect(counts["GET /mags-workspaces"]).toBeLessThanOrEqual(4);
    await run.end();
  });
});

describe("what is gone", () => {
  it("costs a second list for all, and a call each where one can be asked for", async () => {
    const account = cloud.account({ "mags:allowMassGone": "true" });
    const run = new ParallelRun(account);
    const aliases = await run.create("UrlAlias", 20, () => ({ workspaceId: "site" }));
    const crons = await run.create("CronJob", 20, () => ({ cronExpression: "0 3 * * *", script: "date" }));
    const workspaces = await run.create("Workspace", 5, () => ({ deletionProtection: false }));
    await run.end();
    for (const { id } of workspaces) await account.byHand("DELETE", `mags-workspaces/${id}`);
    for (const { outputs } of aliases)
      await account.byHand("DELETE", `mags-url-aliases/${String(outputs.subdomain)}`);
    for (const { id } of crons) await account.byHand("DELETE", `mags-cron/${id}`);
    cloud.emulator.clearCalls();
    const refresh = new ParallelRun(account);
    const seen = await refresh.read([...aliases, ...crons, ...workspaces], 45);
    expect(seen.every((props) => props === undefined)).toBe(true);
    expect(countsOf(account)).toEqual({
      "GET /mags-url-aliases": 2,
      "GET /mags-cron": 2,
      "GET /mags-cron/{id}": 20,
      "GET /mags-workspaces": 2,
    });
    await refresh.end();
  });

  it("is never concluded from a list that contradicts its own total", async () => {
    const account = cloud.account({ "mags:allowMassGone": "true" });
    const run = new ParallelRun(account);
    const args = { workspaceId: "site" };
    const made = [
      ...(await run.create("Job", 6, () => ({ waitFor: "none" }))),
      ...(await run.create("UrlAlias", 6, () => args)),
      ...(await run.create("CronJob", 6, () => ({ cronExpression: "0 3 * * *", script: "date" }))),
    ];
    await run.end();
    cloud.emulator.inject({ kind: "not-found", account: account.index, count: 0 });
    account.doom({
      tamper: ({ method, path }, answer) => {
        const list = method === "GET" && /mags-(jobs\?|cron$|url-aliases$)/.test(path);
        return list ? emptied(answer as Record<string, unknown>) : answer;
      },
    });
    const refresh = new ParallelRun(account);
    const outcomes = await Promise.allSettled(made.map((one) => refresh.read([one])));
    cloud.emulator.clearFaults();
    await refresh.end();
    for (const outcome of outcomes) {
      expect(messageOf(outcome)).toMatch(/nothing is concluded from it/);
    }
  });
});

function messageOf(outcome: PromiseSettledResult<unknown>): string {
  return outcome.status === "rejected" ? (outcome.reason as Error).message : "it succeeded";
}

/** The same list without its entries, but with its total. */
function emptied(answer: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
}

it("a job that this run has made is not gone because an older list does not show it", async () => {
  const account = cloud.account();
  const run = new ParallelRun(account);
  const made = await run.create("Job", 3, () => ({ waitFor: "none" }));
  // The status of a new job can be answered with 404.
  cloud.emulator.inject({ kind: "not-found", account: account.index, route: STATUS, count: 0 });
  const seen = await run.read(made);
  cloud.emulator.clearFaults();
  expect(seen.every((props) => props !== undefined)).toBe(true);
  await run.end();
});

describe("the budget", () => {
  const CRON = { cronExpression: "0 3 * * *", script: "date" };

  it("lets everything succeed while 30 % of the calls are refused", async () => {
    const account = cloud.account();
    cloud.emulator.inject({
      kind: "rate-limit",
      account: account.index,
      probability: 0.3,
      seed: 7,
      count: 0,
    });
    const run = new ParallelRun(account);
    const made = (
      await Promise.all([
        run.create("Job", 30, () => ({ timeouts: { create: 3_600 } })),
        run.create("UrlAlias", 15, () => ({ workspaceId: "site", timeouts: { create: 3_600 } })),
        run.create("CronJob", 15, () => ({ ...CRON, timeouts: { create: 3_600 } })),
      ])
    ).flat();
    await run.end();
    const destroy = new ParallelRun(account);
    const seen = await destroy.read(made);
    expect(seen.filter((props) => props === undefined)).toEqual([]);
    await destroy.delete(made);
    await destroy.end();
    const [{ hits } = { hits: 0 }] = cloud.emulator.faults();
    cloud.emulator.clearFaults();
    expect(hits).toBeGreaterThan(20);
    expect(account.snapshot().aliases).toEqual([]);
  });

  it("is as large as mags:maxConcurrency says", async () => {
    const limits: number[] = [];
    const note = { account: (opened: Account) => limits.push(opened.client.transport.limiter.max) };
    for (const maxConcurrency of ["", "2"]) {
      const run = new ParallelRun(cloud.account({ "mags:maxConcurrency": maxConcurrency }, note));
      await run.create("CronJob", 3, () => CRON);
      await run.end();
    }
    expect(limits).toEqual([16, 2]);
  });
});

it("what this run has written is seen at once", async () => {
  const account = cloud.account();
  const run = new ParallelRun(account);
  const made = await run.create("UrlAlias", 6, () => ({ workspaceId: "site" }));
  expect((await run.read(made)).every((props) => props !== undefined)).toBe(true);
  await run.delete(made);
  const again = await run.create("UrlAlias", 6, () => ({ workspaceId: "site" }));
  expect((await run.read(again)).every((props) => props !== undefined)).toBe(true);
  await run.end();
});
