import * as http from "node:http";
import { send } from "./body";

/** Statuses of requests that Node.js gives up on; anything else is a 400. */
const BROKEN: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "the request line and the headers are larger than 16 KiB together"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "the extensions of the chunks are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request did not arrive in time"],
};

/** Lets a server answer with JSON also what Node.js by itself answers with nothing. */
export function answerInJson(server: http.Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const [status, reason] = BROKEN[error.code ?? ""] ?? [400, "the request is not HTTP/1.1"];
    socket.end(rawJson(status, { error: reason }));
  });
  server.on("checkExpectation", (request: http.IncomingMessage, response: http.ServerResponse) => {
    request.resume();
    const text = "the only expectation that is understood is 100-continue";
    send(request, response, { status: 417, body: { error: text }, headers: { connection: "close" } });
  });
  server.on("connect", (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(rawJson(501, { error: `CONNECT ${request.url ?? ""} is not served: this is no proxy` }));
  });
}

/** An answer on a connection that Node.js has let go of. */
export function rawJson(status: number, body: unknown): string {
  const text = JSON.stringify(body);
  return (
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? "Error"}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`
  );
}

/** Path and query of a request as they came: a parser of URLs would resolve dots and turn backslashes. */
export function targetOf(request: http.IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}

/** Turns the absolute form of a target, which servers have to accept, into a path and a Host header. */
export function toOriginForm(request: http.IncomingMessage): void {
  const match = /^https?:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? "");
  if (match === null) return;
  const rest = match[2] ?? "";
  request.headers.host = match[1];
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
}
