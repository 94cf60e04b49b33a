import * as net from "node:net";
import { PassThrough } from "node:stream";
import type { IncomingMessage } from "node:http";
import { readBody } from "../../emulator/http/body";
import { call, start, stopAll } from "./support";

afterEach(stopAll);

/** Sends bytes and reads until the server closes; fails if it does not within five seconds. */
function send(port: number, text: string, later?: { when: string; text: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    let answer = "";
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end within five seconds, only: ${answer}`));
    }, 5_000);
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("utf8");
      if (later !== undefined && answer.includes(later.when)) {
        socket.write(later.text);
        later = undefined;
      }
    });
    // What came before a reset is the answer.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.write(text);
  });
}

/** Statuses of the answers, informational ones included. */
const statuses = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));

const CREATE = JSON.stringify({ script: "true" });

test("odd requests get their status and JSON, on both ports", async () => {
  const emulator = await start({ execute: "simulate" });
  const adminPort = Number(new URL(emulator.adminUrl).port);
  const huge = "a".repeat(40_000);
  for (const [port, token, path] of [
    [emulator.port, emulator.token, "/api/v1/mags-jobs"],
    [adminPort, emulator.adminToken, "/faults"],
  ] as const) {
    const from = "Host: 127.0.0.1\r\nConnection: close\r\n";
    const head = `${from}Authorization: Bearer ${token}\r\n`;
    const odd: [name: string, request: string, status: number[]][] = [
      ["huge headers", `GET ${path} HTTP/1.1\r\n${head}X: ${huge}\r\n\r\n`, [431]],
      ["a huge target", `GET ${path}?${huge} HTTP/1.1\r\n${head}\r\n`, [431]],
      ["no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n", [400]],
      ["HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
      [
        "two lengths",
        `POST ${path} HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
        [400],
      ],
      ["no JSON", `POST ${path} HTTP/1.1\r\n${head}Content-Length: 5\r\n\r\n{bad}`, [400]],
      ["no object", `POST ${path} HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n[]`, [400]],
      ["an unknown expectation", `POST ${path} HTTP/1.1\r\n${head}Expect: tea\r\n\r\n`, [417]],
      ["a tunnel", `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${head}\r\n`, [501]],
      ["an unknown method", `TRACE ${path} HTTP/1.1\r\n${head}\r\n`, [501]],
      ["dots in the path", `GET ${path}/../${path.slice(1)} HTTP/1.1\r\n${head}\r\n`, [501]],
      ["coded dots in the path", `GET ${path}/%2e%2e${path} HTTP/1.1\r\n${head}\r\n`, [501]],
      ["a backslash in the path", `GET ${path}\\status HTTP/1.1\r\n${head}\r\n`, [501]],
      ["no target", `OPTIONS * HTTP/1.1\r\n${head}\r\n`, [501]],
      ["the absolute form", `GET http://127.0.0.1:${port}${path} HTTP/1.1\r\n${head}\r\n`, [200]],
      ["HTTP/1.0 without a host", `GET ${path} HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`, [200]],
      [
        "an announced body that is too large",
        `POST ${path} HTTP/1.1\r\n${head}Content-Length: 99999999\r\n\r\n`,
        [413],
      ],
      [
        "an offer of HTTP/2, as some clients make with every request",
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
        [200],
      ],
    ];
    for (const [name, request, expected] of odd) {
      const answer = await send(port, request);
      expect([name, ...statuses(answer)]).toEqual([name, ...expected]);
      expect(answer.toLowerCase()).toContain("content-type: application/json");
    }
  }
  const deep = `{"script":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  expect((await call(emulator, "POST", "/v1/mags-jobs", deep)).status).toBe(400);
  expect((await call(emulator, "POST", "/v1/mags-jobs", '{"script":"\\"[[{"}')).status).toBe(202);
  const missing = await send(emulator.port, "GET /api/v1/mags-jobs HTTP/1.1\r\nConnection: close\r\n\r\n");
  expect(statuses(missing)).toEqual([400]);
  expect(missing).toContain("Host header");
});

test("a body may wait for 100-continue, come in pieces, and follow another request at once", async () => {
  const emulator = await start({ execute: "simulate" });
  const head = (more: string) =>
    `POST /api/v1/mags-jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${emulator.token}\r\n${more}`;
  const length = `Content-Length: ${CREATE.length}\r\n`;
  const waited = await send(
    emulator.port,
    head(`${length}Expect: 100-continue\r\nConnection: close\r\n\r\n`),
    {
      when: "100 Continue",
      text: CREATE,
    },
  );
  expect(statuses(waited)).toEqual([100, 202]);
  const chunks = [...CREATE].map((character) => `1\r\n${character}\r\n`).join("");
  const pieces = `${head("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")}${chunks}0\r\n\r\n`;
  expect(statuses(await send(emulator.port, pieces))).toEqual([202]);
  const one = `${head(length)}\r\n${CREATE}`;
  expect(
    statuses(await send(emulator.port, `${one}${one}${head(`${length}Connection: close\r\n`)}\r\n${CREATE}`)),
  ).toEqual([202, 202, 202]);
  expect(emulator.snapshot().jobs).toHaveLength(5);
});

test("an encoded id is one segment: slashes, dots and NUL in it name nothing", async () => {
  const emulator = await start({ execute: "simulate" });
  for (const id of ["a%2Fb", "..%2F..%2Fetc", "%00", "%F0%9F%98%80", "a".repeat(300)]) {
    expect((await call(emulator, "GET", `/v1/mags-jobs/${id}/status`)).status).toBe(404);
    expect((await call(emulator, "DELETE", `/v1/mags-workspaces/${id}`)).status).toBe(404);
  }
  for (const path of ["/v1/mags-jobs/%zz/status", "/v1/mags-jobs/", "/v3/mags-jobs", "/v1//mags-jobs"]) {
    const answer = await call(emulator, "GET", path);
    expect([path, answer.status, typeof answer.body.error]).toEqual([path, 501, "string"]);
  }
  const admin = await fetch(`${emulator.adminUrl}/vms/%zz/end`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.adminToken}` },
  });
  expect(admin.status).toBe(400);
});

