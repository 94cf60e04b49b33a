import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { startEmulator } from "../../emulator";
import type { Emulator, EmulatorOptions } from "../../emulator";

// Real processes on a busy machine take their time; each wait below has a limit of its own.
jest.setTimeout(900_000);

/** An answer of the API. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; undefined if it was empty. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests look into any shape
  body: any;
  text: string;
}

/** Settings that keep real processes and let nothing take longer than it must. */
export const QUICK: EmulatorOptions = {
  bootMs: 5,
  vmIdMs: 10,
  stopMs: 20,
  wakeMs: 0,
  reprovisionMs: 30,
};

const running = new Set<Emulator>();

/** Starts an emulator that `stopAll` ends. */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ ...QUICK, ...options });
  running.add(emulator);
  return emulator;
}

/** Ends every emulator of the test. */
export async function stopAll(): Promise<void> {
  const all = [...running];
  running.clear();
  await Promise.all(all.map((emulator) => emulator.stop()));
}

/** One API request; `path` is what follows `/api`. */
export async function call(
  emulator: { url: string; token: string },
  method: string,
  path: string,
  body?: unknown,
  token: string | null = emulator.token,
): Promise<Answer> {
  const response = await fetch(`${emulator.url}/api${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").startsWith("application/json");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== "" ? JSON.parse(text) : undefined,
  };
}

/** Submits a job and returns its request id; fails on anything but success. */
export async function submit(
  emulator: { url: string; token: string },
  job: Record<string, unknown>,
  version = "v1",
): Promise<string> {
  const answer = await call(emulator, "POST", `/${version}/mags-jobs`, job);
  if (answer.status >= 400) throw new Error(`create failed with ${answer.status}: ${answer.text}`);
  return answer.body.request_id as string;
}

/** Waits for a condition, for at most ten seconds. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await pause(10);
  }
}

/** The status of a job. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
export async function status(emulator: { url: string; token: string }, id: string): Promise<any> {
  return (await call(emulator, "GET", `/v1/mags-jobs/${id}/status`)).body;
}

/** Waits until a job has a status. */
export function reached(emulator: { url: string; token: string }, id: string, wanted: string) {
  return until(`job ${id} is ${wanted}`, async () => {
    const found = await status(emulator, id);
    return found.status === wanted ? found : undefined;
  });
}

/** Waits until a job is ready: running, with a VM id. */
export function ready(emulator: { url: string; token: string }, id: string) {
  return until(`job ${id} is ready`, async () => {
    const found = await status(emulator, id);
    if (found.status === "error") throw new Error(`job failed: ${(await logs(emulator, id)).join("\n")}`);
    return found.status === "running" && found.vm_id !== undefined ? found : undefined;
  });
}

/** The messages of a job's log. */
export async function logs(emulator: { url: string; token: string }, id: string): Promise<string[]> {
  const answer = await call(emulator, "GET", `/v1/mags-jobs/${id}/logs`);
  return (answer.body.logs as (string | { message: string })[]).map((line) =>
    typeof line === "string" ? line : line.message,
  );
}

/** Runs a command in the VM of a job. */
export async function exec(emulator: { url: string; token: string }, id: string, command: string) {
  const answer = await call(emulator, "POST", `/v1/mags-jobs/${id}/exec`, { command });
  if (answer.status >= 400) throw new Error(`exec failed with ${answer.status}: ${answer.text}`);
  return answer.body as { exit_code: number; stdout: string; stderr: string };
}

/** Enables access on a port and returns the subdomain. */
export async function access(emulator: { url: string; token: string }, id: string, port: number) {
  const answer = await call(emulator, "POST", `/v1/mags-jobs/${id}/access`, { port });
  if (answer.body.success !== true) throw new Error(`access failed: ${answer.text}`);
  return answer.body.subdomain as string;
}

/** An answer of what is served under a name. */
export interface Served {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request by Host header; Node does not resolve `*.localhost`. */
export function visit(
  emulator: { port: number },
  host: string,
  path = "/",
  options: {
    method?: string;
    body?: string | Buffer;
    headers?: Record<string, string>;
    agent?: http.Agent;
  } = {},
): Promise<Served> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port: emulator.port,
        path,
        method: options.method ?? "GET",
        agent: options.agent,
        headers: {
          ...options.headers,
          host: host.includes(".") ? host : `${host}.localhost:${emulator.port}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

/** Visits until the service listens; a 502 only says that it does not yet. */
export function served(emulator: { port: number }, host: string, path = "/"): Promise<Served> {
  return until(`something is served at ${host}${path}`, async () => {
    const answer = await visit(emulator, host, path);
    return answer.status === 502 ? undefined : answer;
  });
}

/** A script that serves HTTP on a port with what `reply`, a JavaScript expression over `req`, gives. */
export function server(reply: string, port: string | number = 8080): string {
  const text = `require("http").createServer((req,res)=>res.end(String(${reply}))).listen(${port === "$PORT" ? "process.env.PORT" : port})`;
  return `exec node -e '${text}'`;
}

/** A port of this machine that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Pids of processes whose command line or environment holds a text. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await fs.readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const command = await fs.readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const environment = await fs.readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    if (command.includes(text) || environment.includes(text)) found.push(Number(name));
  }
  return found;
}
