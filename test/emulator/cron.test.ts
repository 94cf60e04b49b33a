import type { Cloud } from "../../emulator/cloud";
import type { Fleet } from "../../emulator/lifecycle/fleet";
import { Scheduler } from "../../emulator/lifecycle/scheduler";
import type { CronJob } from "../../emulator/model";
import { call, logs, start, stopAll, submit } from "./support";
import type { Emulator } from "../../emulator";

afterEach(stopAll);

const MINUTE = 60_000;
/** A minute before three in the morning, UTC. */
const BEFORE_THREE = Date.UTC(2031, 4, 5, 2, 59, 0);

function driven(): Promise<Emulator> {
  return start({ execute: "simulate", clock: "driven", startAt: BEFORE_THREE, bootMs: 0, vmIdMs: 0 });
}

async function make(emulator: Emulator, body: Record<string, unknown> = {}) {
  const answer = await call(emulator, "POST", "/v1/mags-cron", {
    name: "nightly",
    cron_expression: "0 3 * * *",
    script: "true",
    ...body,
  });
  if (answer.status >= 400) throw new Error(answer.text);
  return answer.body as Record<string, unknown> & { id: string };
}

const fires = (emulator: Emulator) => emulator.snapshot().jobs.filter((job) => job.cronId !== undefined);

