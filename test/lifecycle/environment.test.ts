import type { Values } from "../../provider/schema/fields";
import type { EngineModel, Program } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { succeed } from "./support/points";

/** What scripts get to see, of a Job and of a CronJob alike. */

let cloud: TestCloud;
let account: TestAccount;
let engine: EngineModel;

beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.stop());
beforeEach(() => {
  account = cloud.account();
  engine = account.engine();
});

const CRON = { cronExpression: "0 3 * * *", script: "true" };
const KINDS: ["Job" | "CronJob", Values, string][] = [
  ["Job", {}, "POST /mags-jobs"],
  ["CronJob", CRON, "PATCH /mags-cron/{id}"],
];

describe.each(KINDS)("of a %s", (kind, least, change) => {
  const program = (args: Values): Program => [{ name: "it", kind, args: { ...least, ...args } }];
  const up = (args: Values) => succeed(engine.up(program(args)), "up");
  const seen = () => {
    const { jobs, crons } = account.snapshot();
    const [found] = kind === "Job" ? jobs.filter(({ status }) => status === "running") : crons;
    return found!.environment;
  };
  const mutations = () => account.calls().filter((route) => !route.startsWith("GET"));

  it("environment and secrets are one, and control keys are passed through as they are", async () => {
    const environment = { MODE: "a", EMPTY: "", __MAGS_KEEP_ALIVE: "true", __MAGS_MEM_GB: "4" };
    await up({ environment, secrets: { KEY: "k", __MAGS_NEW_KEY: "x" } });
    expect(seen()).toEqual({ ...environment, KEY: "k", __MAGS_NEW_KEY: "x" });
    expect((await up({ environment, secrets: { KEY: "k", __MAGS_NEW_KEY: "x" } })).steps).toEqual([]);
  });

  it("a change of a secret alone arrives, beside what is not secret", async () => {
    await up({ environment: { MODE: "a" }, secrets: { KEY: "old" } });
    cloud.emulator.clearCalls();
    await up({ environment: { MODE: "a" }, secrets: { KEY: "new" } });
    expect(mutations()).toContain(change);
    expect(seen()).toEqual({ MODE: "a", KEY: "new" });
  });

  it("what is taken away is gone, and an empty map is no map", async () => {
    await up({ environment: { MODE: "a", OTHER: "b" }, secrets: { KEY: "k" } });
    await up({ environment: { MODE: "a" } });
    expect(seen()).toEqual({ MODE: "a" });
    await up({});
    expect(seen()).toEqual({});
    cloud.emulator.clearCalls();
    expect((await up({ environment: {}, secrets: {} })).steps).toEqual([]);
    expect(mutations()).toEqual([]);
  });

  it("a name in both maps is refused before anything is called, without the secret value", async () => {
    await up({ environment: { MODE: "a" } });
    cloud.emulator.clearCalls();
    const run = await engine.up(program({ environment: { MODE: "a" }, secrets: { MODE: "hunter2" } }));
    const [failure] = run.failures;
    expect(failure!.message).toContain("environment and secrets both set MODE: keep one of them.");
    expect(failure!.message).not.toContain("hunter2");
    expect(mutations()).toEqual([]);
    expect(seen()).toEqual({ MODE: "a" });
  });
});

describe("idleTimeout of a Job", () => {
  const up = (args: Values) => succeed(engine.up([{ name: "box", kind: "Job", args }]), "up");
  const live = () =>
    account.snapshot().jobs.find(({ status }) => ["pending", "running", "sleeping"].includes(status))!;

  it("is a control key beside the others, and the VM sleeps after so many minutes", async () => {
    await up({ idleTimeout: 30, environment: { A: "1" } });
    expect(live().environment).toEqual({ A: "1", __MAGS_IDLE_MIN: "30" });
    await cloud.time.pass(29 * 60_000);
    expect(live().status).toBe("running");
    await cloud.time.pass(2 * 60_000);
    expect(live().status).toBe("sleeping");
  });

  it("is one restart when it changes, and no key when it is taken away", async () => {
    await up({ idleTimeout: 30 });
    const { requestId } = live();
    await up({ idleTimeout: 5 });
    expect(live().environment).toEqual({ __MAGS_IDLE_MIN: "5" });
    expect(live().requestId).not.toBe(requestId);
    await up({});
    expect(live().environment).toEqual({});
  });
});
