import { hasEnded, isReady, logTail, watchNew } from "../api/job-ready";
import type { Task } from "../api/account";
import { isActive } from "../api/job-status";
import { MalformedAnswerError, mayLandLate } from "../api/errors";
import { stopSafely } from "../api/job-stop";
import { JobWatcher } from "../api/job-watcher";
import type { JobPatch, JobRequest, JobView, LogEntry } from "../api/wire";
import { defined } from "../api/defined";
import { DEFAULT_SCRIPT } from "../schema/job-fields";
import { checked } from "./arguments";
import * as errors from "./errors";
import type { JobUpdate, NewOptions, RunOptions, StopOptions, WaitOptions } from "./options";
import { aboutJob, presented, type Session } from "./session";
import { settingsOf, submit } from "./submit";

/** Time for submitting a job, conflicts and a lost answer waited out. */
const SUBMIT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;
/** `vm_id` comes after 5 s, for custom sizes after 15 s (observed). */
export const READY_TIMEOUT_MS = 60_000;
const EXEC_TIMEOUT_MS = 30_000;

const JOB_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A job that was taken on. */
export interface Accepted {
  requestId: string;
  /** An acknowledgement, not a status of the job. */
  status: "accepted";
}

/** How a script ended. */
export interface RunResult {
  requestId: string;
  /** `completed`, or `error` when the script failed; `sleeping` or `running` for a persistent VM, which stays. */
  status: string;
  /** Missing where the API does not show it and the status does not tell it. */
  exitCode?: number;
  /** How long the script ran, in milliseconds, if the API shows it. */
  durationMs?: number;
  logs: LogEntry[];
}

/** A VM that is up. */
export interface Ready {
  requestId: string;
  status: "running";
}

/** What a command gave. */
export interface ExecResult {
  /** -1 where the API does not show it. */
  exitCode: number;
  /** What it wrote to its standard output. */
  output: string;
  stderr: string;
}

export async function run(session: Session, script: string, options: RunOptions): Promise<Accepted> {
  const request = runRequest(checked<RunOptions & { script: string }>("run", options, { script }));
  return { requestId: await submit(session, session.task(SUBMIT_MS), request), status: "accepted" };
}

export async function runAndWait(
  session: Session,
  script: string,
  options: RunOptions & WaitOptions,
): Promise<RunResult> {
  const {
    timeout = RUN_TIMEOUT_MS,
    pollInterval,
    ...given
  } = checked<RunOptions & WaitOptions & { script: string }>("runAndWait", options, { script });
  const request = runRequest(given);
  const requestId = await submit(session, session.task(SUBMIT_MS), request);
  const task = pollingEvery(session.task(timeout), pollInterval);
  const ended = (seen: JobView) => scriptHasEnded(seen, request.persistent);
  const { job, timedOut } = await watchNew(task, requestId, ended);
  if (timedOut && !(job && ended(job)))
    throw errors.runTimedOut(requestId, job?.status ?? "not listed yet", timeout);
  if (!job) throw errors.jobNotFound(requestId);
  const logs = await session.account.client.jobLogs(requestId);
  return defined({
    requestId,
    status: job.status,
    // `completed` means that the script ended well (documented).
    exitCode: job.exitCode ?? (job.status === "completed" ? 0 : undefined),
    durationMs: job.scriptDurationMs,
    logs: logs.map(defined),
  });
}

/** A persistent script that has ended leaves its VM asleep, never `completed` (observed). */
function scriptHasEnded(job: JobView, persistent: boolean): boolean {
  return !isActive(job) || (persistent && (job.status === "sleeping" || job.exitCode !== undefined));
}

function runRequest(options: RunOptions & { script: string }): JobRequest {
  return {
    script: options.script,
    type: "inline",
    persistent: options.persistent === true,
    name: options.name,
    workspace_id: options.workspaceId,
    no_sync: options.noSync,
    ...settingsOf(options),
  };
}

/** Starts a sandbox: without sync its files stay on its own disk (recorded by the vendor's client). */
export async function newSandbox(session: Session, name: string, options: NewOptions): Promise<Ready> {
  const {
    timeout = READY_TIMEOUT_MS,
    pollInterval,
    ...given
  } = checked<NewOptions & { name: string }>("new", options, { name });
  const request = sandboxRequest(name, given);
  const requestId = await submit(session, session.task(SUBMIT_MS), request);
  return untilReady(session, name, requestId, { timeout, pollInterval });
}

export function sandboxRequest(workspace: string, options: NewOptions): JobRequest {
  return {
    script: DEFAULT_SCRIPT,
    type: "inline",
    persistent: true,
    // The vendor's client leaves it out. With it, the sandbox is found by name, also by a Job that adopts it. What
    // is no name for a job (assumed: they are in lower case, workspaces need not be) is one for a workspace only.
    name: JOB_NAME.test(workspace) ? workspace : undefined,
    workspace_id: workspace,
    no_sync: options.persistent !== true,
    ...settingsOf(options),
  };
}

