import * as http from "node:http";
import { WebSocket } from "ws";
import {
  access,
  call,
  reached,
  ready,
  served,
  server,
  start,
  stopAll,
  submit,
  until,
  visit,
} from "./support";

afterEach(stopAll);

/** A service with an echo of bodies, a slow stream and a WebSocket echo; written for bare Node. */
const SERVICE = `exec node -e '
const http = require("http"), crypto = require("crypto");
const server = http.createServer((req, res) => {
  if (req.url === "/echo") return req.pipe(res);
  if (req.url === "/stream") { res.write("first\\n"); req.on("close", () => undefined); return void process.once("SIGUSR2", () => res.end("last\\n")); }
  if (req.url === "/headers") { res.setHeader("set-cookie", ["a=1", "b=2"]); return res.end(JSON.stringify(req.headers)); }
  if (req.url === "/hang") return;
  if (req.url === "/pid") return res.end(String(process.pid));
  res.statusCode = 418; res.end("teapot");
});
server.on("upgrade", (req, socket) => {
  const key = crypto.createHash("sha1").update(req.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + key + "\\r\\n\\r\\n");
  socket.on("data", (frame) => {
    if ((frame[0] & 15) === 8) return socket.end();
    const length = frame[1] & 127, mask = frame.subarray(2, 6), text = Buffer.from(frame.subarray(6, 6 + length).map((byte, i) => byte ^ mask[i % 4]));
    const answer = Buffer.from("echo " + text);
    socket.write(Buffer.concat([Buffer.from([129, answer.length]), answer]));
  });
  socket.on("error", () => undefined);
});
server.listen(8080, "127.0.0.1");
'`;

async function up(options: Parameters<typeof start>[0] = {}) {
  const emulator = await start({ isolation: "namespaces", ...options });
  const id = await submit(emulator, { script: SERVICE, persistent: true, workspace_id: "site" });
  await ready(emulator, id);
  const subdomain = await access(emulator, id, 8080);
  await served(emulator, subdomain);
  return { emulator, id, subdomain };
}

describe("URLs of a VM", () => {
  test("status, headers and bodies go through unchanged", async () => {
    const { emulator, subdomain } = await up();
    expect(await visit(emulator, subdomain)).toMatchObject({ status: 418, body: "teapot" });
    const answer = await visit(emulator, subdomain, "/headers", { headers: { "x-test": "yes" } });
    expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(JSON.parse(answer.body)).toMatchObject({
      "x-test": "yes",
      host: `${subdomain}.localhost:${emulator.port}`,
    });
  });

  test("every accepted domain is routed, with and without a port", async () => {
    const { emulator, subdomain } = await up();
    for (const domain of ["localhost", "apps.magpiecloud.com", "app.lfg.run", "apps.mags.run"]) {
      expect((await visit(emulator, `${subdomain}.${domain}`)).status).toBe(418);
    }
    expect((await visit(emulator, `nobody.localhost:${emulator.port}`)).status).toBe(404);
  });

  test("a large body comes back whole", async () => {
    const { emulator, subdomain } = await up();
    const body = Buffer.alloc(20 * 1024 * 1024, "0123456789abcdef");
    const answer = await visit(emulator, subdomain, "/echo", { method: "POST", body });
    expect(answer.body.length).toBe(body.length);
    expect(answer.body === body.toString("utf8")).toBe(true);
  });

  test("an answer is streamed while it is written", async () => {
    const { emulator, id, subdomain } = await up();
    const chunks: string[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      http
        .get(
          {
            host: "127.0.0.1",
            port: emulator.port,
            path: "/stream",
            headers: { host: `${subdomain}.localhost` },
          },
          (response) => {
            response.on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
            response.on("end", resolve);
          },
        )
        .on("error", reject);
    });
    await until("the first part", () => chunks.join("") === "first\n");
    const { body: pid } = await visit(emulator, subdomain, "/pid");
    await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, { command: `kill -USR2 ${pid}` });
    await ended;
    expect(chunks.join("")).toBe("first\nlast\n");
  });

  test("connections are kept alive", async () => {
    const { emulator, subdomain } = await up();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let sockets = 0;
    agent.on("free", () => undefined);
    const create = agent.createConnection.bind(agent);
    agent.createConnection = (...parameters: Parameters<typeof create>) => {
      sockets += 1;
      return create(...parameters);
    };
    for (let index = 0; index < 5; index++) {
      const answer = await visit(emulator, subdomain, "/echo", { method: "POST", body: `${index}`, agent });
      expect(answer.body).toBe(`${index}`);
    }
    agent.destroy();
    expect(sockets).toBe(1);
  });

  test("a WebSocket is passed on, in both directions", async () => {
    const { emulator, subdomain } = await up();
    const socket = new WebSocket(`ws://127.0.0.1:${emulator.port}/`, {
      headers: { host: `${subdomain}.localhost:${emulator.port}` },
    });
    const received: string[] = [];
    socket.on("message", (data: Buffer) => received.push(data.toString("utf8")));
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.send("one");
    await until("the first echo", () => received.length === 1);
    socket.send("two");
    await until("the second echo", () => received.length === 2);
    expect(received).toEqual(["echo one", "echo two"]);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.close();
    await closed;
  });

  test("an open connection keeps a VM awake", async () => {
    const { emulator, id, subdomain } = await up({ idleMs: 400 });
    const socket = new WebSocket(`ws://127.0.0.1:${emulator.port}/`, {
      headers: { host: `${subdomain}.localhost:${emulator.port}` },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const since = Date.now();
    await until("well over the idle time has passed", () => Date.now() - since > 1_000);
    expect((await call(emulator, "GET", `/v1/mags-jobs/${id}/status`)).body.status).toBe("running");
    socket.terminate();
    await reached(emulator, id, "sleeping");
  });

  test("a port on which nothing listens is a clear 502, also for an upgrade", async () => {
    const { emulator, id, subdomain } = await up();
    await access(emulator, id, 9_999);
    const answer = await visit(emulator, subdomain);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body).error).toContain("port 9999");
    const socket = new WebSocket(`ws://127.0.0.1:${emulator.port}/`, {
      headers: { host: `${subdomain}.localhost` },
    });
    const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
    expect(error.message).toContain("502");
  });

  test("another domain gives its own URLs, as the cloud does", async () => {
    const { emulator, id, subdomain } = await up({ domain: "sandboxes.example" });
    const { body } = await call(emulator, "GET", `/v1/mags-jobs/${id}/status`);
    expect(body.url).toBe(`https://${subdomain}.sandboxes.example`);
    expect((await visit(emulator, `${subdomain}.sandboxes.example`)).status).toBe(418);
  });
});

