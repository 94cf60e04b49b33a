import {
  JobStateError,
  JobTimeoutError,
  NoAnswerError,
  NotFoundError,
  OutcomeUnknownError,
} from "../../../provider/client";
import { failure, type OnEmulator, onEmulator, onFakeApi, stopAll } from "./support";

let the: OnEmulator;
beforeEach(async () => {
  the = await onEmulator();
});
afterEach(stopAll);

describe("run", () => {
  it("sends each option under the API's name, and nothing else", async () => {
    await the.mags.new("base");
    the.calls();
    const { requestId, status } = await the.mags.run("serve", {
      name: "web",
      workspaceId: "site",
      baseWorkspaceId: "base",
      persistent: true,
      noSleep: true,
      noSync: true,
      startupCommand: "resume",
      environment: { A: "1", __MAGS_IDLE_MIN: "30" },
      fileIds: [],
      diskGb: 5,
      rootfsType: "pi",
    });
    expect(status).toBe("accepted");
    await expect(the.mags.status(requestId)).resolves.toMatchObject({ requestId, name: "web" });
    expect(the.creates()).toEqual([
      {
        script: "serve",
        type: "inline",
        name: "web",
        workspace_id: "site",
        base_workspace_id: "base",
        persistent: true,
        no_sleep: true,
        no_sync: true,
        startup_command: "resume",
        environment: { A: "1", __MAGS_IDLE_MIN: "30" },
        disk_gb: 5,
        rootfs_type: "pi",
      },
    ]);
  });

  it("goes to v2 for sizes", async () => {
    const fake = await onFakeApi();
    fake.api.answer(() => ({ body: { request_id: "r" } }));
    await fake.mags.run("true", { vcpus: 4, memoryMb: 8192 });
    expect(fake.api.requests[0]).toMatchObject({
      path: "/api/v2/mags-jobs",
      body: { vcpus: 4, memory_mb: 8192 },
    });
  });

  it("makes a name up for a job without one, another for each", async () => {
    await Promise.all([the.mags.run("true"), the.mags.run("true")]);
    const names = the.creates().map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^run-[0-9a-f]{16}$/);
  });
});

describe("runAndWait", () => {
  it("gives logs and exit code of a script that ends well", async () => {
    const result = await the.mags.runAndWait("echo Hello World");
    expect(result).toMatchObject({ status: "completed", exitCode: 0 });
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
    const line = result.logs.find(({ message }) => message === "Hello World");
    expect(line).toMatchObject({ level: "info" });
    expect(Date.parse(line!.timestamp!)).not.toBeNaN();
  });

  it("gives those of one that fails, too", async () => {
    await expect(the.mags.runAndWait("exit 3")).resolves.toMatchObject({ status: "error", exitCode: 3 });
  });

  it("ends with the script of a persistent VM, which stays", async () => {
    const result = await the.mags.runAndWait("echo done", { persistent: true, pollInterval: 100 });
    expect(result).toMatchObject({ status: "sleeping", exitCode: 0 });
    // What a persistent script writes comes as bare texts (observed).
    expect(result.logs).toContainEqual({ message: "done" });
    const noSleep = await the.mags.runAndWait("true", { persistent: true, noSleep: true });
    expect(noSleep).toMatchObject({ status: "running", exitCode: 0 });
  });

  it("does not take a failure without an exit code for a success", async () => {
    const fake = await onFakeApi();
    fake.api.answer(({ method, path }) =>
      method === "POST"
        ? { body: { request_id: "r" } }
        : { body: path.endsWith("/logs") ? { logs: [] } : { status: "error" } },
    );
    const result = await fake.mags.runAndWait("true");
    expect(result).toEqual({ requestId: "r", status: "error", logs: [] });
  });

  it("survives that a new job is not found at first", async () => {
    the.emulator.inject({ kind: "not-found", route: "GET /mags-jobs/{id}/status", count: 3 });
    await expect(the.mags.runAndWait("true")).resolves.toMatchObject({ status: "completed" });
  });

  it("gives up in time, with the id of what goes on", async () => {
    const fake = await onFakeApi();
    fake.api.answer(({ method }) => ({
      body: method === "POST" ? { request_id: "r" } : { status: "running", vm_id: "vm" },
    }));
    const begunAt = fake.clock.now();
    const error = await failure(fake.mags.runAndWait("sleep 999", { timeout: 20_000, pollInterval: 500 }));
    expect(error).toBeInstanceOf(JobTimeoutError);
    expect(error).toMatchObject({ requestId: "r" });
    expect(error.message).toMatch(
      /Job r timed out: its script had not ended after 20000 ms \(status running\)/,
    );
    expect(fake.clock.now() - begunAt).toBe(20_000);
    expect(new Set(fake.clock.slept)).toEqual(new Set([0, 500]));
  });
});

