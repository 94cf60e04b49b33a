import { randomBytes } from "node:crypto";
import type { Task } from "../api/account";
import { createOnce, retryFor } from "../api/attempt";
import { isActive } from "../api/job-status";
import { isConflict } from "../api/errors";
import { CONFLICT_PATIENCE_MS } from "../api/job-stop";
import type { JobRequest, JobView } from "../api/wire";
import * as errors from "./errors";
import type { RunOptions } from "./options";
import type { Session } from "./session";

/** By how much the clocks here and there may differ. */
const CLOCK_SKEW_MS = 60_000;
/** How often a name that is just becoming free is tried again. */
const CONFLICT_EVERY_MS = 3_000;

/** Options as the API names them. */
export function settingsOf(options: Omit<RunOptions, "name" | "workspaceId">): Partial<JobRequest> {
  const { environment = {}, fileIds = [] } = options;
  return {
    ...optional("base_workspace_id", options.baseWorkspaceId),
    ...optional("startup_command", options.startupCommand),
    ...optional("disk_gb", options.diskGb),
    ...optional("rootfs_type", options.rootfsType),
    ...optional("vcpus", options.vcpus),
    ...optional("memory_mb", options.memoryMb),
    ...(options.noSleep === undefined ? {} : { no_sleep: options.noSleep }),
    ...(options.environment === undefined ? {} : { environment }),
    ...(options.fileIds === undefined ? {} : { file_ids: [...fileIds] }),
  };
}

/**
 * Starts a job, once. A name that is not given is made up, so that the job can be found when the answer to its
 * start is lost.
 */
export async function submit(session: Session, task: Task, wanted: JobRequest): Promise<string> {
  const given = wanted.name !== undefined;
  const name = wanted.name ?? `run-${randomBytes(8).toString("hex")}`;
  const request = lean({ ...wanted, name });
  const waiting = { everyMs: CONFLICT_EVERY_MS, forMs: CONFLICT_PATIENCE_MS, mayRetry: isConflict };
  const { requestId } = await retryFor(task, waiting, async () => {
    try {
      return await once(session, task, request, given);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const occupant = await occupantOf(task, request);
      if (occupant)
        throw errors.nameTaken(occupant.name === name ? name : (request.workspace_id ?? name), occupant);
      // Nobody is active any more: what was in the way is just being stopped.
      throw error;
    }
  });
  session.submissions.remember(requestId, request);
  return requestId;
}

function once(
  { submissions }: Session,
  task: Task,
  request: JobRequest,
  given: boolean,
): Promise<{ requestId: string }> {
  const name = String(request.name);
  const sentAt = task.clock.now();
  /** A job of the name that may or may not be the one. */
  let doubtful: JobView | undefined;
  const look = async () => {
    doubtful = undefined;
    const jobs = (await task.directory.jobs(0)).filter((job) => job.name === name);
    // A made-up name belongs to nobody else, whatever became of the job.
    if (!given) return jobs[0];
    const candidate = jobs.find(isActive) ?? jobs[0];
    if (candidate === undefined || submissions.ageOf(candidate.requestId) !== Infinity) return undefined;
    const { startedAt, status } = (await task.client.findJobStatus(candidate.requestId)) ?? candidate;
    // What started before we asked is not what we asked for.
    if (startedAt !== undefined && Date.parse(startedAt) < sentAt - CLOCK_SKEW_MS) return undefined;
    const { workspaceId } = candidate;
    if (workspaceId !== undefined && workspaceId !== request.workspace_id) return undefined;
    doubtful = startedAt === undefined && status !== "pending" ? candidate : undefined;
    return doubtful ? undefined : candidate;
  };
  const find = async () => {
    try {
      return await look();
    } catch (error) {
      throw errors.submitUnseen(name, error);
    }
  };
  const post = () => {
    if (doubtful) throw errors.submitUnknown(name, "nothing shows when it was started", doubtful);
    return task.client.createJob(request);
  };
  return createOnce(task, { doing: `Starting job "${name}"`, post, find });
}

/** Only what says something is sent, as the vendor's client does (recorded). */
function lean(request: JobRequest): JobRequest {
  const { environment = {}, file_ids = [] } = request;
  const { no_sleep, no_sync, startup_command, environment: _environment, file_ids: _ids, ...rest } = request;
  return {
    ...rest,
    ...(no_sleep ? { no_sleep } : {}),
    ...(no_sync ? { no_sync } : {}),
    ...(startup_command ? { startup_command } : {}),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(file_ids.length > 0 ? { file_ids } : {}),
  };
}

/** Who has the name or the workspace now. */
async function occupantOf(task: Task, request: JobRequest): Promise<JobView | undefined> {
  const active = (await task.directory.jobs(0)).filter(isActive);
  return (
    active.find((job) => job.name === request.name) ??
    active.find((job) => request.workspace_id !== undefined && job.workspaceId === request.workspace_id)
  );
}

function optional<K extends keyof JobRequest>(key: K, value: JobRequest[K] | undefined) {
  return value === undefined ? {} : ({ [key]: value } as Pick<JobRequest, K>);
}
