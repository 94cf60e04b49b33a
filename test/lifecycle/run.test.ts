import type { Values } from "../../provider/schema/fields";
import { isSecret } from "../support/engine-values";
import { ref, type Declared, type EngineModel, type Program, type Run } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { LEDGER } from "./support/converged";
import { succeed } from "./support/points";

/** What a run comes to, and when it is carried out again. What is interrupted is in `run-interrupted.test.ts`. */

const HOUR_MS = 3_600_000;

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
const reasons = (run: Run) => run.failures.map(({ message }) => message).join("\n");
const outputs = () => engine.entry("run").outputs;
const saidLines = () => said.mock.calls.map(([line]: unknown[]) => String(line));

const data: Declared = { name: "data", kind: "Workspace", args: { deletionProtection: false } };
const box: Declared = { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId") } };

/** Where a run can be carried out, with what has to be there. */
const PLACES: [string, Declared[], Values][] = [
  ["in a VM of its own", [], {}],
  ["on a workspace", [data], { workspaceId: ref("data", "workspaceId") }],
  ["inside a job", [data, box], { jobName: ref("box", "name") }],
];

describe.each(PLACES)("%s", (_where, needs, place) => {
  const program = (args: Values): Program => [
    ...needs,
    { name: "run", kind: "Run", args: { ...place, ...args } },
  ];
  /** Its script puts down `what`, and then does as told. */
  const ran = (what: string, then = "", more: Values = {}) =>
    program({ script: `${LEDGER}; ${then}:`, environment: { WHAT: what }, ...more });

  it("gives exit code and log, and leaves no VM running", async () => {
    const before = needs.includes(box) ? 1 : 0;
    await succeed(engine.up(ran("one", "echo hello; echo problem >&2; ")), "up");
    expect(outputs()).toMatchObject({
      exitCode: 0,
      logTail: "hello\nproblem",
      runId: expect.stringMatching(/^s\d+-run-[0-9a-z]{13}-[0-9a-z]{12}$/),
      requestId: expect.any(String),
    });
    expect(outputs()).not.toHaveProperty("notReady");
    expect(active()).toHaveLength(before);
    expect(account.ledger()).toEqual(["one"]);
  });

  it("is carried out by no preview, second up, refresh or edit that it does not see", async () => {
    await engine.preview(ran("one"));
    expect(account.ledger()).toEqual([]);
    await succeed(engine.up(ran("one")), "up");
    cloud.emulator.clearCalls();
    expect((await engine.up(ran("one"))).steps).toEqual([]);
    expect(await engine.refresh()).toMatchObject({ ok: true, gone: [], drifted: [] });
    await succeed(engine.up(ran("one", "", { timeouts: { create: 600 } })), "another limit");
    const secret = program({ script: `${LEDGER}; :`, secrets: { WHAT: "one" } });
    await succeed(engine.up(secret), "a variable that becomes a secret");
    expect(account.ledger()).toEqual(["one"]);
    expect(mutations()).toEqual([]);
  });

  it("is carried out once more for another script, environment, secret or trigger", async () => {
    await succeed(engine.up(ran("one")), "up");
    await succeed(engine.up(ran("two", "echo two; ")), "another environment");
    await succeed(engine.up(program({ script: LEDGER, environment: { WHAT: "three" } })), "another script");
    await succeed(engine.up(ran("four", "", { secrets: { A: "x" } })), "a secret");
    await succeed(engine.up(ran("five", "", { triggers: { version: 2 } })), "a trigger");
    expect(account.ledger()).toEqual(["one", "two", "three", "four", "five"]);
  });

  it("is not carried out again for what it was carried out with before, and says so", async () => {
    await succeed(engine.up(ran("one", "echo first; ")), "up");
    const { runId } = outputs();
    await succeed(engine.up(ran("two")), "another");
    said.mockClear();
    await succeed(engine.up(ran("one", "echo first; ")), "back again");
    expect(outputs()).toMatchObject({ runId, exitCode: 0, logTail: "first" });
    expect(account.ledger()).toEqual(["one", "two"]);
    // The plan says it in the preview, and in the update.
    expect([...new Set(saidLines())]).toEqual([
      expect.stringMatching(/^Run ".*": rerun for .* unless it has run with exactly this before\)$/),
      expect.stringMatching(/was carried out before.*not run again. Change triggers/),
    ]);
  });

  it("fails the update with exit code and log, and is not tried again as it is", async () => {
    const failing = ran("one", "echo no such table; exit 3; ");
    const failed = await engine.up(failing);
    expect(reasons(failed)).toMatch(/ended with exit code 3\..*change triggers.*no such table/s);
    expect(outputs()).toMatchObject({ exitCode: 3, logTail: "no such table", notReady: expect.any(String) });
    cloud.emulator.clearCalls();
    for (const before of [() => Promise.resolve(), () => engine.refresh()]) {
      await before();
      expect(reasons(await engine.up(failing))).toMatch(/ended with exit code 3\..*change triggers/s);
    }
    expect(mutations()).toEqual([]);
    expect(account.ledger()).toEqual(["one"]);
    await succeed(engine.up(ran("two")), "corrected");
    expect(outputs()).toMatchObject({ exitCode: 0 });
    expect(outputs()).not.toHaveProperty("notReady");
  });

  it.each(["at once", "after a refresh"])("that fails can be taken back %s", async (when) => {
    await succeed(engine.up(ran("one", "echo fine; ")), "up");
    const { runId } = outputs();
    expect(reasons(await engine.up(ran("two", "exit 4; ")))).toMatch(/exit code 4/);
    expect(outputs()).toMatchObject({ exitCode: 4 });
    if (when === "after a refresh") await succeed(engine.refresh(), "refresh");
    cloud.emulator.clearCalls();
    await succeed(engine.up(ran("one", "echo fine; ")), "taken back");
    expect(outputs()).toMatchObject({ runId, exitCode: 0, logTail: "fine" });
    expect(outputs()).not.toHaveProperty("last");
    expect(account.ledger()).toEqual(["one", "two"]);
    expect(account.calls()).toEqual([]);
    expect((await engine.up(ran("one", "echo fine; "))).steps).toEqual([]);
  });

  it("leaves nothing behind when it is deleted, and touches nothing", async () => {
    await succeed(engine.up(ran("one")), "up");
    cloud.emulator.clearCalls();
    await succeed(engine.up(needs), "taken away");
    expect(mutations()).toEqual([]);
    await succeed(engine.destroy(), "destroy");
    expect(active()).toEqual([]);
  });

  it("masks the values of secrets in its log and in messages", async () => {
    const secrets = { PASSWORD: "hunter2", KEY: "-----BEGIN-----\nline one\n}\n-----END-----" };
    const script = `${LEDGER}; echo "with $PASSWORD"; printf '%s\\n' "$KEY"; echo 'a } stays'; exit 1`;
    const failed = await engine.up(program({ script, secrets }));
    expect(reasons(failed)).toMatch(/with \[secret\]/);
    expect(outputs().logTail).toBe("with [secret]\n[secret]\na } stays");
    const { secrets: _, ...kept } = outputs();
    for (const text of [
      reasons(failed),
      JSON.stringify(kept),
      JSON.stringify(engine.entry("run").initErrors),
    ])
      expect(text).not.toMatch(/hunter2|line one/);
  });

  it("keeps the log encrypted where the program says so, also after a refresh, and out of messages", async () => {
    const secret = { secretLog: true, timeouts: { create: 600 } };
    await succeed(engine.up(ran("one", "echo hidden; ", secret)), "up");
    expect(isSecret(outputs().logTail)).toBe(true);
    await engine.refresh();
    expect(isSecret(outputs().logTail)).toBe(true);
    const failed = await engine.up(ran("two", "echo hidden too; exit 1; ", secret));
    expect(reasons(failed)).toMatch(/exit code 1.*Its log is secret/s);
    expect(reasons(failed)).not.toMatch(/hidden/);
    expect(outputs()).toMatchObject({ logTail: { value: "hidden too" } });
    expect(isSecret(outputs().last)).toBe(true);
  });

  it("is not taken for gone when the cloud has forgotten its VM", async () => {
    await succeed(engine.up(ran("one")), "up");
    const entry = engine.exportState();
    // An account that has never heard of it.
    const elsewhere = cloud.account();
    const other = elsewhere.engine();
    other.importState(entry);
    expect((await other.refresh()).gone).not.toContain("run");
    expect(other.entry("run").outputs).toMatchObject({ exitCode: 0 });
  });
});