describe("new", () => {
  it.each([
    [{}, { no_sync: true }],
    [{ persistent: true }, {}],
    [
      { persistent: true, diskGb: 4, rootfsType: "claude", noSleep: true },
      { disk_gb: 4, rootfs_type: "claude", no_sleep: true },
    ],
  ])("with %j starts what the vendor's new() starts, with its name", async (options, more) => {
    const ready = await the.mags.new("box", options);
    expect(ready).toEqual({ requestId: expect.any(String), status: "running" });
    expect(the.creates()).toEqual([
      {
        script: "sleep infinity",
        type: "inline",
        persistent: true,
        workspace_id: "box",
        name: "box",
        ...more,
      },
    ]);
  });

  it("waits until there is a VM: running alone is not enough", async () => {
    const slow = await onEmulator({ vmIdMs: 100 });
    const { requestId } = await slow.mags.new("box");
    await expect(slow.mags.status(requestId)).resolves.toMatchObject({ vmId: expect.any(String) });
  });

  it("says how it ended when the VM does not come up", async () => {
    the.emulator.inject({ kind: "boot-fails", route: "POST /mags-jobs" });
    const error = await failure(the.mags.new("box"));
    expect(error).toBeInstanceOf(JobStateError);
    expect(error.message).toMatch(/"box" ended before its VM was ready.*status error.*VM failed to boot/s);
  });

  it("says where it stands when it takes too long", async () => {
    const fake = await onFakeApi();
    fake.api.answer(({ method }) => ({
      body: method === "POST" ? { request_id: "r" } : { status: "running" },
    }));
    const error = await failure(fake.mags.new("box", { timeout: 10_000 }));
    expect(error).toBeInstanceOf(JobTimeoutError);
    expect(error.message).toMatch(/"box" was not ready within 10000 ms.*as request r.*timeout/s);
  });
});

describe("status and logs", () => {
  it("survive that a new job is not found at first", async () => {
    const { requestId } = await the.mags.run("true");
    the.emulator.inject({ kind: "not-found", route: "GET /mags-jobs/{id}/status", count: 2 });
    the.emulator.inject({ kind: "not-found", route: "GET /mags-jobs/{id}/logs", count: 2 });
    await expect(the.mags.status(requestId)).resolves.toMatchObject({ requestId });
    await expect(the.mags.logs(requestId)).resolves.toHaveProperty("logs");
  });

  it("of a job that nobody has are errors at once", async () => {
    the.calls();
    await expect(the.mags.status("nobody")).rejects.toThrow(NotFoundError);
    await expect(the.mags.logs("nobody")).rejects.toThrow(NotFoundError);
    expect(the.calls()).toHaveLength(2);
  });

  it("show the URL on the domain of the client, whatever domain the API shows", async () => {
    const fake = await onFakeApi({ domain: "apps.mags.run" });
    fake.api.answer(() => ({
      body: { status: "running", subdomain: "abc", url: "https://abc.apps.magpiecloud.com" },
    }));
    await expect(fake.mags.status("r")).resolves.toEqual({
      requestId: "r",
      status: "running",
      subdomain: "abc",
      url: "https://abc.apps.mags.run",
    });
  });
});

describe("updateJob", () => {
  it("sends what is given, in the API's names", async () => {
    const { requestId } = await the.mags.new("box");
    the.calls();
    await the.mags.updateJob(requestId, { noSleep: false, startupCommand: "" });
    const [call] = the.emulator.calls();
    expect(call).toMatchObject({
      route: "PATCH /mags-jobs/{id}",
      body: { no_sleep: false, startup_command: "" },
    });
  });

  it("of a job that ends with its script is refused by the API", async () => {
    const { requestId } = await the.mags.run("sleep 60");
    await expect(the.mags.updateJob(requestId, { noSleep: true })).rejects.toMatchObject({ status: 400 });
  });
});

describe("exec", () => {
  it("gives exit code and outputs, by name, workspace and request id", async () => {
    const { requestId } = await the.mags.new("box");
    for (const nameOrId of ["box", requestId]) {
      await expect(the.mags.exec(nameOrId, "echo hi; exit 2")).resolves.toEqual({
        exitCode: 2,
        output: "hi\n",
        stderr: "",
      });
    }
  });

  it("sends its limit in seconds, rounded up", async () => {
    await the.mags.new("box");
    the.calls();
    await the.mags.exec("box", "true", { timeout: 1_500 });
    expect(the.emulator.calls().at(-1)).toMatchObject({ body: { command: "true", timeout: 2 } });
  });

  it.each(["completed", "pending"])("in a VM that is %s is an error that says what to do", async (status) => {
    const fake = await onFakeApi();
    fake.api.answer(() => ({ body: { jobs: [{ request_id: "r", name: "box", status }], total: 1 } }));
    const error = await failure(fake.mags.exec("box", "true"));
    expect(error).toBeInstanceOf(JobStateError);
    expect(error).toMatchObject({ job: { requestId: "r", status } });
    expect(error.message).toMatch(/has to be running or sleeping\. (Wait until|Start it again)/);
  });

  it.each(["close-after", "edge-524"] as const)("is not sent again after %s", async (kind) => {
    await the.mags.new("box");
    the.emulator.inject({ kind, route: "POST /mags-jobs/{id}/exec", count: 0 });
    the.calls();
    const error = await failure(the.mags.exec("box", "date >> log"));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toMatch(/may have run, may still run, or not.*not sent again/);
    expect(error.cause).toBeInstanceOf(Error);
    expect(the.calls().filter((call) => call.endsWith("/exec"))).toHaveLength(1);
  });

  it("what the API itself answers stands", async () => {
    await the.mags.new("box");
    the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs/{id}/exec", status: 500 });
    await expect(the.mags.exec("box", "true")).rejects.toMatchObject({ name: "ApiError", status: 500 });
  });
});

