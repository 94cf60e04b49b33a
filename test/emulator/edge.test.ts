import * as http from "node:http";
import { access, call, reached, served, start, status, stopAll, submit, until, visit } from "./support";

/* The edge in front of the cloud gives up what has not answered for 100 seconds (observed). */

afterEach(stopAll);

const SERVICE = { script: "sleep infinity", persistent: true };
/** Answers `/` at once, `/hang` never, and `/stream` with a first part, and a last one at `/end`. */
const SCRIPT = `exec node -e '
let stream;
require("http").createServer((req, res) => {
  if (req.url === "/hang") return;
  if (req.url === "/stream") return void (stream = res).write("first ");
  if (req.url === "/end") stream.end("last");
  res.end("ok");
}).listen(8080);
'`;

describe("the API", () => {
  test("what is not answered for 100 s is a 524, and its effect is there all the same", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven" });
    emulator.inject({ kind: "slow", route: "POST /mags-jobs", delayMs: 150_000 });
    let settled = false;
    const pending = call(emulator, "POST", "/v1/mags-jobs", SERVICE).finally(() => (settled = true));
    await until("the effect", () => emulator.snapshot().jobs.length === 1);
    await emulator.clock.advance(99_999);
    // Whatever was answered would have come before this.
    await call(emulator, "GET", "/v1/mags-jobs");
    expect(settled).toBe(false);
    await emulator.clock.advance(1);
    const answer = await pending;
    expect([answer.status, answer.text]).toEqual([524, "error code: 524\n"]);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    await emulator.clock.advance(60_000);
    expect(emulator.calls().map(({ route, status: code }) => [route, code])).toEqual([
      ["GET /mags-jobs", 200],
      ["POST /mags-jobs", 524],
    ]);
  });

  test("a command of exec that takes longer is cut off, whatever its time-out", async () => {
    const emulator = await start({ isolation: "ports", edgeMs: 300 });
    const id = await submit(emulator, SERVICE);
    await until("ready", async () => (await status(emulator, id)).vm_id !== undefined);
    const answer = await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, {
      command: "sleep 600",
      timeout: 600,
    });
    expect(answer.status).toBe(524);
    expect(await status(emulator, id)).toMatchObject({ status: "running" });
  });

  test("an answer in time is nothing to it", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven" });
    await submit(emulator, SERVICE);
    await emulator.clock.advance(3_600_000);
    expect(emulator.calls()).toMatchObject([{ status: 202 }]);
  });
});

describe("the URL of a VM", () => {
  test("a service that does not answer is a 524; one that has begun to may go on", async () => {
    const emulator = await start({ isolation: "namespaces", clock: "driven" });
    const id = await submit(emulator, { ...SERVICE, script: SCRIPT });
    await emulator.clock.advance(1_000);
    const subdomain = await access(emulator, id, 8080);
    await served(emulator, subdomain);

    const parts: string[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      const headers = { host: `${subdomain}.localhost` };
      http
        .get({ host: "127.0.0.1", port: emulator.port, path: "/stream", headers }, (response) => {
          response.on("data", (chunk: Buffer) => parts.push(chunk.toString("utf8")));
          response.on("end", resolve);
          response.on("error", reject);
        })
        .on("error", reject);
    });
    await until("the first part", () => parts.length === 1);

    let cut: { status: number; body: string } | undefined;
    void visit(emulator, subdomain, "/hang").then((answer) => (cut = answer));
    await until("the edge gave up", async () => {
      await emulator.clock.advance(100_000);
      return cut !== undefined;
    });
    expect(cut).toMatchObject({ status: 524, body: "error code: 524\n" });

    expect((await visit(emulator, subdomain, "/end")).body).toBe("ok");
    await ended;
    expect(parts.join("")).toBe("first last");
  });

  test("a visitor who leaves while the VM wakes does not keep it awake", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven", wakeMs: 1_000 });
    const id = await submit(emulator, SERVICE);
    await emulator.clock.advance(1_000);
    const subdomain = await access(emulator, id, 8080);
    await emulator.clock.advance(600_000);
    expect(await status(emulator, id)).toMatchObject({ status: "sleeping" });
    // A fault that never comes tells that the wake has begun.
    emulator.inject({ kind: "wake-fails", route: "WAKE", skip: 1_000 });
    const visitor = http.get({
      host: "127.0.0.1",
      port: emulator.port,
      headers: { host: `${subdomain}.localhost` },
    });
    visitor.on("error", () => undefined); // It leaves on purpose.
    await until("the wake has begun", () => emulator.faults()[0]?.seen === 1);
    visitor.destroy();
    await call(emulator, "GET", "/v1/mags-jobs");
    await emulator.clock.advance(1_000);
    expect(await reached(emulator, id, "running")).toMatchObject({ vm_id: expect.any(String) });
    await emulator.clock.advance(600_000);
    expect(await status(emulator, id)).toMatchObject({ status: "sleeping" });
  });
});