describe.each(PLACES.slice(1))("%s that is made anew", (_where, needs, place) => {
  it("is carried out there once more, since nothing of it is left", async () => {
    const run: Declared = {
      name: "run",
      kind: "Run",
      args: { ...place, script: LEDGER, environment: { WHAT: "x" } },
    };
    await succeed(engine.up([...needs, run]), "up");
    const { id } = engine.entry("data");
    if (needs.includes(box)) {
      await account.stopByHand(engine.entry("box").id);
      await cloud.time.pass(10_000);
    }
    await account.byHand("DELETE", `mags-workspaces/${id}`);
    account.forgetDeleted([id]);
    expect(account.ledger()).toEqual([]);
    expect((await engine.refresh()).gone).toEqual(["data"]);
    await succeed(engine.up([...needs, run]), "made anew");
    expect(account.ledger()).toEqual(["x"]);
    expect((await engine.up([...needs, run])).steps).toEqual([]);
  });

  it("which it already remembers is asked, and nothing is carried out", async () => {
    const args = (workspaceId: unknown): Values => ({
      workspaceId,
      script: LEDGER,
      environment: { WHAT: "x" },
    });
    await succeed(engine.up([data]), "workspace");
    const { id } = engine.entry("data");
    await succeed(engine.up([data, { name: "run", kind: "Run", args: args(id) }]), "by its name");
    // From now on the program says which making of the workspace it is.
    const known: Declared = { name: "run", kind: "Run", args: args(ref("data", "workspaceId")) };
    await succeed(engine.up([data, known]), "by the workspace");
    expect(account.ledger()).toEqual(["x"]);
    expect((await engine.up([data, known])).steps).toEqual([]);
  });
});