/** Waits until a job that was just submitted has a VM. */
export async function untilReady(
  session: Session,
  name: string,
  requestId: string,
  { timeout = READY_TIMEOUT_MS, pollInterval }: WaitOptions,
): Promise<Ready> {
  const task = pollingEvery(session.task(timeout), pollInterval);
  const { job, timedOut } = await watchNew(task, requestId, (seen) => isReady(seen) || hasEnded(seen), {
    boots: true,
  });
  if (!job || (timedOut && !isReady(job) && !hasEnded(job)))
    throw errors.startTimedOut(name, requestId, job?.status ?? "not listed yet", timeout);
  if (hasEnded(job)) throw errors.startFailed(name, job, await logTail(session.account, requestId));
  session.jobs.note({ ...job, requestId });
  return { requestId, status: "running" };
}

/** Everybody who waits shares one poller, unless they want another pace. */
function pollingEvery(task: Task, pollInterval: number | undefined): Task {
  if (pollInterval === undefined) return task;
  return { ...task, watcher: new JobWatcher(task.client, task.clock, pollInterval) };
}

export async function status(session: Session, requestId: string): Promise<JobView> {
  checked("status", { requestId });
  const job = await aboutJob(session, requestId, () => session.account.client.jobStatus(requestId));
  return presented(session, job);
}

export async function logs(session: Session, requestId: string): Promise<{ logs: LogEntry[] }> {
  checked("logs", { requestId });
  const entries = await aboutJob(session, requestId, () => session.account.client.jobLogs(requestId));
  return { logs: entries.map(defined) };
}

/** One page of jobs, newest first (assumed). */
export interface JobPage {
  jobs: JobView[];
  /** Jobs on all pages together, if the API shows it. */
  total?: number;
  page: number;
  pageSize: number;
}

export async function list(
  session: Session,
  options: { page?: number; pageSize?: number },
): Promise<JobPage> {
  const { page = 1, pageSize = 20 } = checked<{ page?: number; pageSize?: number }>("list", options);
  const { items, total } = await session.account.client.listJobs(page, pageSize);
  return defined({ jobs: items.map((job) => presented(session, job)), total, page, pageSize });
}

/** Every job of the account, from a walk that is complete. */
export async function listAll(session: Session): Promise<JobView[]> {
  return (await session.account.directory.jobs(0)).map((job) => presented(session, job));
}

export async function findJob(session: Session, nameOrId: string): Promise<JobView | undefined> {
  checked("findJob", { nameOrId });
  return session.jobs.find(nameOrId);
}

export async function updateJob(session: Session, requestId: string, update: JobUpdate): Promise<void> {
  const { startupCommand, noSleep } = checked<JobUpdate>("updateJob", update, { requestId });
  const patch: JobPatch = defined({ startup_command: startupCommand, no_sleep: noSleep });
  const { client } = session.account;
  await aboutJob(session, requestId, () => client.patchJob(requestId, patch));
  session.submissions.patched(requestId, patch);
}

export async function stop(session: Session, nameOrId: string, options: StopOptions): Promise<JobView> {
  const { allowDataLoss = false, timeout = 60_000 } = checked<StopOptions>("stop", options, { nameOrId });
  const job = await session.jobs.now(nameOrId);
  if (!isActive(job)) return presented(session, job);
  const last = await stopSafely(session.task(timeout), job, {
    name: nameOrId,
    synced: job.workspaceId !== undefined && !session.submissions.of(job.requestId)?.request.no_sync,
    allowDataLoss,
  });
  return presented(session, { ...job, ...defined(last ?? { status: "stopped" }) });
}

export async function exec(
  session: Session,
  nameOrId: string,
  command: string,
  options: { timeout?: number },
): Promise<ExecResult> {
  const { timeout = EXEC_TIMEOUT_MS } = checked<{ timeout?: number }>("exec", options, { nameOrId, command });
  const { requestId } = await session.jobs.usable(nameOrId);
  try {
    const { client } = session.account;
    const { exitCode, stdout, stderr } = await client.exec(requestId, command, Math.ceil(timeout / 1_000));
    return { exitCode, output: stdout, stderr };
  } catch (error) {
    // What the API itself answers, it knows; here nobody knows whether the command ran.
    if (!mayLandLate(error) && !(error instanceof MalformedAnswerError)) throw error;
    throw errors.execUnknown(nameOrId, error);
  }
}

export async function sync(session: Session, requestId: string): Promise<void> {
  checked("sync", { requestId });
  await aboutJob(session, requestId, () => session.account.client.syncJob(requestId));
}
