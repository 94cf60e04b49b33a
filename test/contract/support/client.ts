import * as http from "node:http";
import { CONTRACT_ROUTES, ROUTES, nameOf } from "./routes";

/** One answer, whatever its status. */
export interface Answer {
  status: number;
  /** The media type, without parameters; empty if there was none. */
  type: string;
  text: string;
  /** The parsed body if it is JSON; `{}` if it is empty (recorded: an empty body means `{}`); else undefined. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the checks look into any shape
  body: any;
}

/** API versions. */
export type Version = "v1" | "v2";

/** The routes that were seen to answer with success. */
export class SeenRoutes {
  private readonly seen = new Set<string>();

  /** Notes a call; `path` is what follows `/api/<version>`, without the query. */
  add(method: string, version: Version, path: string): void {
    const segments = path.split("/");
    const route = ROUTES.find(
      (other) =>
        other.method === method &&
        other.versions[version] !== undefined &&
        other.path.split("/").length === segments.length &&
        other.path.split("/").every((part, index) => part.startsWith("{") || part === segments[index]),
    );
    if (route !== undefined) this.seen.add(nameOf(route, version));
  }

  /** Routes of the contract that did not answer. */
  missing(): string[] {
    return CONTRACT_ROUTES.filter((route) => !this.seen.has(route));
  }

  get count(): number {
    return CONTRACT_ROUTES.length - this.missing().length;
  }
}

/** A client of the API that hides nothing: no retry, no error class, every answer as it came. */
export class Client {
  constructor(
    readonly url: string,
    readonly token: string | null,
    private readonly seen: SeenRoutes,
    private readonly onCreated: (kind: CreatedKind, id: string) => void,
  ) {}

  /** One request; `path` is what follows `/api/<version>`, with its query. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    version: Version = "v1",
    limitMs = 60_000,
  ): Promise<Answer> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.url}/api/${version}${path}`, {
      method,
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        // A form brings its own content type.
        ...(body === undefined || form ? {} : { "content-type": "application/json" }),
      },
      body:
        body === undefined ? undefined : form ? body : typeof body === "string" ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await response.text();
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
    const answer: Answer = { status: response.status, type, text, body: parse(text) };
    if (answer.status < 400) {
      this.seen.add(method, version, path.split("?")[0] ?? "");
      this.note(method, path, body, answer);
    }
    return answer;
  }

  get(path: string, version?: Version): Promise<Answer> {
    return this.call("GET", path, undefined, version);
  }

  post(path: string, body?: unknown, version?: Version): Promise<Answer> {
    return this.call("POST", path, body, version);
  }

  patch(path: string, body: unknown, version?: Version): Promise<Answer> {
    return this.call("PATCH", path, body, version);
  }

  delete(path: string): Promise<Answer> {
    return this.call("DELETE", path);
  }

  /** Uploads one file as the recorded client does: one part `file`, `application/octet-stream`. */
  upload(name: string, content: Uint8Array<ArrayBuffer> | string): Promise<Answer> {
    const form = new FormData();
    form.append("file", new Blob([content], { type: "application/octet-stream" }), name);
    return this.call("POST", "/mags-files", form);
  }

  /** Tells what was made, so that it can be removed whatever the check that made it does. */
  private note(method: string, path: string, body: unknown, answer: Answer): void {
    if (method !== "POST") return;
    const sent = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    if (path === "/mags-jobs") {
      if (typeof answer.body?.request_id === "string") this.onCreated("job", answer.body.request_id);
      if (typeof sent.workspace_id === "string") this.onCreated("workspace", sent.workspace_id);
    } else if (path === "/mags-url-aliases" && typeof sent.subdomain === "string") {
      this.onCreated("alias", sent.subdomain);
    } else if (path === "/mags-cron" && typeof answer.body?.id === "string") {
      this.onCreated("cron", answer.body.id);
    }
  }
}

/** Kinds of objects that stay until they are removed. */
export type CreatedKind = "job" | "workspace" | "alias" | "cron";

function parse(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON; the checks that care look at the type and the text.
  }
}

/** What a URL of a VM or an alias answered. */
export interface Served {
  status: number;
  text: string;
}

/** A request to a URL of a VM. Names below `localhost` do not resolve in Node, so `base` says where to connect. */
export function visit(base: string, url: string, path = "/"): Promise<Served> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: hostname, port, path, headers: { host: new URL(url).host }, timeout: 30_000, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on("timeout", () => request.destroy(new Error(`${url}${path}: no answer within 30 s`)));
    request.on("error", reject);
  });
}