describe("cron jobs", () => {
  test("what was sent comes back, but for the environment; enabled is not honoured on create", async () => {
    const emulator = await driven();
    const cron = await make(emulator, { environment: { A: "secret" }, workspace_id: "w", enabled: false });
    expect(cron).toEqual({
      id: expect.any(String),
      name: "nightly",
      cron_expression: "0 3 * * *",
      script: "true",
      persistent: false,
      workspace_id: "w",
      enabled: true,
      next_run_at: "2031-05-05T03:00:00.000Z",
      created_at: "2031-05-05T02:59:00.000Z",
      updated_at: "2031-05-05T02:59:00.000Z",
    });
    expect((await call(emulator, "GET", `/v1/mags-cron/${cron.id}`)).body).toEqual(cron);
    expect((await call(emulator, "GET", "/v1/mags-cron")).body).toEqual({ cron_jobs: [cron], total: 1 });
  });

  test.each(["* * * *", "* * * * * *", "nonsense", "61 * * * *", "0 0 31 2 *", "@daily", "0 0 L * *", ""])(
    "the expression %j is refused",
    async (expression) => {
      const emulator = await driven();
      const answer = await call(emulator, "POST", "/v1/mags-cron", {
        name: "n",
        cron_expression: expression,
        script: "true",
      });
      expect(answer.status).toBe(422);
      expect((await call(emulator, "GET", "/v1/mags-cron")).body.total).toBe(0);
    },
  );

  test("fires at the right minute, and each fire is a job", async () => {
    const emulator = await driven();
    const cron = await make(emulator, { script: "echo fired" });
    await emulator.clock.advance(MINUTE - 1);
    expect(fires(emulator)).toEqual([]);
    await emulator.clock.advance(1);
    expect(fires(emulator)).toMatchObject([{ cronId: cron.id, createdAt: BEFORE_THREE + MINUTE }]);
    await emulator.clock.advance(MINUTE);
    const [fire] = (await call(emulator, "GET", "/v1/mags-jobs")).body.jobs;
    expect(fire.status).toBe("completed");
    expect(await logs(emulator, fire.request_id)).toContain("fired");
    expect((await call(emulator, "GET", `/v1/mags-cron/${cron.id}`)).body).toMatchObject({
      last_run_at: "2031-05-05T03:00:00.000Z",
      next_run_at: "2031-05-06T03:00:00.000Z",
    });
    await emulator.clock.advance(2 * 24 * 60 * MINUTE);
    expect(fires(emulator)).toHaveLength(3);
  });

  test("an edit takes effect in place; a disabled or deleted one does not fire", async () => {
    const emulator = await driven();
    const cron = await make(emulator);
    const patch = (body: unknown) => call(emulator, "PATCH", `/v1/mags-cron/${cron.id}`, body);
    await patch({ cron_expression: "5 3 * * *" });
    await emulator.clock.advance(2 * MINUTE);
    expect(fires(emulator)).toHaveLength(0);
    await emulator.clock.advance(5 * MINUTE);
    expect(fires(emulator)).toHaveLength(1);
    const off = await patch({ enabled: false });
    expect(off.body).toMatchObject({ id: cron.id, enabled: false });
    expect(off.body).not.toHaveProperty("next_run_at");
    await emulator.clock.advance(24 * 60 * MINUTE);
    expect(fires(emulator)).toHaveLength(1);
    await patch({ enabled: true });
    expect((await call(emulator, "DELETE", `/v1/mags-cron/${cron.id}`)).status).toBeLessThan(300);
    await emulator.clock.advance(24 * 60 * MINUTE);
    expect(fires(emulator)).toHaveLength(1);
    expect((await call(emulator, "GET", `/v1/mags-cron/${cron.id}`)).status).toBe(404);
  });

  test("PATCH replaces the environment, clears with an empty text and refuses nonsense whole", async () => {
    const emulator = await driven();
    const cron = await make(emulator, { environment: { A: "1", B: "2" }, workspace_id: "w" });
    const patch = (body: unknown) => call(emulator, "PATCH", `/v1/mags-cron/${cron.id}`, body);
    await patch({ environment: { C: "3" }, workspace_id: "" });
    expect(emulator.snapshot().crons[0]).toMatchObject({ environment: { C: "3" } });
    expect(emulator.snapshot().crons[0]?.workspaceId).toBeUndefined();
    expect((await patch({ name: "other", cron_expression: "x" })).status).toBe(422);
    expect(emulator.snapshot().crons[0]).toMatchObject({ name: "nightly" });
  });

  test("a fire on a busy workspace is a failed job, and never a second writer", async () => {
    const emulator = await driven();
    await submit(emulator, { script: "sleep infinity", persistent: true, workspace_id: "busy" });
    await make(emulator, { workspace_id: "busy" });
    await emulator.clock.advance(2 * MINUTE);
    const [fire] = fires(emulator);
    expect(fire).toMatchObject({ status: "error", workspaceId: "busy" });
    expect(await logs(emulator, fire?.requestId ?? "")).toContainEqual(
      expect.stringContaining("already in use"),
    );
    expect(emulator.snapshot().jobs.filter((job) => job.status === "running")).toHaveLength(1);
  });

  test("overlapping fires run side by side without a workspace, and fail with one", async () => {
    const emulator = await driven();
    await make(emulator, { name: "free", cron_expression: "* * * * *", script: "sleep 600" });
    await make(emulator, {
      name: "bound",
      cron_expression: "* * * * *",
      script: "sleep 600",
      workspace_id: "w",
    });
    await emulator.clock.advance(3 * MINUTE);
    const statuses = (name: string) =>
      fires(emulator)
        .filter((job) => job.name.startsWith(name))
        .map((job) => job.status)
        .reverse();
    expect(statuses("free")).toEqual(["running", "running", "running"]);
    expect(statuses("bound")).toEqual(["running", "error", "error"]);
  });
});

test("a fire whose minute has passed when its timer comes is skipped, as after a sleep of this machine", () => {
  let now = BEFORE_THREE;
  const timers: (() => void)[] = [];
  const clock = {
    now: () => now,
    after: (_ms: number, task: () => void) => {
      timers.push(task);
      return { cancel: () => undefined };
    },
  };
  const state = {
    saveCron: () => undefined,
    activeByName: () => undefined,
    activeByWorkspace: () => undefined,
  };
  const created: unknown[] = [];
  const scheduler = new Scheduler(
    { clock, state, log: () => undefined } as unknown as Cloud,
    { create: (...parameters: unknown[]) => created.push(parameters) } as unknown as Fleet,
  );
  const cron = {
    id: "c",
    name: "n",
    account: 0,
    cronExpression: "0 3 * * *",
    enabled: true,
    environment: {},
  };
  scheduler.plan(cron as CronJob);
  now = BEFORE_THREE + 2 * MINUTE;
  timers.shift()?.();
  expect(created).toEqual([]);
  // The next one is planned, and comes in time.
  now = BEFORE_THREE + MINUTE + 24 * 60 * MINUTE + 59_000;
  timers.shift()?.();
  expect(created).toHaveLength(1);
});
