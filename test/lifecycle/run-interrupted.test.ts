import { spawnSync } from "node:child_process";
import type { Values } from "../../provider/schema/fields";
import { ref, type Declared, type EngineModel, type Program, type Run } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { LEDGER } from "./support/converged";
import { describe as told, succeed } from "./support/points";

/** Runs that are not seen to end, or of which nobody can know how they ended. Kills are in the crash matrix. */

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

afterEach(async () => {
  cloud.emulator.clearFaults();
  await engine.destroy();
});

const active = () =>
  account.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));
const mutations = () => account.calls().filter((route) => !route.startsWith("GET"));
const reasons = (run: Run) => run.failures.map(({ message }) => message).join("\n");
const outputs = () => engine.entry("run").outputs;

const data: Declared = { name: "data", kind: "Workspace", args: { deletionProtection: false } };
const box: Declared = { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId") } };
const runOf = (args: Values): Declared => ({ name: "run", kind: "Run", args });

/** Runs until there is a file `go` in its home. The process is real, and nobody waits for it. */
const HELD: Values = {
  script: `${LEDGER}; echo $$ > pid; echo begun; while [ ! -e go ]; do sleep 0.01; done; echo ended`,
  environment: { WHAT: "held", HELD: "1" },
  timeouts: { create: 60, update: 60 },
};
const HOMES: [string, Declared[], Values][] = [
  ["on a workspace", [data], { workspaceId: ref("data", "workspaceId") }],
  ["inside a job", [data, box], { jobName: ref("box", "name") }],
];

/** Waits, in real time, for what a real process does. */
async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const home = () => engine.entry("data").id;
const pid = () => Number(account.files(home()).pid);
const alive = () => spawnSync("kill", ["-0", String(pid())]).status === 0;

describe.each(HOMES)("%s", (_where, needs, place) => {
  const held: Program = [...needs, runOf({ ...HELD, ...place })];
  const short = (what: string): Program => [
    ...needs,
    runOf({ script: LEDGER, environment: { WHAT: what }, ...place }),
  ];
  /** A first update, which gives up while the run goes on. */
  const begin = async (): Promise<Run> => {
    const first = await engine.up(held);
    await until(() => account.files(home()).pid !== undefined);
    return first;
  };

  it("what takes longer than its limit goes on, and is waited for by the next update", async () => {
    expect(reasons(await begin())).toMatch(/has not ended within \d+ s\. It goes on.*timeouts/);
    expect(outputs()).toMatchObject({ notReady: expect.any(String), requestId: expect.any(String) });
    expect(outputs()).not.toHaveProperty("exitCode");
    await succeed(engine.refresh(), "refresh");
    account.write(home(), "go", "");
    await succeed(engine.up(held), "second up");
    expect(outputs()).toMatchObject({ exitCode: 0, logTail: "begun\nended" });
    expect(account.ledger()).toEqual(["held"]);
    expect(active()).toHaveLength(needs.includes(box) ? 1 : 0);
  });

  it("a delete stops what still goes on", async () => {
    await begin();
    expect(alive()).toBe(true);
    await succeed(engine.up(needs), "taken away");
    await until(() => !alive());
    expect(active()).toHaveLength(needs.includes(box) ? 1 : 0);
  });

  it("a newer version stops an older one that still goes on, and is carried out", async () => {
    await begin();
    await succeed(engine.up(short("newer")), "another");
    await until(() => !alive());
    expect(account.ledger()).toEqual(["held", "newer"]);
    expect((await engine.up(short("newer"))).steps).toEqual([]);
  });

  it("what was stopped is not taken for done, and not repeated", async () => {
    await begin();
    await succeed(engine.up(short("newer")), "another");
    const back = await engine.up(held);
    expect(reasons(back)).toMatch(
      /did its work is not known: it was stopped before its end.*write 0 into ~\/\.mags-runs\/.*begun/s,
    );
    expect(account.ledger()).toEqual(["held", "newer"]);
    expect(outputs()).toMatchObject({ notReady: expect.any(String), last: { exitCode: 0 } });
    await succeed(engine.up(short("newer")), "back to the newer");
    expect(outputs()).not.toHaveProperty("last");
  });

  it("what lost its process is not known, and not repeated; a person can say that it is done", async () => {
    await begin();
    process.kill(-Number(account.files(home())[`.mags-runs/${String(outputs().runId)}/pid`]), "SIGKILL");
    await until(() => !alive());
    for (let time = 1; time <= 2; time++) {
      expect(reasons(await engine.up(held))).toMatch(/not known: its process is gone.*change triggers/s);
      expect(active()).toHaveLength(needs.includes(box) ? 1 : 0);
    }
    expect(account.ledger()).toEqual(["held"]);
    account.write(home(), `.mags-runs/${String(outputs().runId)}/exit-code`, "0\n");
    await succeed(engine.up(held), "after a person's word");
    expect(outputs()).toMatchObject({ exitCode: 0 });
  });

  it("is not begun where that cannot be put down, and the next update begins it", async () => {
    await succeed(engine.up(needs), "what it needs");
    cloud.emulator.inject({ kind: "sync-fails", account: account.index, count: 0 });
    expect(reasons(await engine.up(short("one")))).toMatch(/could not be put down.*was not begun/);
    cloud.emulator.clearFaults();
    expect(account.ledger()).toEqual([]);
    await succeed(engine.up(short("one")), "again");
    expect(account.ledger()).toEqual(["one"]);
  });
});

describe("inside a job", () => {
  const inside = (more: Values = {}) =>
    runOf({ script: LEDGER, environment: { WHAT: "one" }, jobName: "box", ...more });
  const named: Declared = { name: "box", kind: "Job", args: { name: "box" } };

  it("that is not there nothing is begun", async () => {
    expect(reasons(await engine.up([inside()]))).toMatch(
      /inside the job "box", but no job of that name is active/,
    );
    expect(mutations()).toEqual([]);
    expect(engine.state).toEqual([]);
  });

  it("that sleeps it is woken", async () => {
    await succeed(engine.up([named]), "job");
    await cloud.time.pass(15 * 60_000);
    expect(active()[0]!.status).toBe("sleeping");
    await succeed(engine.up([named, inside()]), "run");
    expect(account.snapshot().jobs[0]!.status).toBe("running");
  });

  it("that ends in the middle it can be looked for again", async () => {
    await succeed(engine.up([data, box]), "job");
    const program = [data, box, runOf({ ...HELD, jobName: ref("box", "name") })];
    cloud.emulator.inject({
      kind: "error-before",
      status: 404,
      route: "POST /mags-jobs/{id}/exec",
      account: account.index,
      skip: 3,
      count: 1,
    });
    expect(reasons(await engine.up(program))).toMatch(/cannot be asked any more.*Run again to look/);
    await until(() => account.files(home()).pid !== undefined);
    account.write(home(), "go", "");
    await succeed(engine.up(program), "again");
    expect(account.ledger()).toEqual(["held"]);
  });
});

describe("on a workspace", () => {
  const on = (workspaceId: unknown) => runOf({ script: LEDGER, environment: { WHAT: "one" }, workspaceId });

  it("that is not there, or on which somebody works, nothing is begun", async () => {
    expect(reasons(await engine.up([on("nowhere")]))).toMatch(
      /Run ".*" is to work on the workspace "nowhere", but there is no such/,
    );
    await succeed(engine.up([data, box]), "job");
    cloud.emulator.clearCalls();
    const clash = await engine.up([data, box, on(ref("data", "workspaceId"))]);
    expect(reasons(clash)).toMatch(/on which the job "box" runs.*Pass job instead of the workspace/);
    expect(mutations()).toEqual([]);
    await succeed(engine.up([data]), "no job");
    // Somebody else's, of which the program knows nothing.
    const theirs = { name: "theirs", script: "sleep infinity", persistent: true, workspace_id: home() };
    await account.byHand("POST", "mags-jobs", theirs);
    cloud.emulator.clearCalls();
    const busy = await engine.up([data, on(ref("data", "workspaceId"))]);
    expect(reasons(busy)).toMatch(/on that is active: "theirs" \(request .*\) \(running\).*Set job/);
    expect(mutations()).toEqual([]);
    expect(active()).toHaveLength(1);
    await account.stopByHand("theirs");
    await cloud.time.pass(10_000);
  });

  it("a VM that ends at once is replaced by another, and the run goes on", async () => {
    await succeed(engine.up([data]), "workspace");
    for (const kind of ["boot-fails", "vm-ends"] as const) {
      cloud.emulator.inject({ kind, route: "POST /mags-jobs", account: account.index, count: 1 });
      const declared = runOf({
        script: LEDGER,
        environment: { WHAT: kind },
        workspaceId: ref("data", "workspaceId"),
      });
      await succeed(engine.up([data, declared]), kind);
    }
    expect(account.ledger()).toEqual(["boot-fails", "vm-ends"]);
  });

  it("the VM of an update that was killed is seen by a refresh, and stopped by what comes then", async () => {
    const of = (what: string): Program => [
      data,
      runOf({ script: LEDGER, environment: { WHAT: what }, workspaceId: ref("data", "workspaceId") }),
    ];
    const killed = async (what: string) => {
      account.doom({ killAfter: ({ method, path }) => method === "POST" && path.endsWith("/mags-jobs") });
      expect((await engine.up(of(what))).killed).toBe(true);
      await cloud.time.pass(5_000);
      expect(active()).toHaveLength(1);
    };
    await succeed(engine.up(of("one")), "up");
    const { runId } = outputs();

    await killed("two");
    await engine.refresh();
    expect(outputs()).toMatchObject({ notReady: expect.stringMatching(/another run/), last: { runId } });
    await succeed(engine.up(of("one")), "as it was");
    expect(outputs()).toMatchObject({ runId, exitCode: 0 });
    expect(active()).toEqual([]);

    await killed("three");
    await succeed(engine.up(of("four")), "another edit");
    expect(active()).toEqual([]);

    await killed("five");
    await succeed(engine.destroy(), "destroy");
    expect(active()).toEqual([]);
    expect(account.ledger()).toEqual(["one", "four"]);
  });
});

describe("in a VM of its own", () => {
  const alone = (more: Values): Program => [runOf({ script: "sleep 300", ...more })];
  const short = { timeouts: { create: 60, update: 60 } };
  const requests = () => account.snapshot().jobs.length;

  it("what takes longer than its limit goes on, and is waited for by the next update", async () => {
    expect(reasons(await engine.up(alone(short)))).toMatch(/has not ended within 60 s/);
    await succeed(engine.up(alone({})), "second up");
    expect(outputs()).toMatchObject({ exitCode: 0 });
    expect(requests()).toBe(1);
  });

  it("a delete and a newer version stop what still goes on", async () => {
    await engine.up(alone(short));
    await succeed(engine.up(alone({ script: "sleep 1" })), "newer");
    expect(account.snapshot().jobs.map((job) => job.exitCode)).toEqual([0, undefined]);
    await engine.up(alone(short));
    await engine.up(alone({ ...short, triggers: 1 }));
    await succeed(engine.destroy(), "destroy");
    expect(active()).toEqual([]);
  });

  it("what was stopped from outside is not taken for done, although its status says so, nor repeated", async () => {
    await engine.up(alone(short));
    await account.stopByHand(String(outputs().runId));
    await cloud.time.pass(10_000);
    expect(account.snapshot().jobs[0]).toMatchObject({ status: "completed" });
    for (let time = 1; time <= 2; time++) {
      expect(reasons(await engine.up(alone({})))).toMatch(
        /not known: its VM ended with status completed.*change triggers/s,
      );
    }
    expect(requests()).toBe(1);
    await succeed(engine.up(alone({ triggers: "second try" })), "with another trigger");
    expect(requests()).toBe(2);
  });

  it("a VM that does not start is tried again, also by the next update, since nothing can have run", async () => {
    const boot = (count: number) =>
      cloud.emulator.inject({ kind: "boot-fails", route: "POST /mags-jobs", account: account.index, count });
    boot(1);
    await succeed(engine.up(alone({})), "with one that fails");
    expect(requests()).toBe(2);
    boot(2);
    expect(reasons(await engine.up(alone({ triggers: 1 })))).toMatch(
      /before its script began\. The next "pulumi up" tries again/,
    );
    cloud.emulator.clearFaults();
    await succeed(engine.up(alone({ triggers: 1 })), "again");
    expect(requests()).toBe(5);
  });

  it("a VM that ends while its script may be running is not replaced", async () => {
    cloud.emulator.inject({ kind: "vm-ends", route: "POST /mags-jobs", account: account.index, count: 1 });
    for (let time = 1; time <= 2; time++)
      expect(reasons(await engine.up(alone({})))).toMatch(/not known: its VM ended with status error/);
    expect(requests()).toBe(1);
  });

  const ledger = (more: Values = {}): Program => [
    runOf({ script: `${LEDGER}; exit 3`, environment: { WHAT: "one" }, ...more }),
  ];
  const lines = (answer: unknown): unknown => ({ ...(answer as object), logs: [] });
  const bare = (answer: unknown): unknown => ({ ...(answer as object), exit_code: undefined });

  it.each<[string, RegExp, (answer: unknown) => unknown]>([
    ["its exit code", /\/status$/, bare],
    ["its log", /\/logs$/, lines],
  ])("what the API does not tell of %s is known all the same", async (_what, path, tamper) => {
    account.doom({ tamper: (request, answer) => (path.test(request.path) ? tamper(answer) : answer) });
    expect(reasons(await engine.up(ledger()))).toMatch(/ended with exit code 3/);
    expect(account.ledger()).toEqual(["one"]);
  });

  it("what it tells of neither is not known", async () => {
    account.doom({
      tamper: ({ path }, answer) =>
        path.endsWith("/status") ? bare(answer) : path.endsWith("/logs") ? lines(answer) : answer,
    });
    expect(reasons(await engine.up(ledger()))).toMatch(/neither exit code nor log say how the script ended/);
  });

  it("a request that neither status nor list know any more is not submitted again", async () => {
    await engine.up(alone(short));
    const entries = engine.exportState();
    // An account in which it has never been.
    const elsewhere = cloud.account();
    const other = elsewhere.engine();
    other.importState(entries);
    const run = await other.up(alone({}));
    expect(told(run)).toMatch(/not known: its VM ended with status not found/);
    expect(elsewhere.calls().filter((route) => route.startsWith("POST"))).toEqual([]);
  });
});
