import { isActive } from "../api/client";
import { isApiError } from "../api/errors";
import { publicUrl } from "../api/settings";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import { retryFor } from "./attempt";
import { explain } from "./explain";
import type { Values } from "../schema/fields";
import { DEFAULT_SCRIPT } from "../schema/job-fields";
import type { Context } from "./kind";
import { progress } from "../api/progress";

/** A job can be answered with 404 for this long after it was submitted (observed: retry 5 times, 5 s apart). */
const NOT_FOUND_GRACE_MS = 25_000;
/** A script that fails at once is still running when its VM is first seen; it is looked at again this much later. */
const SETTLE_POLLS = 5;
const ACCESS_PATIENCE_MS = 60_000;
const LOG_TAIL_LINES = 20;

/** Ready means running with a VM, or asleep after having run; `running` alone is not enough (recorded). */
export function isReady(job: JobView): boolean {
  if (job.status === "sleeping") return !failed(job);
  return job.status === "running" && job.vmId !== undefined;
}

/** A persistent script that fails may show as `sleeping` with an exit code (assumed). */
function failed(job: JobView): boolean {
  return job.exitCode !== undefined && job.exitCode !== 0;
}

function ended(job: JobView): boolean {
  return !isActive(job) || (job.status === "sleeping" && failed(job));
}

/** Waits until the job is ready, and a little longer, so that a script that fails at once is seen to fail. */
export async function waitUntilReady(
  context: Context,
  name: string,
  requestId: string,
  inputs: Values,
): Promise<JobView> {
  const { clock, watcher } = context;
  const startedAt = clock.now();
  const goneAt = startedAt + NOT_FOUND_GRACE_MS;
  const say = progress(context);
  const { job, timedOut } = await watcher.watch(
    requestId,
    (seen) => {
      say(() => `for job "${name}" to be ready: ${seen?.status ?? "not listed yet"}`);
      return seen === undefined ? clock.now() > goneAt : isReady(seen) || ended(seen);
    },
    context.deadline - startedAt,
  );
  if (!job || ended(job))
    throw errors.jobEnded(name, job?.status ?? "not found", job?.exitCode, await logTail(context, requestId));
  if (timedOut)
    throw errors.jobNotReady(
      name,
      seconds(startedAt, clock.now()),
      job.status,
      await logTail(context, requestId),
    );
  if (inputs.script === undefined || inputs.script === DEFAULT_SCRIPT || job.status === "sleeping")
    return job;
  const settledAt = clock.now() + SETTLE_POLLS * context.pollMs;
  const settled = await watcher.watch(
    requestId,
    (seen) => clock.now() >= settledAt || seen === undefined || ended(seen),
    SETTLE_POLLS * context.pollMs * 10,
  );
  const last = settled.job ?? job;
  if (ended(last)) throw errors.jobEnded(name, last.status, last.exitCode, await logTail(context, requestId));
  return last;
}

/** Opens the declared ports. The main one comes last, so that the URL is its. */
export async function openPorts(
  context: Context,
  name: string,
  requestId: string,
  ports: number[],
): Promise<string | undefined> {
  let subdomain: string | undefined;
  for (const port of ports) {
    const say = progress(context);
    const mayRetry = (error: unknown) => {
      say(() => `for access to port ${port} of job "${name}": ${explain(error).message}`);
      return mayRetryAccess(error);
    };
    try {
      const access = await retryFor(
        context,
        { everyMs: context.pollMs * 5, forMs: ACCESS_PATIENCE_MS, mayRetry },
        () => context.client.enableAccess(requestId, port),
      );
      subdomain = access.subdomain ?? subdomain;
    } catch (error) {
      throw errors.accessFailed(name, port, error instanceof Error ? error.message : String(error));
    }
  }
  return subdomain;
}

export function portsOf(inputs: Values): number[] {
  const http = inputs.http as { port: number; otherPorts?: number[] } | undefined;
  return http ? [...(http.otherPorts ?? []).filter((port) => port !== http.port), http.port] : [];
}

/** Waits until the job's URL answers 2xx. */
export async function waitUntilHealthy(
  context: Context,
  name: string,
  requestId: string,
  url: string,
  path: string,
): Promise<void> {
  const { clock, client } = context;
  const startedAt = clock.now();
  const target = `${url}${path.startsWith("/") ? "" : "/"}${path}`;
  const say = progress(context);
  let last = "no answer";
  while (clock.now() < context.deadline) {
    const status = await client.transport.probe(
      target,
      Math.max(1, Math.min(10_000, context.deadline - clock.now())),
    );
    if (status !== undefined && status >= 200 && status < 300) return;
    last = status === undefined ? "no answer" : `last status ${status}`;
    if (say(() => `for ${target} to answer 2xx: ${last}`)) {
      const job = await client.findJobStatus(requestId);
      if (job && ended(job)) {
        throw errors.jobEnded(name, job.status, job.exitCode, await logTail(context, requestId));
      }
    }
    await clock.sleep(context.pollMs);
  }
  throw errors.jobUnhealthy(
    name,
    target,
    seconds(startedAt, clock.now()),
    last,
    await logTail(context, requestId),
  );
}

/** The last lines of a job's log, for messages: best effort, since the failure it explains matters more. */
export async function logTail(context: Context, requestId: string): Promise<string> {
  try {
    const lines = (await context.client.jobLogs(requestId)).flatMap((line) => line.split("\n"));
    return lines.slice(-LOG_TAIL_LINES).join("\n");
  } catch (error) {
    return `(the log could not be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}

export function urlOf(context: Context, subdomain: string | undefined): string | undefined {
  return subdomain && publicUrl(context.settings, subdomain, context.settings.domain);
}

/** Access to a VM that is not ready is refused or answered incompletely; repeating it is safe (observed). */
function mayRetryAccess(error: unknown): boolean {
  return isApiError(error) && !error.isAuth;
}

const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
