import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeComment {
  id: number;
  body: string;
  user: { login: string; type: "User" | "Bot" };
  author_association: string;
}

export interface FakeDeployment {
  id: number;
  environment: string;
  sha: string;
  statuses: { state: string; environment_url?: string }[];
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer that is given instead of the true one, so many times. */
export interface Fault extends Answer {
  /** Start of `METHOD /path`. */
  call: string;
  times: number;
  /** Whether the call has its effect all the same. */
  after?: boolean;
}

/** Who writes, by token. The token of a workflow does not say whose it is. */
const BOT = { login: "github-actions[bot]", type: "Bot" } as const;
const PERSON = { login: "member", type: "User" } as const;

/**
 * The few calls of GitHub's API that previews need, on loopback: pull requests, comments, deployments and labels of one
 * repository, with its pages. The token `write`, a workflow's, may do all of that, and so may `person`, who is a member;
 * `read` may only look.
 */
export class FakeGitHub {
  readonly pulls = new Map<number, "open" | "closed">();
  readonly comments = new Map<number, FakeComment[]>();
  readonly deployments: FakeDeployment[] = [];
  readonly reviews = new Map<number, { user: { login: string }; commit_id: string }[]>();
  readonly labels = new Map<number, Set<string>>();
  /** `METHOD /path`, in order. */
  readonly calls: string[] = [];
  /** Everything that was sent, for searching it for what must not be there. */
  sent = "";
  readonly faults: Fault[] = [];
  private nextId = 1000;
  private server!: Server;

  private constructor(readonly repository: string) {}

  static async start(repository: string): Promise<FakeGitHub> {
    const fake = new FakeGitHub(repository);
    fake.server = createServer((request, response) => void fake.serve(request, response));
    await new Promise<void>((listening) => fake.server.listen(0, "127.0.0.1", listening));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  open(number: number): void {
    this.pulls.set(number, "open");
  }

  close(number: number): void {
    this.pulls.set(number, "closed");
  }

  /** A comment of somebody. */
  comment(
    number: number,
    body: string,
    user: FakeComment["user"] = { login: "somebody", type: "User" },
    association = "NONE",
  ): FakeComment {
    const comment = { id: this.nextId++, body, user, author_association: association };
    this.comments.set(number, [...(this.comments.get(number) ?? []), comment]);
    return comment;
  }

  /** Comments of ours. */
  ours(number: number): FakeComment[] {
    return (this.comments.get(number) ?? []).filter(({ user }) => user.type === "Bot");
  }

  /** What the last status of each deployment of an environment says. */
  states(environment: string): (string | undefined)[] {
    return this.deployments
      .filter((one) => one.environment === environment)
      .map(({ statuses }) => statuses.at(-1)?.state);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? "/", this.url);
    const call = `${request.method} ${url.pathname}`;
    this.calls.push(call);
    this.sent += text;
    const fault = this.faults.find((one) => one.times > 0 && call.startsWith(one.call));
    const reach = () =>
      this.answer(request, url, text === "" ? {} : (JSON.parse(text) as Record<string, unknown>));
    let answer: Answer;
    if (fault) {
      fault.times--;
      if (fault.after) reach();
      answer = fault;
    } else answer = reach();
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  }

  private answer(request: IncomingMessage, url: URL, body: Record<string, unknown>): Answer {
    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token !== "write" && token !== "person" && token !== "read")
      return { status: 401, body: { message: "Bad credentials" } };
    const forbidden = { status: 403, body: { message: "Resource not accessible by integration" } };
    if (url.pathname === "/user" && token === "person") return { status: 200, body: PERSON };
    if (url.pathname === "/user" || (token === "read" && request.method !== "GET")) return forbidden;
    const base = `/repos/${this.repository}`;
    if (!url.pathname.startsWith(base)) return { status: 404, body: { message: "Not Found" } };
    const route = `${request.method} ${url.pathname.slice(base.length)}`;
    for (const [pattern, handler] of this.routes(token)) {
      const match = pattern.exec(route);
      if (match) return handler(match.slice(1), body, url) ?? { status: 404, body: { message: "Not Found" } };
    }
    return { status: 404, body: { message: "Not Found" } };
  }

  private routes(
    token: string,
  ): [RegExp, (path: string[], body: Record<string, unknown>, url: URL) => Answer | undefined][] {
    const all = () => [...this.comments.values()].flat();
    const deployment = (id: string | undefined) => this.deployments.find((one) => one.id === Number(id));
    return [
      [
        /^GET \/pulls$/,
        (_, __, url) =>
          this.page(
            url,
            [...this.pulls]
              .filter(([, state]) => state === "open")
              .map(([number]) => ({ number, state: "open" })),
          ),
      ],
      [
        /^GET \/pulls\/(\d+)$/,
        ([number]) => {
          const state = this.pulls.get(Number(number));
          return state && { status: 200, body: { number: Number(number), state } };
        },
      ],
      [
        /^GET \/pulls\/(\d+)\/reviews$/,
        ([number], _, url) => this.page(url, this.reviews.get(Number(number)) ?? []),
      ],
      [
        /^GET \/issues\/(\d+)\/comments$/,
        ([number], _, url) => this.page(url, this.comments.get(Number(number)) ?? []),
      ],
      [
        /^POST \/issues\/(\d+)\/comments$/,
        ([number], { body }) => ({
          status: 201,
          body:
            token === "person"
              ? this.comment(Number(number), String(body), PERSON, "MEMBER")
              : this.comment(Number(number), String(body), BOT),
        }),
      ],
      [
        /^PATCH \/issues\/comments\/(\d+)$/,
        ([id], { body }) => {
          const comment = all().find((one) => one.id === Number(id));
          return comment && { status: 200, body: Object.assign(comment, { body: String(body) }) };
        },
      ],
      [
        /^DELETE \/issues\/comments\/(\d+)$/,
        ([id]) => {
          for (const [number, comments] of this.comments)
            this.comments.set(
              number,
              comments.filter((one) => one.id !== Number(id)),
            );
          return { status: 204 };
        },
      ],
      [
        /^DELETE \/issues\/(\d+)\/labels\/([^/]+)$/,
        ([number, label]) =>
          this.labels.get(Number(number))?.delete(label!) ? { status: 200, body: [] } : undefined,
      ],
      [
        /^GET \/deployments$/,
        (_, __, url) =>
          this.page(
            url,
            this.deployments
              .filter((one) => one.environment === url.searchParams.get("environment"))
              .reverse(),
          ),
      ],
      [
        /^POST \/deployments$/,
        (_, { environment, ref }) => {
          const made = {
            id: this.nextId++,
            environment: String(environment),
            // Whole, also where a start of it was sent.
            sha: String(ref).padEnd(40, "0"),
            statuses: [],
          };
          this.deployments.push(made);
          return { status: 201, body: made };
        },
      ],
      [
        /^GET \/deployments\/(\d+)\/statuses$/,
        ([id], _, url) => this.page(url, [...(deployment(id)?.statuses ?? [])].reverse()),
      ],
      [
        /^POST \/deployments\/(\d+)\/statuses$/,
        ([id], status) => {
          deployment(id)?.statuses.push(status as never);
          return { status: 201, body: status };
        },
      ],
    ];
  }

  private page(url: URL, items: readonly unknown[]): Answer {
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    return {
      status: 200,
      body: items.slice((page - 1) * size, page * size),
      headers: page * size < items.length ? { link: `<${next.href}>; rel="next"` } : {},
    };
  }
}
