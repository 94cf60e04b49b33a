import { FAULT_KINDS, parseFault } from "../../emulator";
import type { FaultRule } from "../../emulator";
import { access, call, exec, reached, ready, start, status, stopAll, submit, until, visit } from "./support";

afterEach(stopAll);

const SERVICE = { script: "sleep infinity", persistent: true };
const CREATE = "POST /mags-jobs";

describe("faults of a request", () => {
  test("429 with Retry-After in seconds and as a date, for the counted requests only", async () => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind: "rate-limit", route: CREATE, retryAfter: 7, count: 2 });
    for (let index = 0; index < 2; index++) {
      const limited = await call(emulator, "POST", "/v1/mags-jobs", SERVICE);
      expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
    }
    expect((await call(emulator, "POST", "/v1/mags-jobs", SERVICE)).status).toBe(202);
    emulator.inject({ kind: "rate-limit", date: true, retryAfter: 60 });
    const dated = await call(emulator, "GET", "/v1/mags-jobs");
    const seconds = (Date.parse(dated.headers.get("retry-after") ?? "") - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(61);
    expect(emulator.calls().map((entry) => entry.fault)).toEqual([
      "rate-limit",
      "rate-limit",
      undefined,
      "rate-limit",
    ]);
  });

  test.each([
    ["error-before", 0],
    ["error-after", 1],
    ["edge-524", 1],
  ] as const)("%s leaves %i jobs", async (kind, jobs) => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind, route: CREATE, ...(kind === "edge-524" ? {} : { status: 503 }) });
    const answer = await call(emulator, "POST", "/v1/mags-jobs", SERVICE);
    expect(answer.status).toBe(kind === "edge-524" ? 524 : 503);
    if (kind === "edge-524") expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(emulator.snapshot().jobs).toHaveLength(jobs);
  });

  test.each([
    ["close-before", 0],
    ["close-after", 1],
  ] as const)("%s closes the connection and leaves %i jobs", async (kind, jobs) => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind, route: CREATE });
    await expect(call(emulator, "POST", "/v1/mags-jobs", SERVICE)).rejects.toThrow();
    expect(emulator.snapshot().jobs).toHaveLength(jobs);
    await until("the call is recorded", () => emulator.calls().some((entry) => entry.status === 0));
  });

  test("an effect that lands after the caller gave up", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven" });
    emulator.inject({ kind: "late-effect", route: CREATE, delayMs: 40_000 });
    const caller = new AbortController();
    const given = fetch(`${emulator.url}/api/v1/mags-jobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}` },
      body: JSON.stringify({ ...SERVICE, name: "late" }),
      signal: caller.signal,
    });
    await until("the request has arrived", () => emulator.faults()[0]?.hits === 1);
    caller.abort();
    await expect(given).rejects.toThrow();
    await emulator.clock.advance(39_000);
    expect(emulator.snapshot().jobs).toEqual([]);
    await emulator.clock.advance(1_000);
    expect(emulator.snapshot().jobs).toMatchObject([{ name: "late" }]);
  });

  test("a slow answer has its effect at once", async () => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind: "slow", route: CREATE, delayMs: 300 });
    const from = Date.now();
    const pending = call(emulator, "POST", "/v1/mags-jobs", SERVICE);
    await until("the effect", () => emulator.snapshot().jobs.length === 1);
    expect((await pending).status).toBe(202);
    expect(Date.now() - from).toBeGreaterThanOrEqual(290);
  });

  test("a stale and a truncated list", async () => {
    const emulator = await start({ execute: "simulate" });
    for (const name of ["a", "b"]) await submit(emulator, { ...SERVICE, name });
    const list = async () => (await call(emulator, "GET", "/v1/mags-jobs")).body;
    const before = await list();
    await submit(emulator, { ...SERVICE, name: "c" });
    emulator.inject({ kind: "stale-list" });
    expect(await list()).toEqual(before);
    emulator.inject({ kind: "truncated-list", drop: 2 });
    expect(await list()).toMatchObject({ total: 1, jobs: [{ name: "c" }] });
    expect((await list()).total).toBe(3);
  });

  test("404 just after a create", async () => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind: "not-found", route: "GET /mags-jobs/{id}/status", count: 2 });
    const id = await submit(emulator, SERVICE);
    const seen = [];
    for (let index = 0; index < 3; index++) {
      seen.push((await call(emulator, "GET", `/v1/mags-jobs/${id}/status`)).status);
    }
    expect(seen).toEqual([404, 404, 200]);
  });

  test("a conflict answered as 500, or as 409, and an error that is an object", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, { ...SERVICE, name: "web" });
    const again = () => call(emulator, "POST", "/v1/mags-jobs", { ...SERVICE, name: "web" });
    emulator.inject({ kind: "conflict-500", count: 2 });
    expect([(await again()).status, (await again()).status]).toEqual([500, 500]);
    emulator.inject({ kind: "conflict-409", count: 2 });
    emulator.inject({ kind: "error-object" });
    expect((await again()).body).toEqual({
      error: { message: expect.stringContaining("already"), code: 409 },
    });
    expect((await again()).status).toBe(409);
  });
});

