import { reached, ready, start, stopAll, submit, visit } from "./support";
import type { Emulator } from "../../emulator";

afterEach(stopAll);

async function admin(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  token = emulator.adminToken,
) {
  const response = await fetch(`${emulator.adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests look into any shape
  return { status: response.status, body: (await response.json()) as any };
}

describe("admin API", () => {
  test("has a port and a token of its own", async () => {
    const emulator = await start({ execute: "simulate" });
    expect(new URL(emulator.adminUrl).port).not.toBe(String(emulator.port));
    expect((await admin(emulator, "GET", "/calls", undefined, emulator.token)).status).toBe(401);
    expect((await admin(emulator, "GET", "/nothing")).status).toBe(501);
    expect((await fetch(`${emulator.url}/calls`)).status).toBe(501);
  });

  test("calls, faults and state", async () => {
    const emulator = await start({ execute: "simulate", accounts: 2 });
    const id = await submit(emulator, { script: "sleep infinity", environment: { A: "b" } });
    expect((await admin(emulator, "GET", "/calls")).body.calls).toMatchObject([{ route: "POST /mags-jobs" }]);
    await admin(emulator, "DELETE", "/calls");
    expect((await admin(emulator, "GET", "/calls")).body.calls).toEqual([]);
    expect((await admin(emulator, "POST", "/faults", { kind: "nothing" })).status).toBe(422);
    const { body } = await admin(emulator, "POST", "/faults", { kind: "error-before", count: 3 });
    expect((await admin(emulator, "GET", "/faults")).body.faults).toMatchObject([{ id: body.id, hits: 0 }]);
    await admin(emulator, "DELETE", `/faults?id=${body.id}`);
    expect(emulator.faults()).toEqual([]);
    const state = await admin(emulator, "GET", "/state");
    expect(state.body.jobs).toMatchObject([{ requestId: id, environment: { A: "b" } }]);
    const other = await admin(emulator, "GET", `/state?token=${emulator.tokens[1]}`);
    expect(other.body.jobs).toEqual([]);
  });

  test("the clock moves only if it is driven", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven", startAt: 1_000_000 });
    const moved = await admin(emulator, "POST", "/clock/advance", { ms: 5_000 });
    expect(moved).toEqual({ status: 200, body: { now: 1_005_000 } });
    expect((await admin(emulator, "POST", "/clock/advance", { ms: -1 })).status).toBe(422);
    expect((await admin(emulator, "POST", "/clock/advance", {})).status).toBe(422);
    const real = await start({ execute: "simulate" });
    expect((await admin(real, "POST", "/clock/advance", { ms: 1 })).status).toBe(409);
  });

  test("VMs are ended and vanish", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: "sleep infinity", persistent: true });
    await ready(emulator, id);
    expect((await admin(emulator, "POST", `/vms/${id}/end`)).status).toBe(200);
    await reached(emulator, id, "error");
    const other = await submit(emulator, { script: "sleep infinity", persistent: true });
    await ready(emulator, other);
    await admin(emulator, "POST", `/vms/${other}/vanish`);
    expect(emulator.snapshot().jobs[0]).toMatchObject({ phantom: true, status: "running" });
    expect((await admin(emulator, "POST", "/vms/nothing/end")).status).toBe(404);
  });
});

describe("the page's state", () => {
  test("shows the fleet without tokens, environments and scripts, and only by a local name", async () => {
    const emulator = await start({ execute: "simulate" });
    await submit(emulator, {
      script: "echo from-script; sleep infinity",
      persistent: true,
      name: "web",
      environment: { A: "secret-value" },
    });
    const answer = await fetch(`${emulator.url}/_emulator/state`);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ mode: "simulate", vms: [{ name: "web" }] });
    for (const secret of ["secret-value", "sleep infinity", emulator.token, emulator.adminToken]) {
      expect(text).not.toContain(secret);
    }
    expect((await fetch(`${emulator.url}/`)).headers.get("content-type")).toContain("text/html");
    expect((await visit(emulator, "evil.example", "/_emulator/state")).status).toBe(501);
  });
});
