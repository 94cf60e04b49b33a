import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** One request as the fake API received it. */
export interface ReceivedRequest {
  method: string;
  /** Path as sent, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  /** The body: parsed when it is JSON, else the raw text; undefined when there is none. */
  body: unknown;
}

/** What the fake API does with a request. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is a text. */
  body?: unknown;
  /** Cuts the connection instead of answering. */
  reset?: boolean;
  /** Never answers. */
  hang?: boolean;
}

export type Responder = (request: ReceivedRequest) => Reply | undefined | Promise<Reply | undefined>;

/** A server on loopback that answers what a test tells it to, and remembers what it was asked. */
export class FakeApi {
  readonly requests: ReceivedRequest[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private respond: Responder,
  ) {}

  static async start(respond: Responder = () => ({ status: 501 })): Promise<FakeApi> {
    const server = createServer((request, response) => {
      void api.serve(request, response);
    });
    const api = new FakeApi(server, respond);
    server.on("connection", (socket) => {
      api.sockets.add(socket);
      socket.on("close", () => api.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers from now on with this. */
  answer(respond: Responder): void {
    this.respond = respond;
  }

  /** Answers with these in turn, then 501. */
  script(...replies: Reply[]): void {
    this.respond = () => replies.shift() ?? { status: 501, body: { error: "the script is over" } };
  }

  /** What was asked, as `METHOD path`. */
  get calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const [path = "", query = ""] = (message.url ?? "").split("?");
    const json = message.headers["content-type"]?.startsWith("application/json");
    const request: ReceivedRequest = {
      method: message.method ?? "",
      path,
      query: new URLSearchParams(query),
      headers: message.headers,
      body: text === "" ? undefined : json ? (JSON.parse(text) as unknown) : text,
    };
    this.requests.push(request);
    const reply = (await this.respond(request)) ?? { status: 501, body: { error: "not scripted" } };
    if (reply.hang) return;
    if (reply.reset) {
      message.socket.destroy();
      return;
    }
    const body =
      reply.body === undefined
        ? ""
        : typeof reply.body === "string"
          ? reply.body
          : JSON.stringify(reply.body);
    response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
    response.end(body);
  }
}