test("a caller that hangs up in its body is no failure of the emulator; one that stalls gets a 408", async () => {
  const lines: string[] = [];
  const emulator = await start({ execute: "simulate", log: (line) => lines.push(line) });
  const socket = net.connect(emulator.port, "127.0.0.1");
  socket.on("error", () => undefined); // It is destroyed on purpose below.
  const head = `POST /api/v1/mags-jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${emulator.token}\r\n`;
  await new Promise<void>((resolve) =>
    socket.write(`${head}Content-Length: 50\r\n\r\n{"scr`, () => resolve()),
  );
  // The server has begun to read once it answers somebody who came later.
  await call(emulator, "GET", "/v1/mags-jobs");
  socket.destroy();
  while (!emulator.calls().some(({ method, status }) => method === "POST" && status === 0)) {
    await call(emulator, "GET", "/v1/mags-jobs");
    if (emulator.calls().length > 2_000) throw new Error("the call that was broken off is not on record");
  }
  expect(lines).toEqual([]);

  const stalled = Object.assign(new PassThrough(), { headers: {} }) as unknown as IncomingMessage;
  (stalled as unknown as PassThrough).write("{");
  await expect(readBody(stalled, 100, 20)).rejects.toMatchObject({ status: 408 });
});

test("a refusal keeps the connection, unless a body was left unread", async () => {
  const emulator = await start({ execute: "simulate" });
  const connection = async (method: string, path: string, body?: unknown, token?: string) =>
    (await call(emulator, method, path, body, token)).headers.get("connection");
  expect(await connection("GET", "/v1/mags-jobs", undefined, "wrong")).toBe("keep-alive");
  expect(await connection("GET", "/v1/nothing")).toBe("keep-alive");
  expect(await connection("POST", "/v1/nothing", { a: 1 })).toBe("close");
});
