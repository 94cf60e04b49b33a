import type { Task } from "./account";
import { isActive } from "./job-status";
import { isApiError, isNotFound } from "./errors";
import type { JobView } from "./wire";
import * as errors from "../errors";
import { progress } from "./progress";

/** Stopping takes 3 to 15 s until the name is free (observed). */
const STOP_PATIENCE_MS = 60_000;
/** How long a conflict may come from a stop that is not over yet. */
export const CONFLICT_PATIENCE_MS = 60_000;
/** Lists what is on the data disk: an ext4 volume holds `lost+found` (assumed). */
const LIST_DATA = `ls -A /data 2>/dev/null | grep -vx 'lost+found' | head -n 5`;

export interface StopOptions {
  name: string;
  /** Whether the VM's files are synced to a workspace, so that there is something to wait for. */
  synced: boolean;
  allowDataLoss: boolean;
}

/**
 * Fails when the per-VM disk `/data` holds files: it is not synced, so the next VM would not have them. A VM
 * that has lost its machine cannot be asked and has nothing left to lose.
 */
export async function refuseDataLoss(task: Task, job: JobView, name: string): Promise<void> {
  let listing: string;
  try {
    const { exitCode, stdout } = await task.client.exec(job.requestId, LIST_DATA, 15);
    if (exitCode !== 0) throw new Error(`looking ended with exit code ${exitCode}`);
    listing = stdout.trim();
  } catch (error) {
    if (lostItsMachine(error)) return;
    throw errors.dataDiskUnknown(name, error instanceof Error ? error.message : String(error));
  }
  if (listing !== "") throw errors.dataDiskHoldsFiles(name, listing.split("\n").join(", "));
}

/** Syncs, stops, and waits until the job is over. Nothing is stopped that could not be synced. */
export async function stopSafely(
  task: Task,
  job: JobView,
  options: StopOptions,
): Promise<JobView | undefined> {
  if (options.synced && job.status === "running") await confirmSync(task, job, options);
  return stopAndWait(task, job, options.name);
}

/** Stops and waits until the job is over, without asking for a sync. Gives the last that was seen of it. */
export async function stopAndWait(task: Task, job: JobView, name: string): Promise<JobView | undefined> {
  try {
    await task.client.stopJob(job.requestId);
  } catch (error) {
    if (!lostItsMachine(error)) throw error;
  }
  const startedAt = task.clock.now();
  const budget = Math.min(STOP_PATIENCE_MS, task.deadline - startedAt);
  const say = progress(task);
  const { job: last, timedOut } = await task.watcher.watch(
    job.requestId,
    (seen) => {
      say(() => `for job "${name}" to stop: ${seen?.status ?? "not found"}`);
      return seen === undefined || !isActive(seen);
    },
    budget,
  );
  if (timedOut) throw errors.stopTimedOut(name, Math.round((task.clock.now() - startedAt) / 1000));
  return last;
}

async function confirmSync(task: Task, job: JobView, options: StopOptions): Promise<void> {
  try {
    await task.client.syncJob(job.requestId);
  } catch (error) {
    if (lostItsMachine(error)) return;
    const detail = error instanceof Error ? error.message : String(error);
    if (!options.allowDataLoss) throw errors.syncFailed(options.name, detail);
    task.say(`job "${options.name}" could not be synced (${detail}); going on, since allowDataLoss is set`);
  }
}

/** 404 and "no VM", "not running": there is no machine any more that could be asked, synced or stopped. */
export function lostItsMachine(error: unknown): boolean {
  return isNotFound(error) || (isApiError(error) && error.isNotRunning);
}
