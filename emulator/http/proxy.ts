import * as http from "node:http";
import type { Duplex } from "node:stream";
import type { Timer } from "../clock";
import type { Cloud } from "../cloud";
import { internalContext } from "../cloud";
import { ApiError } from "../errors";
import type { Fleet } from "../lifecycle/fleet";
import type { Alias, Job } from "../model";
import { isActive } from "../model";
import { ALIAS_DOMAINS } from "../options";
import { PortClosedError } from "../runtime/runtime";
import type { Machine } from "../runtime/runtime";
import { send } from "./body";
import { EDGE_TIMED_OUT } from "./edge";
import { rawJson } from "./protocol";

/** Headers that concern one connection only. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"]);

/** Where a request for a subdomain goes. */
interface Destination {
  job: Job;
  port: number;
}

/** Serves the URLs of VMs and aliases. */
export class Proxy {
  private readonly domains: readonly string[];

  constructor(
    private readonly cloud: Cloud,
    private readonly fleet: Fleet,
  ) {
    this.domains = [...new Set([...ALIAS_DOMAINS, cloud.settings.domain])];
  }

  /** The subdomain and domain a Host header names; undefined for the API itself. */
  target(host: string | undefined): { subdomain: string; domain: string } | undefined {
    const name = (host ?? "").toLowerCase().replace(/\.?(?::\d+)?$/, "");
    for (const domain of this.domains) {
      if (name.endsWith(`.${domain}`)) {
        return { subdomain: name.slice(0, -domain.length - 1), domain };
      }
    }
    return undefined;
  }

  /** Forwards a request and streams the answer. */
  async request(
    target: { subdomain: string; domain: string },
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const opened = await this.open(target).catch(explain);
    if (opened.stream === undefined) {
      send(request, response, opened);
      return;
    }
    const { stream, release } = opened;
    if (response.destroyed) {
      // The visitor left while the VM woke.
      release();
      stream.destroy();
      return;
    }
    response.once("close", release);
    let edge: Timer | undefined;
    await new Promise<void>((resolve) => {
      const forward = http.request({
        createConnection: () => stream as never,
        method: request.method,
        path: request.url,
        headers: forwarded(request),
        setHost: false,
      });
      // Connections are handed over paused, so that no byte is lost on the way here.
      forward.once("socket", (socket) => socket.resume());
      response.once("close", () => {
        edge?.cancel();
        forward.destroy();
        resolve();
      });
      // What is sent to a VM may take its time; the edge waits for the answer only.
      request.once("end", () => {
        if (response.headersSent || response.destroyed) return;
        edge = this.cloud.clock.after(this.cloud.settings.edgeMs, () => {
          send(request, response, EDGE_TIMED_OUT);
          forward.destroy();
        });
      });
      forward.once("response", (answer) => {
        edge?.cancel();
        const headers = answer.rawHeaders.filter((_, index, all) => {
          const name = all[index - (index % 2)] ?? "";
          return !HOP_BY_HOP.has(name.toLowerCase());
        });
        if (response.destroyed) return;
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
        answer.once("error", () => response.destroy());
        answer.once("aborted", () => response.destroy());
        answer.pipe(response);
      });
      forward.once("error", (error) => {
        if (response.headersSent) response.destroy();
        else send(request, response, failure(502, `the VM broke off the connection: ${error.message}`));
      });
      request.once("error", () => forward.destroy());
      request.pipe(forward);
    });
  }

  /** Forwards an upgrade, such as a WebSocket, byte by byte. */
  async upgrade(
    target: { subdomain: string; domain: string },
    request: http.IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const opened = await this.open(target).catch(explain);
    if (opened.stream === undefined) {
      socket.end(rawJson(opened.status, opened.body));
      return;
    }
    const { stream, release } = opened;
    const close = (): void => {
      release();
      socket.destroy();
      stream.destroy();
    };
    if (socket.destroyed) {
      close();
      return;
    }
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
      lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
    }
    stream.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (head.length > 0) stream.write(head);
    for (const end of [socket, stream]) {
      end.once("error", close);
      end.once("close", close);
      // Everything the other side sent is written: an upgraded connection has no half-open state.
      end.once("finish", close);
    }
    stream.pipe(socket);
    socket.pipe(stream);
  }

  private async open(target: { subdomain: string; domain: string }): Promise<Opened> {
    const { job, port } = this.find(target);
    const context = internalContext(this.cloud, job.account, "WAKE");
    const { machine, release } = await this.fleet.use(context, job);
    try {
      return { stream: await this.dial(machine, port), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A VM that has just been woken may need a moment until it listens again. */
  private async dial(machine: Machine, port: number): Promise<Duplex> {
    for (;;) {
      try {
        return await machine.connect(port);
      } catch (error) {
        // Bounded: a wake is only recent for some seconds.
        if (!(error instanceof PortClosedError) || !this.fleet.justWoken(machine)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private find(target: { subdomain: string; domain: string }): Destination {
    const { state } = this.cloud;
    const alias = this.alias(target);
    if (alias !== undefined) {
      const job = alias.broken
        ? undefined
        : (state.activeByWorkspace(alias.account, alias.workspaceId) ??
          state.activeByName(alias.account, alias.workspaceId));
      if (job === undefined) {
        throw new ApiError(503, `alias ${alias.subdomain}: workspace ${alias.workspaceId} has no active job`);
      }
      const port = alias.port ?? job.ports.at(-1);
      if (port === undefined || !job.ports.includes(port)) {
        throw new ApiError(
          503,
          `alias ${alias.subdomain}: access is not enabled on ${port === undefined ? "any port" : `port ${port}`} of job ${job.name}`,
        );
      }
      return { job, port };
    }
    for (const job of state.allActive()) {
      const port = job.ports.at(-1);
      if (job.subdomain === target.subdomain && port !== undefined) return { job, port };
    }
    const where = `${target.subdomain}.${target.domain}`;
    for (const job of state.allJobs()) {
      if (job.subdomain === target.subdomain && !isActive(job)) {
        throw new ApiError(404, `nothing is served at ${where}: job ${job.name} has ended (${job.status})`);
      }
    }
    throw new ApiError(404, `nothing is served at ${where}`);
  }

  /** On localhost every alias is reachable, whatever its domain; the default domain wins. */
  private alias(target: { subdomain: string; domain: string }): Alias | undefined {
    const { state } = this.cloud;
    const exact = state.alias(target.subdomain, target.domain);
    if (exact !== undefined) return exact;
    if (target.domain !== "localhost" && target.domain !== this.cloud.settings.domain) return undefined;
    for (const domain of this.domains) {
      const alias = state.alias(target.subdomain, domain);
      if (alias !== undefined) return alias;
    }
    return undefined;
  }
}

interface Opened {
  stream: Duplex;
  release: () => void;
}

function forwarded(request: http.IncomingMessage): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push(name, request.rawHeaders[index + 1] ?? "");
  }
  return [...headers, "Connection", "close"];
}

interface Failure {
  stream?: undefined;
  status: number;
  body: { error: string };
}

function failure(status: number, error: string): Failure {
  return { status, body: { error } };
}

/** Why a VM cannot be reached. To a visitor, what is a mistake of a caller of the API is a VM that is not there. */
function explain(error: unknown): Failure {
  if (error instanceof ApiError) return failure(error.status === 400 ? 503 : error.status, error.message);
  if (error instanceof PortClosedError) return failure(502, error.message);
  return failure(502, `the VM cannot be reached: ${String(error)}`);
}
