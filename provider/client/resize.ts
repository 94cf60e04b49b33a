import type { Task } from "../api/account";
import { isActive } from "../api/job-status";
import { openPort } from "../api/job-ready";
import { refuseDataLoss, stopSafely } from "../api/job-stop";
import type { JobRequest, JobView } from "../api/wire";
import { defined } from "../api/defined";
import { diskShrinks, localDiskWouldBeLost } from "../errors";
import { jobFields } from "../schema/job-fields";
import { checked } from "./arguments";
import * as errors from "./errors";
import { READY_TIMEOUT_MS, sandboxRequest, untilReady, type Ready } from "./jobs";
import type { ResizeOptions } from "./options";
import { type Session } from "./session";
import { settingsOf, submit } from "./submit";
import type { Submission } from "./submissions";

/** Time for everything up to the start of the new VM: sync, stop, conflicts waited out. */
const RESTART_MS = 600_000;

/**
 * Gives a workspace a VM with another disk. There is no resize in place (recorded): the VM is synced, stopped
 * and started again with all of its settings, and its ports are opened again. What can be refused is refused
 * before anything is stopped; what a resize that failed halfway needs is remembered for the next call.
 */
export async function resize(
  session: Session,
  nameOrWorkspace: string,
  diskGb: number,
  options: ResizeOptions,
): Promise<Ready> {
  const given = checked<ResizeOptions>("resize", options, { workspace: nameOrWorkspace, diskGb });
  const { timeout = READY_TIMEOUT_MS, allowDataLoss = false } = given;
  const last = await lastVm(session, nameOrWorkspace, timeout);
  const workspace = last?.workspaceId ?? nameOrWorkspace;
  const active = last && isActive(last) ? last : undefined;
  const known = session.submissions.onWorkspace(workspace, last);
  const task = session.task(RESTART_MS);
  if (active && known?.request.disk_gb === diskGb && Object.keys(given).every((key) => ASIDE.has(key))) {
    await openPorts(session, task, known);
    return { requestId: active.requestId, status: "running" };
  }
  const request = requestOf(session, workspace, given, last, known);
  request.disk_gb = diskGb;
  if (active) {
    refuseLoss(workspace, diskGb, allowDataLoss, request, known);
    if (!allowDataLoss) await refuseDataLoss(task, active, workspace);
    // Looking at /data wakes a sleeping VM.
    const now = { ...active, ...defined((await task.client.findJobStatus(active.requestId)) ?? active) };
    await stopSafely(task, now, { name: workspace, synced: known?.request.no_sync !== true, allowDataLoss });
  }
  const ports = given.ports ?? known?.ports ?? [];
  try {
    const requestId = await submit(session, task, request);
    session.submissions.toOpen(requestId, ports);
    const ready = await untilReady(session, workspace, requestId, given);
    await openPorts(session, task, session.submissions.of(requestId));
    return ready;
  } catch (error) {
    throw errors.resizeInterrupted(workspace, error);
  }
}

/** Options and arguments that say nothing about how the VM is started. */
const ASIDE = new Set(["workspace", "diskGb", "timeout", "pollInterval", "allowDataLoss"]);

/** The active VM, once it is not pending any more, else the last that there was. */
async function lastVm(session: Session, workspace: string, timeout: number): Promise<JobView | undefined> {
  const found = await session.jobs.find(workspace);
  if (!found) {
    if (await session.account.directory.hasWorkspace(workspace)) return undefined;
    throw errors.workspaceNotFound(workspace);
  }
  if (found.workspaceId === undefined) throw errors.withoutWorkspace(workspace, found);
  if (found.status !== "pending") return found;
  const { watcher } = session.account;
  const { job } = await watcher.watch(found.requestId, (seen) => seen?.status !== "pending", timeout);
  const now = { ...found, ...defined(job ?? found) };
  if (now.status === "pending") throw errors.startTimedOut(workspace, now.requestId, now.status, timeout);
  return now;
}

/** Everything that the new VM is started with: what is known of the old one, and what the options say. */
function requestOf(
  session: Session,
  workspace: string,
  options: ResizeOptions,
  last: JobView | undefined,
  known: Submission | undefined,
): JobRequest {
  const { persistent, script } = options;
  if (!known && last && isActive(last) && session.submissions.isOneOff(last.requestId))
    throw errors.notPersistent(workspace, last);
  if (!known && persistent === undefined) throw errors.settingsUnknown(workspace, last);
  const sandbox = sandboxRequest(workspace, {});
  const base: JobRequest = known?.request ?? { ...sandbox, name: last?.name ?? sandbox.name };
  return {
    ...base,
    ...settingsOf(options),
    ...(script === undefined ? {} : { script }),
    ...(persistent === undefined ? {} : { no_sync: !persistent }),
  };
}

function refuseLoss(
  name: string,
  diskGb: number,
  allowDataLoss: boolean,
  request: JobRequest,
  known: Submission | undefined,
): void {
  const before = known ? (known.request.disk_gb ?? jobFields.diskGb.default) : diskGb;
  if (diskGb < before) throw diskShrinks(name, before, diskGb);
  // What is on a local disk goes with it, also when the next VM is to be synced.
  const local = known ? known.request.no_sync : request.no_sync;
  if (local && !allowDataLoss) throw localDiskWouldBeLost(name, ["diskGb"]);
}

async function openPorts(session: Session, task: Task, submission: Submission | undefined): Promise<void> {
  for (const port of [...(submission?.unopened ?? [])]) {
    await openPort(task, { requestId: submission!.requestId }, port);
    session.submissions.opened(submission!.requestId, port);
  }
}
