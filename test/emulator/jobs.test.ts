import { call, ready, reached, start, status, stopAll, submit } from "./support";

afterEach(stopAll);

const SERVICE = { script: "sleep infinity", persistent: true };

describe("creating jobs", () => {
  test("answers with an acknowledgement, not a status", async () => {
    const emulator = await start({ execute: "simulate" });
    const answer = await call(emulator, "POST", "/v1/mags-jobs", { script: "true" });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      request_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      status: "accepted",
      message: expect.any(String),
    });
  });

  test("running comes before the VM id", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven", bootMs: 100, vmIdMs: 200 });
    const id = await submit(emulator, SERVICE);
    expect(await status(emulator, id)).toMatchObject({ status: "pending" });
    await emulator.clock.advance(100);
    const running = await status(emulator, id);
    expect(running).toMatchObject({ status: "running", started_at: expect.stringMatching(/Z$/) });
    expect(running).not.toHaveProperty("vm_id");
    await emulator.clock.advance(200);
    expect(await status(emulator, id)).toMatchObject({ status: "running", vm_id: expect.any(String) });
  });

  test("defaults are those of the contract", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { script: "sleep infinity" });
    expect(emulator.snapshot().jobs[0]).toMatchObject({
      type: "inline",
      persistent: false,
      noSleep: false,
      noSync: false,
      environment: {},
      fileIds: [],
      diskGb: 2,
      rootfsType: "standard",
      name: expect.any(String),
    });
  });

  test.each([
    ["no script", {}],
    ["an empty script", { script: "" }],
    ["a script that is no text", { script: 1 }],
    ["an unknown type", { script: "true", type: "git" }],
    ["a disk below 2", { script: "true", disk_gb: 1 }],
    ["a disk that is no whole number", { script: "true", disk_gb: 2.5 }],
    ["a disk that is text", { script: "true", disk_gb: "4" }],
    ["an environment with a number", { script: "true", environment: { A: 1 } }],
    ["an environment with = in a name", { script: "true", environment: { "A=B": "x" } }],
    ["no_sleep without persistent", { script: "true", no_sleep: true }],
    ["an unknown file", { script: "true", file_ids: ["nothing"] }],
    ["a missing base", { script: "true", base_workspace_id: "nothing" }],
    ["upper case in a name", { script: "true", name: "Web" }],
    ["a path in a name", { script: "true", name: "../etc" }],
    ["a path in a workspace", { script: "true", workspace_id: "../etc" }],
    ["a NUL in a workspace", { script: "true", workspace_id: "a\0b" }],
    ["300 characters", { script: "true", workspace_id: "a".repeat(300) }],
    ["an emoji", { script: "true", workspace_id: "rocket🚀" }],
  ])("%s is refused and leaves nothing", async (_what, body) => {
    const emulator = await start({ execute: "simulate" });
    const answer = await call(emulator, "POST", "/v1/mags-jobs", body);
    expect(answer.status).toBe(422);
    expect(answer.body.error).toEqual(expect.any(String));
    expect(emulator.snapshot().jobs).toEqual([]);
    expect(emulator.snapshot().workspaces).toEqual([]);
  });

  test("a workspace cannot be its own base", async () => {
    const emulator = await start({ execute: "simulate" });
    await reached(emulator, await submit(emulator, { script: "true", workspace_id: "w" }), "completed");
    const body = { script: "true", workspace_id: "w", base_workspace_id: "w" };
    expect((await call(emulator, "POST", "/v1/mags-jobs", body)).status).toBe(422);
    await submit(emulator, { script: "true", workspace_id: "fork", base_workspace_id: "w" });
  });

  test("v1 ignores the size, v2 keeps it and tells failures in message", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { ...SERVICE, vcpus: 4, memory_mb: 8192 });
    await submit(emulator, { ...SERVICE, vcpus: 4, memory_mb: 8192 }, "v2");
    const [second, first] = emulator.snapshot().jobs;
    expect(first).not.toHaveProperty("vcpus", 4);
    expect(second).toMatchObject({ vcpus: 4, memoryMb: 8192 });
    const failure = await call(emulator, "POST", "/v2/mags-jobs", {});
    expect(failure.body).toEqual({ message: expect.any(String) });
  });

  test("a root file system with a memory size has no snapshot on v1", async () => {
    const emulator = await start({ execute: "simulate" });
    const body = { ...SERVICE, rootfs_type: "claude", environment: { __MAGS_MEM_GB: "4" } };
    const answer = await call(emulator, "POST", "/v1/mags-jobs", body);
    expect(answer).toMatchObject({ status: 500, body: { error: "golden snapshot not ready" } });
    expect((await call(emulator, "POST", "/v2/mags-jobs", body)).status).toBe(202);
    const environment = { __MAGS_MEM_GB: "4", __MAGS_ROOTFS_TYPE: "claude" };
    expect((await call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, environment })).status).toBe(202);
  });
});

