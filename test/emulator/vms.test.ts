import {
  access,
  call,
  exec,
  logs,
  reached,
  ready,
  served,
  server,
  start,
  status,
  stopAll,
  submit,
  until,
  visit,
} from "./support";

afterEach(stopAll);

/** Where a script finds its port and its home, by mode. */
const MODES = [
  { isolation: "namespaces", port: 8080, home: "/root" },
  { isolation: "ports", port: "$PORT", home: "$HOME" },
] as const;

describe.each(MODES)("VMs as $isolation", ({ isolation, port, home }) => {
  const service = { script: server("req.url", port), persistent: true };

  test("a script runs with its environment, its shebang and its home; its exit code is told", async () => {
    const emulator = await start({ isolation });
    expect(emulator.mode).toBe(isolation);
    const id = await submit(emulator, {
      script: `#!/usr/bin/env perl\nprint "$ENV{GREETING} from perl\\n"; print STDERR "oops\\n"; exit 7;`,
      environment: { GREETING: "hello" },
    });
    expect(await reached(emulator, id, "error")).toMatchObject({ exit_code: 7, vm_id: expect.any(String) });
    const { body } = await call(emulator, "GET", `/v1/mags-jobs/${id}/logs`);
    expect(body.logs).toContainEqual(expect.objectContaining({ level: "info", message: "hello from perl" }));
    expect(body.logs).toContainEqual(expect.objectContaining({ level: "error", message: "oops" }));
    const where = await submit(emulator, { script: `[ "$PWD" = "${home}" ] && [ "$PWD" = "$HOME" ]` });
    expect(await reached(emulator, where, "completed")).toMatchObject({ exit_code: 0 });
  });

  test("a script that floods its log neither stops the emulator nor fills its memory", async () => {
    const emulator = await start({ isolation, maxLogLines: 1_000 });
    const id = await submit(emulator, { script: "yes flood", persistent: true });
    await ready(emulator, id);
    await until("the log is full", async () => (await logs(emulator, id)).length === 1_000);
    const from = Date.now();
    for (let index = 0; index < 10; index++) await status(emulator, id);
    expect(Date.now() - from).toBeLessThan(3_000);
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
    expect((await logs(emulator, id)).length).toBeLessThanOrEqual(1_000);
  });

  test("nothing of the caller's environment reaches a script", async () => {
    process.env.EMULATOR_TEST_SECRET = "caller's own";
    try {
      const emulator = await start({ isolation });
      const id = await submit(emulator, service);
      await ready(emulator, id);
      expect((await exec(emulator, id, "env")).stdout).not.toContain("caller's own");
    } finally {
      delete process.env.EMULATOR_TEST_SECRET;
    }
  });

  test("a persistent script that ends well sleeps, one that fails is an error", async () => {
    const emulator = await start({ isolation });
    const good = await submit(emulator, { script: "echo done", persistent: true });
    const bad = await submit(emulator, { script: "exit 4", persistent: true });
    expect(await reached(emulator, good, "sleeping")).toMatchObject({ exit_code: 0 });
    expect(await reached(emulator, bad, "error")).toMatchObject({ exit_code: 4 });
  });

  test("an idle VM sleeps; a request wakes it, runs the startup command and is answered", async () => {
    const emulator = await start({ isolation, idleMs: 300 });
    const id = await submit(emulator, {
      ...service,
      script: `echo kept > note; ${service.script}`,
      startup_command: server(`"woken, "+require("fs").readFileSync("note")`, port),
      workspace_id: "idle",
    });
    await ready(emulator, id);
    const subdomain = await access(emulator, id, 8080);
    expect((await served(emulator, subdomain, "/first")).body).toBe("/first");
    await reached(emulator, id, "sleeping");
    expect((await visit(emulator, subdomain)).body).toBe("woken, kept\n");
    expect(await status(emulator, id)).toMatchObject({ status: "running" });
  });

  test("exec and access wake, a read does not", async () => {
    const emulator = await start({ isolation });
    const id = await submit(emulator, { script: "true", persistent: true });
    await reached(emulator, id, "sleeping");
    await logs(emulator, id);
    expect(await status(emulator, id)).toMatchObject({ status: "sleeping" });
    expect(await exec(emulator, id, "echo $((6*7)); exit 3")).toEqual({
      exit_code: 3,
      stdout: "42\n",
      stderr: "",
    });
    expect(await status(emulator, id)).toMatchObject({ status: "running" });
  });

  test("exec ends with its process group, at its time-out, and cuts its output", async () => {
    const emulator = await start({ isolation, execOutputLimit: 1_000 });
    const id = await submit(emulator, service);
    await ready(emulator, id);
    await exec(emulator, id, "sleep 1234567 & echo started");
    expect((await exec(emulator, id, "ps -eo args | grep -c '[s]leep 1234567'")).stdout.trim()).toBe("0");
    const late = await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, {
      command: "sleep 60",
      timeout: 0.2,
    });
    expect(late.body).toMatchObject({ exit_code: 124, stderr: expect.stringContaining("timed out") });
    const long = await exec(emulator, id, "head -c 5000 /dev/zero | tr '\\0' x");
    expect(long).toMatchObject({ exit_code: 0, stdout: "x".repeat(1_000) });
  });

  test("a no_sleep job comes back after its process dies, under the same request id", async () => {
    const emulator = await start({ isolation, failFastMs: 0 });
    const id = await submit(emulator, { ...service, no_sleep: true, workspace_id: "always" });
    const before = await ready(emulator, id);
    const subdomain = await access(emulator, id, 8080);
    await exec(emulator, id, "echo kept > note");
    await exec(
      emulator,
      id,
      `kill -9 $(ps -eo pid,args | grep '[c]reateServer' | head -1 | awk '{print $1}') || true`,
    ).catch(
      () => undefined, // The VM may end under the command.
    );
    const after = await until("the job has another VM", async () => {
      const now = await status(emulator, id);
      return now.status === "running" && now.vm_id !== undefined && now.vm_id !== before.vm_id
        ? now
        : undefined;
    });
    expect(after.request_id).toBe(id);
    // Another VM has another random subdomain; access stays enabled.
    expect(after.subdomain).not.toBe(subdomain);
    expect((await served(emulator, after.subdomain, "/again")).body).toBe("/again");
    expect((await visit(emulator, subdomain)).status).toBe(404);
    expect((await exec(emulator, id, "cat note")).stdout).toBe("kept\n");
  });

  test("a no_sleep script that fails at once is an error, one that ends well keeps its VM", async () => {
    const emulator = await start({ isolation });
    const bad = await submit(emulator, { script: "exit 9", persistent: true, no_sleep: true });
    expect(await reached(emulator, bad, "error")).toMatchObject({ exit_code: 9 });
    const good = await submit(emulator, { script: "true", persistent: true, no_sleep: true });
    await until("the script has ended", async () => (await status(emulator, good)).exit_code === 0);
    expect(await status(emulator, good)).toMatchObject({ status: "running" });
    expect((await exec(emulator, good, "echo up")).stdout).toBe("up\n");
  });

  test("access before the job is ready fails inside a 2xx", async () => {
    const emulator = await start({ isolation, bootMs: 200 });
    const id = await submit(emulator, service);
    expect(await call(emulator, "POST", `/v1/mags-jobs/${id}/access`, { port: 8080 })).toMatchObject({
      status: 200,
      body: { success: false, error: "no VM associated with this job" },
    });
    await ready(emulator, id);
    const open = await call(emulator, "POST", `/v1/mags-jobs/${id}/access`);
    expect(open.body).toMatchObject({
      success: true,
      port: 8080,
      url: `http://${open.body.subdomain}.localhost:${emulator.port}`,
    });
    expect(await status(emulator, id)).toMatchObject({ subdomain: open.body.subdomain, url: open.body.url });
  });

  test("a workspace survives its VM; stop syncs it, and no_sync keeps nothing", async () => {
    const emulator = await start({ isolation });
    const keep = await submit(emulator, { script: "sleep infinity", persistent: true, workspace_id: "keep" });
    const drop = await submit(emulator, {
      script: "sleep infinity",
      persistent: true,
      workspace_id: "drop",
      no_sync: true,
    });
    for (const id of [keep, drop]) {
      await ready(emulator, id);
      await exec(emulator, id, "mkdir -p a/b; echo text > a/b/file; chmod 751 a/b/file; ln -s a/b/file link");
      await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
      await reached(emulator, id, "completed");
    }
    expect(await emulator.control.files("keep")).toEqual({ "a/b/file": "text\n" });
    expect(await emulator.control.files("drop")).toEqual({});
    const again = await submit(emulator, { script: "cat link; stat -c %a a/b/file", workspace_id: "keep" });
    await reached(emulator, again, "completed");
    expect(await logs(emulator, again)).toEqual(expect.arrayContaining(["text", "751"]));
  });

  test("sync writes the workspace while the VM goes on, and so does time", async () => {
    const emulator = await start({ isolation, syncMs: 200 });
    const id = await submit(emulator, { script: "sleep infinity", persistent: true, workspace_id: "live" });
    await ready(emulator, id);
    await exec(emulator, id, "echo one > file");
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/sync`)).status).toBeLessThan(300);
    expect(await emulator.control.files("live")).toEqual({ file: "one\n" });
    await exec(emulator, id, "rm file; echo two > other");
    await until("the next sync", async () => (await emulator.control.files("live")).other === "two\n");
    expect(await emulator.control.files("live")).toEqual({ other: "two\n" });
  });

  test("a fork leaves its base alone, keeps only what differs and needs the base again", async () => {
    const emulator = await start({ isolation });
    const run = async (job: Record<string, unknown>) => {
      const id = await submit(emulator, job);
      await reached(emulator, id, "completed");
    };
    await run({ script: "echo base > shared; echo base > changed; echo base > gone", workspace_id: "base" });
    await run({
      script: "echo fork > changed; echo fork > added; rm gone",
      workspace_id: "fork",
      base_workspace_id: "base",
    });
    expect(await emulator.control.files("base")).toEqual({
      shared: "base\n",
      changed: "base\n",
      gone: "base\n",
    });
    expect(await emulator.control.files("fork")).toEqual({ changed: "fork\n", added: "fork\n" });
    await run({
      script: "cat shared changed added > seen; ls gone 2>/dev/null >> seen; exit 0",
      workspace_id: "fork",
      base_workspace_id: "base",
    });
    expect(await emulator.control.files("fork")).toMatchObject({ seen: "base\nfork\nfork\n" });
    await run({ script: "ls > listed", workspace_id: "fork" });
    expect((await emulator.control.files("fork")).listed).not.toContain("shared");
    await run({ script: "echo lost > shared", base_workspace_id: "base" });
    expect((await emulator.control.files("base")).shared).toBe("base\n");
  });

  test("a fork as a base gives what it shows itself: its base's files with its own changes", async () => {
    const emulator = await start({ isolation });
    const run = async (job: Record<string, unknown>) => {
      const id = await submit(emulator, job);
      await reached(emulator, id, "completed");
    };
    await run({ script: "echo base > shared; echo base > gone; echo base > back", workspace_id: "base" });
    await run({
      script: "rm gone back; echo fork > own",
      workspace_id: "fork",
      base_workspace_id: "base",
    });
    await run({
      script: "cat shared own > seen; ls gone back > listed 2>/dev/null; echo again > back; rm shared",
      workspace_id: "leaf",
      base_workspace_id: "fork",
    });
    expect(await emulator.control.files("leaf")).toEqual({
      seen: "base\nfork\n",
      listed: "",
      back: "again\n",
    });
    await run({ script: "ls > listed", workspace_id: "leaf", base_workspace_id: "fork" });
    expect((await emulator.control.files("leaf")).listed).toBe("back\nlisted\nown\nseen\n");
    expect(await emulator.control.files("fork")).toEqual({ own: "fork\n" });
    // What differs from a base that rests on the workspace itself would be nothing, and all files would go.
    const ring = { script: "true", workspace_id: "base", base_workspace_id: "leaf" };
    expect((await call(emulator, "POST", "/v1/mags-jobs", ring)).status).toBe(422);
    expect(await emulator.control.files("base")).toMatchObject({ shared: "base\n" });
  });

  test("uploaded files are in place before the script runs", async () => {
    const emulator = await start({ isolation });
    const form = new FormData();
    form.append("file", new Blob(["one\r\n--two\n\0three"]), "data.bin");
    const response = await fetch(`${emulator.url}/api/v1/mags-files`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}` },
      body: form,
    });
    const { file_id: fileId } = (await response.json()) as { file_id: string };
    const id = await submit(emulator, {
      script: 'cp "${MAGS_UPLOADS:-/uploads}/data.bin" copy',
      workspace_id: "up",
      file_ids: [fileId],
    });
    await reached(emulator, id, "completed");
    expect(await emulator.control.files("up")).toEqual({ copy: "one\r\n--two\n\0three" });
  });

  test("a lost host: no_sleep comes back, another job is an error", async () => {
    const emulator = await start({ isolation });
    const plain = await submit(emulator, service);
    const always = await submit(emulator, { ...service, no_sleep: true });
    await ready(emulator, plain);
    const { vm_id: before } = await ready(emulator, always);
    await emulator.control.endVm(plain);
    await emulator.control.endVm(always);
    expect(await status(emulator, plain)).toMatchObject({ status: "error" });
    const after = await ready(emulator, always);
    expect(after.vm_id).not.toBe(before);
  });

  test("a phantom stays listed as running, but nothing reaches it", async () => {
    const emulator = await start({ isolation });
    const id = await submit(emulator, { ...service, name: "ghost" });
    await ready(emulator, id);
    const subdomain = await access(emulator, id, 8080);
    await emulator.control.vanishVm(id);
    expect(await status(emulator, id)).toMatchObject({ status: "running", vm_id: expect.any(String) });
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/access`, { port: 8080 })).body.success).toBe(
      false,
    );
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, { command: "true" })).status).toBe(400);
    expect((await visit(emulator, subdomain)).status).toBeGreaterThanOrEqual(400);
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
  });
});
