import { hasEnded, isReady, logTail, openPort, watchNew } from "../api/job-ready";
import { progress } from "../api/progress";
import { publicUrl } from "../api/settings";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import type { Values } from "../schema/fields";
import { DEFAULT_SCRIPT } from "../schema/job-fields";
import type { Context } from "./kind";

/** A script that fails at once is still running when its VM is first seen; it is looked at for this much longer. */
const SETTLE_POLLS = 5;

/**
 * Waits until the job is ready, and a little longer, so that a script that fails at once is seen to fail; unless
 * another VM of this run has shown that it does not.
 */
export async function waitUntilReady(
  context: Context,
  name: string,
  requestId: string,
  inputs: Values,
): Promise<JobView> {
  const { clock, watcher } = context;
  const startedAt = clock.now();
  const say = progress(context);
  const { job, timedOut } = await watchNew(context, requestId, (seen) => isReady(seen) || hasEnded(seen), {
    boots: true,
    onLook: (seen) => say(() => `for job "${name}" to be ready: ${seen?.status ?? "not listed yet"}`),
  });
  if (!job || hasEnded(job))
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
  if (context.proven.has(inputs)) return job;
  const settledAt = clock.now() + SETTLE_POLLS * context.pollMs;
  const settled = await watcher.watch(
    requestId,
    (seen) => clock.now() >= settledAt || seen === undefined || hasEnded(seen),
    SETTLE_POLLS * context.pollMs * 10,
    { known: job },
  );
  const last = settled.job ?? job;
  if (hasEnded(last))
    throw errors.jobEnded(name, last.status, last.exitCode, await logTail(context, requestId));
  context.proven.note(inputs);
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
    try {
      const access = await openPort(context, { requestId, name }, port);
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

/**
 * Those of a job's ports that are not open yet. When there are any, the main one is opened again after them: the
 * VM's one URL leads to the port that was opened last (assumed).
 */
export function portsToOpen(inputs: Values, opened: ReadonlySet<number>): number[] {
  const ports = portsOf(inputs);
  const main = ports.at(-1);
  return ports.every((port) => opened.has(port))
    ? []
    : ports.filter((port) => port === main || !opened.has(port));
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
      if (job && hasEnded(job)) {
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

export function urlOf(context: Context, subdomain: string | undefined): string | undefined {
  return subdomain && publicUrl(context.settings, subdomain, context.settings.domain);
}

const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
