import type { IncomingMessage, ServerResponse } from "node:http";
import type { Calls, RecordedCall } from "../calls";
import type { Timer } from "../clock";
import type { Cloud } from "../cloud";
import { ApiError, notModelled, unauthorized } from "../errors";
import type { ActiveFault, FaultKind, FaultTarget } from "../faults";
import type { Call, Reply } from "../handlers/call";
import type { Fleet } from "../lifecycle/fleet";
import type { Scheduler } from "../lifecycle/scheduler";
import type { ApiVersion } from "../model";
import { matchRoute, routeName } from "../routes";
import type { Match } from "../routes";
import { HungUpError, parseObject, readBody, send } from "./body";
import { EDGE_TIMED_OUT } from "./edge";
import { ListFaults } from "./list-faults";
import { targetOf } from "./protocol";

const BEFORE: readonly FaultKind[] = [
  "rate-limit",
  "error-before",
  "close-before",
  "error-after",
  "edge-524",
  "close-after",
  "late-effect",
  "slow",
  "stale-list",
  "truncated-list",
];
/** How long a `late-effect` waits: longer than the recorded client does. */
const LATE_MS = 35_000;
/** How long a `slow` answer waits. */
const SLOW_MS = 3_000;

/** Answers everything below `/api/`. */
export class Api {
  private readonly lists = new ListFaults();

  constructor(
    private readonly cloud: Cloud,
    private readonly fleet: Fleet,
    private readonly scheduler: Scheduler,
    private readonly calls: Calls,
  ) {}

  /** Answers one request and records it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cloud } = this;
    const { path, query } = targetOf(request);
    const [, , name = "", ...rest] = path.split("/");
    const version: ApiVersion = name === "v2" ? "v2" : "v1";
    const method = request.method ?? "GET";
    const record: RecordedCall = {
      at: cloud.clock.now(),
      account: -1,
      method,
      path: request.url ?? "/",
      route: "",
      version,
      status: 0,
    };
    const target: FaultTarget = { route: "", method, account: -1, path: record.path, body: "" };
    const faults = new Set<string>();
    const take = (...kinds: FaultKind[]): ActiveFault | undefined => {
      const fault = cloud.faults.take(kinds, target);
      if (fault !== undefined) faults.add(fault.kind);
      return fault;
    };
    let size = 0;
    let settled = false;
    const settle = (reply: Reply): void => {
      // What comes after the edge has answered reaches nobody.
      if (settled) return;
      settled = true;
      record.fault = faults.size === 0 ? undefined : [...faults].join(",");
      if (!response.destroyed && reply.status !== 0) record.status = reply.status ?? 200;
      this.calls.add(record, size);
      if (record.status !== 0) send(request, response, reply);
    };
    let edge: Timer | undefined;
    try {
      record.account = this.authorise(request);
      target.account = record.account;
      const match =
        name === "v1" || name === "v2" ? matchRoute(version, method, `/${rest.join("/")}`) : undefined;
      if (match === undefined) throw notModelled(method, path);
      record.route = routeName(match.route);
      target.route = record.route;
      const upload = match.route.body === "upload";
      const raw = await readBody(request, upload ? cloud.settings.uploadLimit : cloud.settings.bodyLimit);
      size = raw.length;
      edge = cloud.clock.after(cloud.settings.edgeMs, () => settle(EDGE_TIMED_OUT));
      if (!upload) target.body = raw.toString("utf8");
      const body = upload || match.route.body === undefined ? {} : parseObject(raw);
      if (match.route.body === "json") record.body = body;
      const call: Call = {
        cloud,
        fleet: this.fleet,
        scheduler: this.scheduler,
        account: record.account,
        version,
        params: match.params,
        query,
        body,
        raw,
        contentType: request.headers["content-type"] ?? "",
        fault: take,
      };
      settle(await this.answer(call, match, take, response, record));
    } catch (error) {
      settle(this.failure(error, version, take));
    } finally {
      edge?.cancel();
    }
  }

  /** Runs the handler under the fault that is meant for this request. */
  private async answer(
    call: Call,
    match: Match,
    take: (...kinds: FaultKind[]) => ActiveFault | undefined,
    response: ServerResponse,
    record: RecordedCall,
  ): Promise<Reply> {
    const fault = take(...BEFORE);
    const run = async (): Promise<Reply> => match.route.handler(call);
    const status = fault?.status ?? 500;
    switch (fault?.kind) {
      case undefined: {
        const reply = await run();
        this.lists.remember(record.account, record.path, reply.body);
        return reply;
      }
      case "rate-limit":
        throw new ApiError(fault.status ?? 429, "rate limit exceeded", {
          "retry-after": fault.date
            ? new Date(Date.now() + (fault.retryAfter ?? 1) * 1000).toUTCString()
            : String(fault.retryAfter ?? 1),
        });
      case "error-before":
        throw new ApiError(status, `injected fault: ${status} before the effect`);
      case "close-before":
        response.destroy();
        return {};
      case "error-after":
        await run();
        throw new ApiError(status, `injected fault: ${status} after the effect`);
      case "edge-524":
        await run();
        return EDGE_TIMED_OUT;
      case "close-after":
        await run();
        response.destroy();
        return {};
      case "late-effect":
        this.cloud.clock.after(fault.delayMs ?? LATE_MS, async () => {
          // The caller has given up, so an error has nobody to go to but the log.
          await run().catch((error: unknown) => this.cloud.log(`late effect: ${String(error)}`));
          response.destroy();
        });
        await new Promise((resolve) => response.once("close", resolve));
        return {};
      case "slow": {
        const reply = await run();
        await this.cloud.clock.sleep(fault.delayMs ?? SLOW_MS);
        return reply;
      }
      case "stale-list":
      case "truncated-list":
        return this.lists.apply(fault, record.account, record.path, await run());
      default:
        throw new Error(`fault ${fault?.kind} has no place in a request`);
    }
  }

  private authorise(request: IncomingMessage): number {
    const header = request.headers.authorization ?? "";
    const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    if (token === undefined) throw unauthorized();
    const account = this.cloud.state.accountOf(token);
    if (account === undefined) throw unauthorized();
    return account.index;
  }

  private failure(
    error: unknown,
    version: ApiVersion,
    take: (...kinds: FaultKind[]) => ActiveFault | undefined,
  ): Reply {
    // Recorded, but neither answered nor a failure of the emulator.
    if (error instanceof HungUpError) return { status: 0 };
    if (!(error instanceof ApiError)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.cloud.log(`error: ${text}`);
      return this.failure(
        new ApiError(500, `emulator failure: ${error instanceof Error ? error.message : String(error)}`),
        version,
        take,
      );
    }
    const asObject = take("error-object") !== undefined;
    const told = asObject ? { message: error.message, code: error.status } : error.message;
    return {
      status: error.status,
      // v2 tells failures in `message` (observed).
      body: version === "v2" ? { message: told } : { error: told },
      headers: error.headers,
    };
  }
}
