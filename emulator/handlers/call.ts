import type { Cloud, RequestContext } from "../cloud";
import type { Body } from "./fields";
import type { ApiVersion } from "../model";
import type { Fleet } from "../lifecycle/fleet";
import type { Scheduler } from "../lifecycle/scheduler";

/** One API request, authorised and read. */
export interface Call extends RequestContext {
  cloud: Cloud;
  fleet: Fleet;
  scheduler: Scheduler;
  version: ApiVersion;
  /** Values of the path's `{…}` segments, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON body; `{}` if there was none. */
  body: Body;
  /** The body as it came, for uploads. */
  raw: Buffer;
  contentType: string;
}

/** What a handler answers. No body means an empty one. */
export interface Reply {
  /** @default 200 */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Answers one route. */
export type Handler = (call: Call) => Reply | Promise<Reply>;