describe("URL aliases", () => {
  const alias = (emulator: Parameters<typeof call>[0], body: Record<string, unknown>, version = "v1") =>
    call(emulator, "POST", `/${version}/mags-url-aliases`, body);

  test("an alias follows the active job of its workspace", async () => {
    const { emulator, id } = await up();
    const made = await alias(emulator, { subdomain: "site", workspace_id: "site" });
    expect(made.body).toEqual({
      id: expect.any(String),
      subdomain: "site",
      url: `http://site.localhost:${emulator.port}`,
    });
    expect((await visit(emulator, "site")).status).toBe(418);
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
    expect((await visit(emulator, "site")).status).toBe(503);
    const next = await submit(emulator, {
      script: server(`"next"`, 3000),
      persistent: true,
      workspace_id: "site",
    });
    await ready(emulator, next);
    expect((await visit(emulator, "site")).status).toBe(503);
    await access(emulator, next, 3000);
    expect((await served(emulator, "site")).body).toBe("next");
  });

  test("port counts on v2 only, and needs access", async () => {
    const { emulator, id } = await up();
    await alias(emulator, { subdomain: "one", workspace_id: "site", port: 9_000 });
    await alias(emulator, { subdomain: "two", workspace_id: "site", port: 9_000 }, "v2");
    expect((await visit(emulator, "one")).status).toBe(418);
    expect((await visit(emulator, "two")).status).toBe(503);
    await access(emulator, id, 9_000);
    expect((await visit(emulator, "two")).status).toBe(502);
  });

  test("listed, unique in the cloud, deleted by subdomain", async () => {
    const emulator = await start({ execute: "simulate", tokens: ["one", "two"] });
    expect((await alias(emulator, { subdomain: "shared", workspace_id: "w" })).status).toBeLessThan(300);
    const other = await call(
      emulator,
      "POST",
      "/v1/mags-url-aliases",
      { subdomain: "shared", workspace_id: "w" },
      "two",
    );
    expect([409, 500]).toContain(other.status);
    expect(other.body.error).toContain("already exists");
    const elsewhere = await alias(emulator, {
      subdomain: "shared",
      workspace_id: "w",
      domain: "app.lfg.run",
    });
    expect(elsewhere.status).toBeLessThan(300);
    const { body } = await call(emulator, "GET", "/v1/mags-url-aliases");
    expect(body.total).toBe(2);
    expect(body.aliases[0]).toEqual({
      id: expect.any(String),
      subdomain: "shared",
      workspace_id: "w",
      domain: "apps.magpiecloud.com",
      url: expect.stringContaining("shared"),
    });
    expect((await call(emulator, "DELETE", "/v1/mags-url-aliases/shared", undefined, "two")).status).toBe(
      404,
    );
    expect((await call(emulator, "DELETE", "/v1/mags-url-aliases/shared")).status).toBeLessThan(300);
    expect((await call(emulator, "DELETE", "/v1/mags-url-aliases/shared")).status).toBe(404);
    expect((await call(emulator, "GET", "/v1/mags-url-aliases")).body).toEqual({ aliases: [], total: 0 });
  });

  test("bad subdomains and domains are refused", async () => {
    const emulator = await start({ execute: "simulate" });
    for (const subdomain of ["Upper", "with space", "../x", "", "a".repeat(64), "-x", "x-"]) {
      expect((await alias(emulator, { subdomain, workspace_id: "w" })).status).toBe(422);
    }
    expect(
      (await alias(emulator, { subdomain: "ok", workspace_id: "w", domain: "evil.example" })).status,
    ).toBe(422);
    expect((await alias(emulator, { subdomain: "ok" })).status).toBe(422);
  });

  test("a deleted workspace takes along what its alias relies on", async () => {
    const { emulator, id } = await up();
    await alias(emulator, { subdomain: "site", workspace_id: "site" });
    const busy = await call(emulator, "DELETE", "/v1/mags-workspaces/site");
    expect([409, 500]).toContain(busy.status);
    expect(busy.body.error).toContain("in use");
    await call(emulator, "POST", `/v1/mags-jobs/${id}/stop`);
    await reached(emulator, id, "completed");
    expect((await call(emulator, "DELETE", "/v1/mags-workspaces/site")).status).toBeLessThan(300);
    expect((await call(emulator, "GET", "/v1/mags-workspaces")).body).toEqual({ workspaces: [], total: 0 });
    expect(await emulator.control.files("site")).toEqual({});
    const next = await submit(emulator, { script: server(`"next"`), persistent: true, workspace_id: "site" });
    await ready(emulator, next);
    await access(emulator, next, 8080);
    expect((await visit(emulator, "site")).status).toBe(503);
    expect((await call(emulator, "DELETE", "/v1/mags-workspaces/nothing")).status).toBe(404);
  });
});