describe("conflicts", () => {
  test("a name and a workspace have one active job; 409 and 500 alternate", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { ...SERVICE, name: "web", workspace_id: "data" });
    const byName = await call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, name: "web" });
    const byWorkspace = await call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, workspace_id: "data" });
    expect(byName.status).toBe(409);
    expect(byName.body.error).toContain("already exists");
    expect(byWorkspace.status).toBe(500);
    expect(byWorkspace.body.error).toContain("already in use");
  });

  test("of six creates that race, one wins", async () => {
    const emulator = await start({ execute: "simulate" });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, workspace_id: "one" }),
      ),
    );
    expect(answers.filter((answer) => answer.status < 300)).toHaveLength(1);
    expect(emulator.snapshot().jobs).toHaveLength(1);
  });

  test("a stop frees the name only when it is over", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven", stopMs: 3_000 });
    const id = await submit(emulator, { ...SERVICE, name: "web" });
    await emulator.clock.advance(100);
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`)).status).toBeLessThan(300);
    await emulator.clock.advance(2_900);
    expect(await status(emulator, id)).toMatchObject({ status: "running" });
    expect((await call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, name: "web" })).status).toBe(409);
    await emulator.clock.advance(200);
    expect(await status(emulator, id)).toMatchObject({ status: "completed" });
    const next = await submit(emulator, { ...SERVICE, name: "web" });
    expect(next).not.toBe(id);
  });

  test("ended jobs stay listed under their name", async () => {
    const emulator = await start({ execute: "simulate" });
    const first = await submit(emulator, { script: "true", name: "once" });
    await reached(emulator, first, "completed");
    const second = await submit(emulator, { script: "exit 3", name: "once" });
    expect(await reached(emulator, second, "error")).toMatchObject({ exit_code: 3 });
    const { body } = await call(emulator, "GET", "/v1/mags-jobs");
    expect(body).toEqual({
      jobs: [
        { request_id: second, name: "once", status: "error" },
        { request_id: first, name: "once", status: "completed" },
      ],
      total: 2,
    });
  });
});

describe("lists", () => {
  test("newest first, at most 50 per page, total over all pages", async () => {
    const emulator = await start({ execute: "simulate" });
    for (let index = 0; index < 60; index++) await submit(emulator, { ...SERVICE, name: `job-${index}` });
    const page = async (query: string) => (await call(emulator, "GET", `/v1/mags-jobs${query}`)).body;
    const first = await page("");
    expect(first.total).toBe(60);
    expect(first.jobs).toHaveLength(20);
    expect(first.jobs[0].name).toBe("job-59");
    const long = await page("?page=1&page_size=100");
    expect(long.jobs).toHaveLength(50);
    const last = await page("?page=2&page_size=50");
    expect(last.jobs.map((job: { name: string }) => job.name)).toContain("job-0");
    expect(last.jobs).toHaveLength(10);
    expect((await page("?page=9&page_size=50")).jobs).toEqual([]);
    expect((await call(emulator, "GET", "/v1/mags-jobs?page=x")).status).toBe(422);
  });

  test("write-only fields are not echoed, unless asked for", async () => {
    const secret = { ...SERVICE, environment: { KEY: "s3cr3t" }, startup_command: "true" };
    const quiet = await start({ execute: "simulate" });
    const id = await submit(quiet, secret);
    await ready(quiet, id);
    const shown = await call(quiet, "GET", `/v1/mags-jobs/${id}/status`);
    expect(shown.text).not.toContain("s3cr3t");
    for (const key of ["script", "environment", "startup_command", "no_sleep", "persistent", "disk_gb"]) {
      expect(shown.body).not.toHaveProperty(key);
    }
    const open = await start({ execute: "simulate", echo: true });
    const other = await submit(open, secret);
    expect(await status(open, other)).toMatchObject({ environment: { KEY: "s3cr3t" }, persistent: true });
  });
});

describe("by name", () => {
  test("v2 takes names and workspace ids, v1 request ids only", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { ...SERVICE, name: "web", workspace_id: "Data" });
    for (const key of [id, "web", "Data"]) {
      const answer = await call(emulator, "GET", `/v2/mags-jobs/${key}/status`);
      expect(answer.body).toMatchObject({ request_id: id });
    }
    expect((await call(emulator, "GET", "/v2/mags-jobs/data/status")).status).toBe(404);
    const byName = await call(emulator, "GET", "/v1/mags-jobs/web/status");
    expect(byName).toMatchObject({ status: 404, body: { error: expect.stringContaining("no job found") } });
  });
});

describe("settings", () => {
  test("PATCH changes what it may, clears with an empty text, and echoes nothing", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { ...SERVICE, startup_command: "serve" });
    const patch = (body: unknown) => call(emulator, "PATCH", `/v1/mags-jobs/${id}`, body);
    expect((await patch({ no_sleep: true })).status).toBe(200);
    expect(emulator.snapshot().jobs[0]).toMatchObject({ noSleep: true, startupCommand: "serve" });
    await patch({ startup_command: "" });
    expect(emulator.snapshot().jobs[0]).not.toHaveProperty("startupCommand", "serve");
    expect((await patch({ no_sleep: "yes" })).status).toBe(422);
  });

  test("no_sleep on a job that is not persistent is refused", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: "sleep infinity" });
    const answer = await call(emulator, "PATCH", `/v1/mags-jobs/${id}`, { no_sleep: true });
    expect(answer.status).toBe(400);
    expect(emulator.snapshot().jobs[0]).toMatchObject({ noSleep: false });
  });
});

describe("logs", () => {
  const SCRIPT = "echo hello\necho oh >&2";
  const object = (level: string, message: string) => ({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    level,
    message,
  });

  test("of a job that is not persistent: objects throughout", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: SCRIPT });
    await reached(emulator, id, "completed");
    const { body } = await call(emulator, "GET", `/v1/mags-jobs/${id}/logs`);
    expect(body.logs).toEqual([
      object("info", "VM started"),
      object("info", "hello"),
      object("error", "oh"),
      object("info", "job completed: script ended"),
    ]);
  });

  test("of a persistent job: what the script writes stands as plain strings between the objects", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: SCRIPT, persistent: true });
    await reached(emulator, id, "sleeping");
    const { body } = await call(emulator, "GET", `/v1/mags-jobs/${id}/logs`);
    expect(body.logs).toEqual([
      object("info", "VM started"),
      "hello",
      object("error", "oh"),
      object("info", "VM is sleeping"),
    ]);
  });
});

describe("pool and usage", () => {
  test("the pool counts busy VMs and holds back what is too much", async () => {
    const emulator = await start({ execute: "simulate", maxVms: 2 });
    const ids = [];
    for (const name of ["a", "b", "c"]) ids.push(await submit(emulator, { ...SERVICE, name }));
    const [first = "", second = "", third = ""] = ids;
    await ready(emulator, first);
    await ready(emulator, second);
    expect((await call(emulator, "GET", "/v1/mags-jobs/pool-status")).body).toEqual({
      idle_vms: 0,
      busy_vms: 2,
      total_vms: 2,
      min_pool_size: 2,
      max_pool_size: 2,
    });
    expect(await status(emulator, third)).toMatchObject({ status: "pending" });
    await call(emulator, "POST", `/v1/mags-jobs/${first}/stop`);
    await ready(emulator, third);
  });

  test("usage sums the time VMs were up", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven", bootMs: 0 });
    const id = await submit(emulator, SERVICE);
    await emulator.clock.advance(10);
    await emulator.clock.advance(90_000);
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await emulator.clock.advance(1_000);
    const usage = await call(emulator, "GET", "/v1/mags-jobs/usage?window_days=7");
    expect(usage.body).toMatchObject({ total_jobs: 1, window_days: 7 });
    expect(usage.body.vm_seconds).toBeGreaterThanOrEqual(90);
    expect(usage.body.vm_seconds).toBeLessThanOrEqual(92);
  });
});