describe("faults of a VM", () => {
  const made = async (kind: FaultRule["kind"]) => {
    const emulator = await start({ execute: "simulate" });
    emulator.inject({ kind, route: CREATE });
    return { emulator, id: await submit(emulator, { ...SERVICE, name: "web" }) };
  };

  test("a job that never gets a VM id", async () => {
    const { emulator, id } = await made("no-vm-id");
    await reached(emulator, id, "running");
    const healthy = await submit(emulator, SERVICE);
    await ready(emulator, healthy);
    expect(await status(emulator, id)).not.toHaveProperty("vm_id");
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/access`)).body.success).toBe(false);
  });

  test("a phantom VM", async () => {
    const { emulator, id } = await made("phantom-vm");
    await ready(emulator, id);
    await until(
      "it is a phantom",
      async () =>
        (await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, { command: "true" })).status === 400,
    );
    expect(await status(emulator, id)).toMatchObject({ status: "running" });
  });

  test("a VM that ends at once, and one that does not boot", async () => {
    const ends = await made("vm-ends");
    await reached(ends.emulator, ends.id, "error");
    const boots = await made("boot-fails");
    expect(await reached(boots.emulator, boots.id, "error")).not.toHaveProperty("vm_id");
  });

  test("a failing wake, by API and by URL", async () => {
    const emulator = await start({ execute: "simulate" });
    const sleeper = async () => {
      const id = await submit(emulator, { script: "true", persistent: true });
      await reached(emulator, id, "sleeping");
      return id;
    };
    const one = await sleeper();
    emulator.inject({ kind: "wake-fails", count: 1 });
    expect(await call(emulator, "POST", `/v1/mags-jobs/${one}/exec`, { command: "true" })).toMatchObject({
      status: 500,
      body: { error: "job failed to wake (status: error)" },
    });
    expect(await status(emulator, one)).toMatchObject({ status: "error" });
    const two = await submit(emulator, SERVICE);
    await ready(emulator, two);
    const subdomain = await access(emulator, two, 8080);
    expect((await visit(emulator, subdomain)).status).toBe(200);
  });

  test("VMs of a custom size fail every second wake", async () => {
    const emulator = await start({ execute: "simulate" });
    const outcomes = [];
    for (let index = 0; index < 4; index++) {
      const id = await submit(emulator, { script: "true", persistent: true, vcpus: 4 }, "v2");
      await reached(emulator, id, "sleeping");
      outcomes.push((await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, { command: "true" })).status);
    }
    expect(outcomes).toEqual([500, 200, 500, 200]);
  });

  test("a failing sync is an error; a stop with one loses what was not synced", async () => {
    const emulator = await start({ isolation: "namespaces" });
    const id = await submit(emulator, { ...SERVICE, workspace_id: "w" });
    await ready(emulator, id);
    await exec(emulator, id, "echo synced > file");
    await call(emulator, "POST", `/v1/mags-jobs/${id}/sync`);
    await exec(emulator, id, "echo lost > file");
    emulator.inject({ kind: "sync-fails", count: 2 });
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/sync`)).status).toBe(500);
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`)).status).toBeLessThan(300);
    await reached(emulator, id, "completed");
    expect(await emulator.control.files("w")).toEqual({ file: "synced\n" });
  });

  test("an access answer without url", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, SERVICE);
    await ready(emulator, id);
    emulator.inject({ kind: "incomplete-access" });
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/access`)).body).toEqual({
      success: true,
      port: 8080,
    });
    expect((await call(emulator, "POST", `/v1/mags-jobs/${id}/access`)).body).toHaveProperty("url");
  });
});

describe("rules", () => {
  test("skip, count, match, account and probability choose the requests", async () => {
    const emulator = await start({ execute: "simulate", accounts: 2 });
    const statuses = async (n: number, token?: string) => {
      const seen = [];
      for (let index = 0; index < n; index++)
        seen.push((await call(emulator, "GET", "/v1/mags-cron?q=x", undefined, token)).status);
      return seen;
    };
    emulator.inject({ kind: "error-before", route: "GET", skip: 1, count: 2 });
    expect(await statuses(4)).toEqual([200, 500, 500, 200]);
    emulator.clearFaults();
    emulator.inject({ kind: "error-before", match: "q=y" });
    expect(await statuses(1)).toEqual([200]);
    emulator.clearFaults();
    emulator.inject({ kind: "error-before", account: 1, count: 0 });
    expect(await statuses(2)).toEqual([200, 200]);
    expect(await statuses(2, emulator.tokens[1])).toEqual([500, 500]);
    emulator.clearFaults();
    emulator.inject({ kind: "error-before", count: 0, probability: 0.5, seed: 3 });
    const drawn = await statuses(40);
    const failed = drawn.filter((code) => code === 500).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
    expect(emulator.faults()).toMatchObject([{ kind: "error-before", hits: failed, seen: 40 }]);
  });

  test("nonsense is refused with the reason", () => {
    expect(() => parseFault("nothing")).toThrow(/kind/);
    expect(() => parseFault("slow,delayMs=x")).toThrow(/delayMs/);
    expect(() => parseFault("slow,speed=1")).toThrow(/speed/);
    expect(() => parseFault("slow@POST /mags-job")).toThrow(/No route is called/);
    expect(parseFault("rate-limit@POST /mags-jobs,count=2,retryAfter=3,date=true")).toEqual({
      kind: "rate-limit",
      route: "POST /mags-jobs",
      count: 2,
      retryAfter: 3,
      date: true,
    });
  });

  test("a rule given at the start is in effect", async () => {
    const emulator = await start({ execute: "simulate", faults: [{ kind: "error-before", status: 502 }] });
    expect((await call(emulator, "GET", "/v1/mags-cron")).status).toBe(502);
    expect(Object.keys(FAULT_KINDS)).toContain("error-before");
  });
});
