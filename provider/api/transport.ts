import { lookup } from "node:dns";
import type * as Undici from "undici";
import type { LookupFunction } from "node:net";
import { ApiError, MalformedAnswerError, NoAnswerError, mayLandLate } from "./errors";
import type { Clock } from "./clock";
import { Limiter } from "./limiter";
import { nodeTooOld } from "../errors";
import { isLoopback } from "./settings";

/** Recorded by the vendor's client: 30 s per request. */
export const REQUEST_TIMEOUT_MS = 30_000;

const MAX_TRIES = 5;
/** Tries of a call that changes something, when its effect may land late: each costs two request time-outs. */
const MAX_LATE_TRIES = 3;
const BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 8_000;
/** How long a call may be told to wait by 429 answers, all together, before it fails. */
const RATE_LIMIT_PATIENCE_MS = 300_000;
/** So often it may be refused all the same: a server that refuses some calls does not refuse one so often. */
const RATE_LIMIT_REFUSALS = 10;
/** Long waits are told, but not by every call that meets the same one. */
const SAY_EVERY_MS = 10_000;
/** The wait without a usable Retry-After, and the shortest with one. */
const MIN_RETRY_AFTER_MS = 1_000;

export interface ApiRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the base URL, starting with `/api/`; every segment already percent-encoded. */
  path: string;
  body?: unknown;
  /** A multipart file instead of a JSON body. */
  file?: { name: string; content: Buffer };
  timeoutMs?: number;
  /** True when sending it twice does no more than sending it once. */
  repeatable: boolean;
}

export interface TransportOptions {
  endpoint: string;
  token: string;
  maxConcurrency: number;
  /** The budget of the account, where it is shared. @default one of its own */
  limiter?: Limiter;
  clock: Clock;
  timeoutMs?: number;
  /** Told of long waits that the server asks for or causes. */
  say?: (message: string) => void;
  /** Called before and after every call that may change something. */
  onMutation?: () => void;
  /** Stands around every single exchange with the server: tests count, delay and cut there. */
  around?: (request: ApiRequest, exchange: () => Promise<unknown>) => Promise<unknown>;
}

/** What undici runs on; `engines` in package.json says the same. */
export const MINIMUM_NODE = "22.19";

/** Whether a Node.js of this version is one that undici does not run on. */
export function isTooOld(version: string): boolean {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const [leastMajor, leastMinor] = MINIMUM_NODE.split(".").map(Number) as [number, number];
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

let undici: typeof Undici | undefined;
/** Loaded on first use: it costs more than the rest of the package together. */
function loadUndici(): typeof Undici {
  undici ??= require("undici") as typeof Undici;
  return undici;
}

/** The one way to the API: concurrency, time-outs, retries and rate limits are decided here and nowhere else. */
export class Transport {
  readonly limiter: Limiter;
  readonly timeoutMs: number;
  private agent: Undici.Agent | undefined;
  private saidAt = -Infinity;

  constructor(private readonly options: TransportOptions) {
    if (isTooOld(process.versions.node)) throw nodeTooOld(process.versions.node, MINIMUM_NODE);
    this.limiter = options.limiter ?? new Limiter(options.maxConcurrency, options.clock);
    this.timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  /** The parsed JSON body of a successful answer; `{}` for an empty one (recorded by the vendor's client). */
  async request(request: ApiRequest): Promise<unknown> {
    if (request.method === "GET") return this.sendUntilAnswered(request);
    this.options.onMutation?.();
    try {
      return await this.sendUntilAnswered(request);
    } finally {
      this.options.onMutation?.();
    }
  }

  private async sendUntilAnswered(request: ApiRequest): Promise<unknown> {
    const { clock } = this.options;
    const begunAt = clock.now();
    let [refusals, told] = [0, 0];
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.limiter.run(() => this.exchange(request));
      } catch (error) {
        if (error instanceof ApiError && error.isRateLimited) {
          // Refused before any effect, so every method may be sent again; the limiter holds the pause.
          const pause = error.retryAfterMs ?? 0;
          refusals++;
          told += pause;
          // What it was told counts, not how long it waited: its turn may come late where many wait.
          const isTooOften = told > RATE_LIMIT_PATIENCE_MS && refusals > RATE_LIMIT_REFUSALS;
          if (pause > RATE_LIMIT_PATIENCE_MS || isTooOften) throw error;
          if (clock.now() + pause - begunAt >= SAY_EVERY_MS)
            this.say(`waiting, since Mags asks for a pause of ${seconds(pause)} s (status 429)`);
          attempt--;
          continue;
        }
        // The last word has to be ours: a late DELETE would remove, a late PATCH undo, what comes after it.
        const settle = request.method !== "GET" && mayLandLate(error);
        if (attempt >= (settle ? MAX_LATE_TRIES : MAX_TRIES) || !mayRepeat(request, error)) throw error;
        if (settle)
          this.say(
            `waiting ${seconds(this.timeoutMs)} s for what ${request.method} ${request.path}, which was not answered, may still do`,
          );
        await clock.sleep(settle ? this.timeoutMs : backoff(attempt, clock));
      }
    }
  }

  private say(message: string): void {
    const now = this.options.clock.now();
    if (now - this.saidAt < SAY_EVERY_MS) return;
    this.saidAt = now;
    this.options.say?.(message);
  }

  /** A plain GET of a public URL, for health checks: the status, or undefined when nobody answers. */
  async probe(url: string, timeoutMs: number): Promise<number | undefined> {
    try {
      const answer = await loadUndici().request(url, {
        dispatcher: this.dispatcher(),
        signal: this.options.clock.timeout(timeoutMs),
      });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return undefined; // not answering is an expected state of a service that starts
    }
  }

  async close(): Promise<void> {
    await this.agent?.close();
    this.agent = undefined;
  }

  private dispatcher(): Undici.Agent {
    this.agent ??= new (loadUndici().Agent)({
      connections: this.limiter.max,
      connect: { lookup: loopbackLookup },
    });
    return this.agent;
  }

  private exchange(request: ApiRequest): Promise<unknown> {
    const { around } = this.options;
    return around ? around(request, () => this.send(request)) : this.send(request);
  }

  private async send(request: ApiRequest): Promise<unknown> {
    const { endpoint, token } = this.options;
    const { method, path } = request;
    let status: number;
    let retryAfter: string | undefined;
    let text: string;
    try {
      const answer = await loadUndici().request(endpoint + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: request.file ? multipart(request.file) : jsonBody(request.body),
        dispatcher: this.dispatcher(),
        signal: this.options.clock.timeout(request.timeoutMs ?? this.timeoutMs),
      });
      status = answer.statusCode;
      retryAfter = headerText(answer.headers["retry-after"]);
      text = await answer.body.text();
    } catch (error) {
      throw noAnswer(request, endpoint, error);
    }
    if (status >= 400) {
      const facts = { method, path, status, serverMessage: errorText(this.redact(text), status) };
      if (status !== 429) throw new ApiError(facts);
      const wait = retryAfterMs(retryAfter, this.options.clock);
      // A pause that nobody will wait out is not begun: every call fails with what the server says.
      if (wait <= RATE_LIMIT_PATIENCE_MS) this.limiter.pause(this.options.clock.now() + wait);
      throw new ApiError({ ...facts, retryAfterMs: wait });
    }
    if (text.trim() === "") return {};
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new MalformedAnswerError(method, path, `not JSON: ${excerpt(this.redact(text))}`);
    }
  }

  /** The text without the token, for whatever may end in a message. */
  redact(text: string): string {
    return text.split(this.options.token).join("[token]");
  }
}