describe("an hour of silence", () => {
  it("in a VM of its own is waited for, and told of", async () => {
    await succeed(engine.up([{ name: "run", kind: "Run", args: { script: "sleep 3600" } }]), "up");
    expect(outputs()).toMatchObject({ exitCode: 0 });
    assertPatient();
  });

  it("inside a job is waited for, and told of; no command is a long one", async () => {
    let now = () => 0;
    const silent = await TestCloud.start({ simulate: silentFor(HOUR_MS, () => now()) });
    now = () => silent.emulator.clock.now();
    try {
      const user = silent.account();
      const model = user.engine();
      const local: Declared = { name: "box", kind: "Job", args: { noSleep: true } };
      const run: Declared = {
        name: "run",
        kind: "Run",
        args: { script: "./migrate.sh", jobName: ref("box", "name") },
      };
      await succeed(model.up([local, run]), "up");
      expect(model.entry("run").outputs).toMatchObject({ exitCode: 0, logTail: "after an hour" });
      assertPatient();
      const commands = silent.emulator.calls().filter(({ route }) => route.endsWith("/exec"));
      expect(commands.length).toBeGreaterThan(300);
      expect(commands.length).toBeLessThan(500);
      for (const { body } of commands) expect((body as { timeout: number }).timeout).toBeLessThanOrEqual(30);
    } finally {
      await silent.stop();
    }
  });

  /** Told of at most every 10 s, and at least every 30. */
  function assertPatient(): void {
    const lines = saidLines().filter((line) => /^waiting for run ".*" to end/.test(line));
    const seconds = lines.map((line) => Number(/(\d+) s so far/.exec(line)![1]));
    expect(seconds.length).toBeGreaterThan(HOUR_MS / 30_000);
    for (const [index, at] of seconds.entries())
      expect(at - (seconds[index - 1] ?? 0)).toBeGreaterThanOrEqual(10);
  }

  /** A VM in which a run is delivered and started, and is over after some time. */
  function silentFor(ms: number, now: () => number) {
    let startedAt: number | undefined;
    return (command: string) => {
      if (!command.includes(".mags-runs")) return undefined;
      if (command.includes("setsid")) startedAt = now();
      if (startedAt === undefined) return { exitCode: 0, stdout: "absent\n" };
      const over = now() - startedAt >= ms;
      return { exitCode: 0, stdout: over ? "done 0\nafter an hour\n" : "running\n" };
    };
  }
});
