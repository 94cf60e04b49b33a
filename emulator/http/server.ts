import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Socket } from "node:net";
import { ApiError, malformed, notModelled } from "../errors";
import { isLoopback } from "../options";
import { renderPage } from "../page";
import type { PageState } from "../snapshot";
import { send } from "./body";
import type { Api } from "./api";
import { answerInJson, rawJson, targetOf, toOriginForm } from "./protocol";
import type { Proxy } from "./proxy";

/** The API, the URLs of the VMs and the page, on one port. */
export function createServer(
  api: Api,
  proxy: Proxy,
  page: () => PageState,
  log: (line: string) => void,
): http.Server {
  const refuse = (request: http.IncomingMessage, response: http.ServerResponse, error: ApiError): void =>
    send(request, response, { status: error.status, body: { error: error.message }, headers: error.headers });
  const fail = (request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void => {
    log(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    refuse(request, response, new ApiError(500, `emulator failure: ${String(error)}`));
  };
  const options: http.ServerOptions = {
    keepAliveTimeout: 65_000,
    // Answered below, in JSON.
    requireHostHeader: false,
    // Some clients offer HTTP/2 with every request: an offer may be ignored, and only VMs take any.
    shouldUpgradeCallback: (request) => {
      toOriginForm(request);
      return proxy.target(request.headers.host) !== undefined;
    },
  };
  const server = http.createServer(options, (request, response) => {
    response.on("error", () => undefined); // The caller is gone; there is nobody to tell.
    toOriginForm(request);
    if (request.headers.host === undefined && request.httpVersion === "1.1") {
      request.resume();
      refuse(request, response, malformed("a request of HTTP/1.1 must have a Host header"));
      return;
    }
    const target = proxy.target(request.headers.host);
    if (target !== undefined) {
      proxy.request(target, request, response).catch((error: unknown) => fail(request, response, error));
      return;
    }
    const { path } = targetOf(request);
    if (path.startsWith("/api/")) {
      api.handle(request, response).catch((error: unknown) => fail(request, response, error));
      return;
    }
    request.resume();
    if (request.method === "GET" && path === "/" && isOurs(request)) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(renderPage());
    } else if (request.method === "GET" && path === "/_emulator/state" && isOurs(request)) {
      send(request, response, { body: page(), headers: { "cache-control": "no-store" } });
    } else refuse(request, response, notModelled(request.method ?? "GET", path));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const target = proxy.target(request.headers.host);
    if (target === undefined) {
      // Before Node.js 24.9 there is no way to ignore an offer.
      socket.end(rawJson(501, { error: "the API does not upgrade connections" }));
      return;
    }
    proxy.upgrade(target, request, socket, head).catch((error: unknown) => {
      log(`error: ${String(error)}`);
      socket.destroy();
    });
  });
  answerInJson(server);
  // What is sent to a VM may stream for hours; the API itself waits for a body no longer than `readBody` says.
  server.requestTimeout = 0;
  return server;
}

/** Listens; returns the port. */
export function listen(server: http.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const reason =
        error.code === "EADDRINUSE"
          ? "another program listens there. Choose another port, or 0 for a free one"
          : error.message;
      reject(
        new Error(`The emulator cannot listen on port ${port} of ${host}: ${reason}.`, { cause: error }),
      );
    };
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Stops listening and drops every connection, upgraded ones included. */
export async function close(server: http.Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** Keeps the open sockets of a server. */
export function track(server: http.Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** The page needs no token, so it is for this machine alone: by address, and by name against rebinding. */
function isOurs(request: http.IncomingMessage): boolean {
  const remote = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return isLoopback(remote) && isLoopback(host);
}