describe("stop", () => {
  it("syncs, stops, and waits until the job is over", async () => {
    const slow = await onEmulator({ stopMs: 150 });
    const { requestId } = await slow.mags.new("box", { persistent: true });
    slow.calls();
    await expect(slow.mags.stop("box")).resolves.toMatchObject({ requestId, status: "completed" });
    const [, sync, stop, ...polls] = slow.calls().filter((call) => call !== "GET /mags-jobs");
    expect([sync, stop]).toEqual(["POST /mags-jobs/{id}/sync", "POST /mags-jobs/{id}/stop"]);
    expect(polls.length).toBeGreaterThan(1);
    // So the name is free.
    await slow.mags.new("box", { persistent: true });
  });

  it("stops nothing that could not be synced, unless that may be lost", async () => {
    await the.mags.new("box", { persistent: true });
    the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs/{id}/sync", status: 422, count: 0 });
    const error = await failure(the.mags.stop("box"));
    expect(error.message).toMatch(/could not be synced.*so it was not stopped.*allowDataLoss: true/);
    await expect(the.mags.findJob("box")).resolves.toMatchObject({ status: "running" });
    await expect(the.mags.stop("box", { allowDataLoss: true })).resolves.toMatchObject({
      status: "completed",
    });
  });

  it("does not ask a local disk for a sync", async () => {
    await the.mags.new("box");
    the.calls();
    await the.mags.stop("box");
    expect(the.calls()).not.toContain("POST /mags-jobs/{id}/sync");
  });

  it("leaves what has ended as it is", async () => {
    const { requestId } = await the.mags.runAndWait("true", { name: "once" });
    the.calls();
    await expect(the.mags.stop("once")).resolves.toMatchObject({ requestId, status: "completed" });
    expect(the.calls().filter((call) => call.startsWith("POST"))).toEqual([]);
  });

  it("says so when the job is still active after the time-out", async () => {
    const slow = await onEmulator({ stopMs: 60_000 });
    await slow.mags.new("box");
    const error = await failure(slow.mags.stop("box", { timeout: 1_000 }));
    expect(error.message).toMatch(/"box" was asked to stop but is still active after 1 s/);
  });
});

it("an address where nobody answers is told as that", async () => {
  const fake = await onFakeApi();
  await fake.api.stop();
  const error = await failure(fake.mags.list());
  expect(error).toBeInstanceOf(NoAnswerError);
  expect(error.message).toMatch(/GET .* no answer from http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\)/);
  await fake.mags.close();
});

it("a long wait is told of, to who asks for it, and to nobody else", async () => {
  const log = jest.fn();
  const fake = await onFakeApi({ log });
  fake.api.script({ status: 429, headers: { "retry-after": "20" } }, { body: { jobs: [], total: 0 } });
  await fake.mags.list();
  expect(log.mock.calls).toEqual([[expect.stringMatching(/waiting.*pause of 20 s \(status 429\)/)]]);
});

it("figures come under our names", async () => {
  await the.mags.runAndWait("true");
  await expect(the.mags.usage({ windowDays: 7 })).resolves.toMatchObject({ totalJobs: 1, windowDays: 7 });
  await expect(the.mags.usage()).resolves.toMatchObject({ windowDays: 30 });
  await expect(the.mags.poolStatus()).resolves.toMatchObject({
    idleVms: expect.any(Number),
    busyVms: 0,
    totalVms: expect.any(Number),
    minPoolSize: expect.any(Number),
    maxPoolSize: 2_000,
  });
});

it("sync is one call", async () => {
  const { requestId } = await the.mags.new("box", { persistent: true });
  the.calls();
  await the.mags.sync(requestId);
  expect(the.calls()).toEqual(["POST /mags-jobs/{id}/sync"]);
  await expect(the.mags.sync("nobody")).rejects.toThrow(NotFoundError);
});

it("log lines that come as bare texts (observed) have a message alone", async () => {
  const fake = await onFakeApi();
  const full = { timestamp: "2026-01-01T00:00:00Z", level: "info", message: "b" };
  fake.api.answer(() => ({ body: { logs: ["a", full] } }));
  await expect(fake.mags.logs("r")).resolves.toEqual({ logs: [{ message: "a" }, full] });
});
