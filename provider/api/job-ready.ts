import type { Account, Task } from "./account";
import { retryFor } from "./attempt";
import { isActive } from "./job-status";
import { isApiError } from "./errors";
import { explain } from "./explain";
import type { WatchOutcome } from "./job-watcher";
import { progress } from "./progress";
import type { AccessView, JobView } from "./wire";

/** A job can be answered with 404 for this long after it was submitted (observed: retry 5 times, 5 s apart). */
const NOT_FOUND_GRACE_MS = 25_000;
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

export function hasEnded(job: JobView): boolean {
  return !isActive(job) || (job.status === "sleeping" && failed(job));
}

/**
 * Watches a job that was just submitted until `accept` says yes to its status, the deadline passes, or it has
 * been missing for longer than a new one can be.
 * @param options.boots it is waited for until its VM is up
 */
export function watchNew(
  task: Task,
  requestId: string,
  accept: (job: JobView) => boolean,
  { boots = false, onLook }: { boots?: boolean; onLook?: (job: JobView | undefined) => void } = {},
): Promise<WatchOutcome> {
  const startedAt = task.clock.now();
  const goneAt = startedAt + NOT_FOUND_GRACE_MS;
  return task.watcher.watch(
    requestId,
    (seen) => {
      onLook?.(seen);
      return seen === undefined ? task.clock.now() > goneAt : accept(seen);
    },
    task.deadline - startedAt,
    { boots },
  );
}

/** Opens a port, as soon as the VM lets it be opened. */
export function openPort(
  task: Task,
  { requestId, name }: { requestId: string; name?: string },
  port: number,
): Promise<AccessView> {
  const say = progress(task);
  const mayRetry = (error: unknown) => {
    say(() => `for access to port ${port} of job "${name ?? requestId}": ${explain(error).message}`);
    return mayRetryAccess(error);
  };
  return retryFor(task, { everyMs: task.pollMs * 5, forMs: ACCESS_PATIENCE_MS, mayRetry }, () =>
    task.client.enableAccess(requestId, port),
  );
}

/** Access to a VM that is not ready is refused or answered incompletely; repeating it is safe (observed). */
function mayRetryAccess(error: unknown): boolean {
  return isApiError(error) && !error.isAuth;
}

/** The last lines of a job's log, for messages: best effort, since the failure it explains matters more. */
export async function logTail({ client }: Account, requestId: string): Promise<string> {
  try {
    const lines = (await client.jobLogs(requestId)).flatMap(({ message }) => message.split("\n"));
    return lines.slice(-LOG_TAIL_LINES).join("\n");
  } catch (error) {
    return `(the log could not be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}