/** Node does not resolve `*.localhost`; it is mapped to loopback here and nowhere else. */
export const loopbackLookup: LookupFunction = (hostname, options, callback) => {
  if (isLoopback(hostname)) {
    if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
    else callback(null, "127.0.0.1", 4);
    return;
  }
  lookup(hostname, options, callback);
};

function mayRepeat(request: ApiRequest, error: unknown): boolean {
  if (error instanceof NoAnswerError) return !error.outcomeUnknown || request.repeatable;
  if (error instanceof ApiError) return request.repeatable && error.outcomeUnknown;
  return false;
}

const seconds = (ms: number) => Math.round(ms / 1000);

function backoff(attempt: number, clock: Clock): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (attempt - 1));
  return ceiling * (0.5 + clock.random() / 2);
}

/** Refused or unresolved: the request never left us. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function noAnswer(request: ApiRequest, endpoint: string, error: unknown): NoAnswerError {
  const cause = error as { code?: unknown; name?: unknown; message?: unknown; cause?: { code?: unknown } };
  const code = String(cause.code ?? cause.cause?.code ?? "");
  const timedOut = cause.name === "TimeoutError" || code.includes("TIMEOUT");
  const detail = timedOut ? "time-out" : code || String(cause.message ?? "connection failed");
  return new NoAnswerError(request.method, request.path, endpoint, detail, !NEVER_SENT.has(code));
}

function jsonBody(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

function multipart(file: { name: string; content: Buffer }): Undici.FormData {
  const form = new (loadUndici().FormData)();
  form.append(
    "file",
    new Blob([new Uint8Array(file.content)], { type: "application/octet-stream" }),
    file.name,
  );
  return form;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Retry-After comes as seconds or as a date. */
function retryAfterMs(value: string | undefined, clock: Clock): number {
  const seconds = value ? Number(value) : NaN;
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value ?? "") - clock.now();
  return Number.isNaN(wait) ? MIN_RETRY_AFTER_MS : Math.max(MIN_RETRY_AFTER_MS, wait);
}

/** First non-empty of body `error`, body `message`, raw text; `error` may be a string or an object. */
function errorText(text: string, status: number): string {
  try {
    const body = JSON.parse(text) as { error?: unknown; message?: unknown };
    for (const candidate of [body.error, body.message]) {
      if (typeof candidate === "string" && candidate !== "") return candidate;
      if (typeof candidate === "object" && candidate !== null) {
        const inner = (candidate as { message?: unknown }).message;
        return typeof inner === "string" && inner !== "" ? inner : JSON.stringify(candidate);
      }
    }
  } catch {
    if (/^\s*<(!doctype|html)/i.test(text))
      return `an HTML page instead of JSON (status ${status}), probably from a proxy`;
  }
  return excerpt(text) || "no message";
}

function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 300 ? `${flat.slice(0, 300)}…` : flat;
}
