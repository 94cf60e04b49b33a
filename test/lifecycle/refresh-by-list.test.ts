import type { Program } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { succeed } from "./support/points";

let cloud: TestCloud;

beforeAll(async () => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
  cloud = await TestCloud.start();
});

afterAll(async () => {
  await cloud.stop();
  jest.restoreAllMocks();
});

const fleet = (size: number): Program =>
  Array.from({ length: size }, (_, i) => ({
    name: `box${i}`,
    kind: "Job" as const,
    args: { waitFor: "none" },
  }));

/** So many pages of jobs that have ended, and stay listed. */
async function endedJobs(account: TestAccount, pages: number): Promise<void> {
  const submit = () =>
    account.byHand("POST", "mags-jobs", { script: "true", type: "inline", persistent: false });
  for (let page = 0; page < pages; page++) await Promise.all(Array.from({ length: 50 }, submit));
  await cloud.time.pass(60_000);
}

it("120 jobs are refreshed by the pages of one list, and drift is still seen and healed", async () => {
  const account = cloud.account();
  const engine = account.engine();
  const program = fleet(120);
  await succeed(engine.up(program), "up");
  await succeed(engine.refresh(), "settling refresh");
  cloud.emulator.clearCalls();
  expect(await engine.refresh()).toMatchObject({ ok: true, gone: [], drifted: [] });
  const calls = account.calls();
  // Three pages and the first one once more, for its size; three reads ask for themselves.
  expect(calls.filter((route) => route === "GET /mags-jobs").length).toBeLessThanOrEqual(4);
  expect(calls.filter((route) => route === "GET /mags-jobs/{id}/status").length).toBeLessThanOrEqual(3);
  await account.stopByHand(engine.entry("box77").id);
  await cloud.time.pass(60_000);
  expect((await succeed(engine.refresh(), "refresh")).drifted).toEqual(["box77"]);
  expect((await succeed(engine.up(program), "up")).steps).toEqual(["update box77"]);
});

it("a long history of ended jobs is not walked", async () => {
  const account = cloud.account();
  await endedJobs(account, 26);
  const engine = account.engine();
  await succeed(engine.up(fleet(10)), "up");
  await endedJobs(account, 1);
  cloud.emulator.clearCalls();
  expect(await engine.refresh()).toMatchObject({ ok: true, gone: [], drifted: [] });
  expect(account.calls().filter((route) => route === "GET /mags-jobs")).toHaveLength(1);
  expect(account.calls().filter((route) => route === "GET /mags-jobs/{id}/status")).toHaveLength(10);
});
