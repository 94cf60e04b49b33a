import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Emulator } from "../../../emulator";
import type { Front } from "./emulator-target";

/** A request on its way to the emulator; a misbehaviour may change it. */
export interface Asked {
  method: string;
  /** What follows `/api`, with the query; the whole path for a request to a VM. */
  path: string;
  /** The JSON body; undefined if there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any shape
  body: any;
  token: string;
  /** For a request to a VM or an alias: the name it is for. */
  host?: string;
}

/** An answer on its way back. */
export interface Given {
  status: number;
  type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any shape; text if it is no JSON
  body: any;
}

/** Sends a request on to the emulator. */
export type Forward = (asked: Asked) => Promise<Given>;

/** Handles a request in place of plain forwarding. */
export type Meddle = (asked: Asked, forward: Forward, emulator: Emulator) => Promise<Given>;

/** A server in front of an emulator whose answers and calls `meddle` may alter. */
export async function startProxy(emulator: Emulator, meddle: Meddle): Promise<Front> {
  const server = http.createServer((request, response) => {
    answer(request, emulator, meddle).then(
      ({ status, headers, content }) => {
        response.writeHead(status, headers);
        response.end(content);
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Raw {
  status: number;
  headers: http.OutgoingHttpHeaders;
  content: Buffer | string;
}

async function answer(request: http.IncomingMessage, emulator: Emulator, meddle: Meddle): Promise<Raw> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const host = request.headers.host ?? "";
  const toVm = !host.startsWith("127.0.0.1");
  const isJson = (request.headers["content-type"] ?? "").startsWith("application/json");
  const asked: Asked = {
    method: request.method ?? "GET",
    path: toVm ? (request.url ?? "/") : (request.url ?? "/").replace(/^\/api/, ""),
    body: isJson && raw.length > 0 ? parsed(raw.toString("utf8")) : undefined,
    token: (request.headers.authorization ?? "").replace(/^Bearer /, ""),
    host: toVm ? host : undefined,
  };
  const forward: Forward = async (changed) => {
    const json = isJson || changed.body !== undefined;
    const result = await send(emulator.port, {
      method: changed.method,
      path: changed.host === undefined ? `/api${changed.path}` : changed.path,
      headers: {
        ...(request.headers["content-type"] === undefined
          ? {}
          : { "content-type": request.headers["content-type"] }),
        ...(json ? { "content-type": "application/json" } : {}),
        ...(changed.token === "" ? {} : { authorization: `Bearer ${changed.token}` }),
        ...(changed.host === undefined ? {} : { host: changed.host }),
      },
      content: json ? textOf(changed.body) : raw,
    });
    const type = (result.headers["content-type"] as string | undefined) ?? "";
    return {
      status: result.status,
      type,
      body: type.startsWith("application/json") ? parsed(String(result.content)) : String(result.content),
    };
  };
  const given = await meddle(asked, forward, emulator);
  return {
    status: given.status,
    headers: given.type === "" ? {} : { "content-type": given.type },
    content: textOf(given.body),
  };
}

/** Text that is no JSON stays as it is, in both directions. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text; // Sent as it came: what is malformed must arrive malformed.
  }
}

function textOf(body: unknown): string {
  return body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
}

function send(
  port: number,
  options: { method: string; path: string; headers: http.OutgoingHttpHeaders; content: Buffer | string },
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const { content, ...rest } = options;
    const request = http.request({ host: "127.0.0.1", port, agent: false, ...rest }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as http.OutgoingHttpHeaders,
          content: Buffer.concat(chunks),
        }),
      );
    });
    request.on("error", reject);
    request.end(content);
  });
}
