import type { Cloud } from "../cloud";
import { urlOf } from "../cloud";
import { ApiError, invalid, jobNotFound } from "../errors";
import type { Job, JobRequest } from "../model";
import { checkJobName, checkWorkspaceId } from "../names";
import type { Call, Reply } from "./call";
import type { Body } from "./fields";
import { count, environment, flag, requiredText, stamp, text, texts, whole } from "./fields";

/** Longest page of a list (assumed). */
const LONGEST_PAGE = 50;

/** POST /mags-jobs */
export async function createJob(call: Call): Promise<Reply> {
  const request = readJob(call);
  await checkBase(call.cloud, call.account, request);
  const job = call.fleet.create(call, call.version, request);
  return { status: 202, body: { request_id: job.requestId, status: "accepted", message: "job accepted" } };
}

/** GET /mags-jobs */
export function listJobs(call: Call): Reply {
  const page = count(call.query, "page", 1, Number.MAX_SAFE_INTEGER);
  const size = count(call.query, "page_size", 20, LONGEST_PAGE);
  const { jobs, total } = call.cloud.state.jobsFrom(call.account, (page - 1) * size, size);
  const shown = jobs.map((job) => ({
    request_id: job.requestId,
    name: job.name,
    workspace_id: job.workspaceId,
    status: job.status,
  }));
  return { body: { jobs: shown, total } };
}

/** GET /mags-jobs/{id}/status */
export function jobStatus(call: Call): Reply {
  const job = findJob(call);
  if (call.fault("incomplete-status") !== undefined) return { body: { status: job.status } };
  const reachable = job.ports.length > 0 && job.subdomain !== undefined;
  return {
    body: {
      request_id: job.requestId,
      name: job.name,
      workspace_id: job.workspaceId,
      status: job.status,
      vm_id: job.vmId,
      subdomain: reachable ? job.subdomain : undefined,
      url: reachable && job.subdomain !== undefined ? urlOf(call.cloud, job.subdomain) : undefined,
      exit_code: job.exitCode,
      script_duration_ms: job.scriptDurationMs,
      started_at: stamp(job.startedAt),
      ...(call.cloud.settings.echo ? writeOnly(job) : {}),
    },
  };
}

/** GET /mags-jobs/{id}/logs: what a persistent script writes comes as bare strings between the objects (observed). */
export function jobLogs(call: Call): Reply {
  const job = findJob(call);
  const logs = call.cloud.state
    .logs(job.requestId)
    .map((line) =>
      job.persistent && line.source === "stdout"
        ? line.message
        : { timestamp: stamp(line.at), level: line.level, message: line.message },
    );
  return { body: { logs } };
}

/** PATCH /mags-jobs/{id} */
export function patchJob(call: Call): Reply {
  const job = findJob(call);
  const startupCommand = text(call.body, "startup_command");
  const noSleep = flag(call.body, "no_sleep");
  if (noSleep === true && !job.persistent) {
    throw new ApiError(400, "no_sleep needs a persistent job");
  }
  if (startupCommand !== undefined) job.startupCommand = startupCommand === "" ? undefined : startupCommand;
  if (noSleep !== undefined) job.noSleep = noSleep;
  call.cloud.state.saveJob(job);
  return { body: { success: true } };
}

/** POST /mags-jobs/{id}/stop */
export function stopJob(call: Call): Reply {
  call.fleet.stop(call, findJob(call));
  return { status: 202, body: { success: true } };
}

/** POST /mags-jobs/{id}/sync */
export async function syncJob(call: Call): Promise<Reply> {
  await call.fleet.sync(call, findJob(call));
  return { body: { success: true } };
}

/** The job a path names: by request id, on v2 also by job name or workspace id (observed). */
export function findJob(call: Call): Job {
  const id = call.params.id ?? "";
  const { state } = call.cloud;
  const job = state.job(id);
  if (job?.account === call.account && call.fault("not-found") === undefined) return job;
  if (call.version === "v2" && job === undefined) {
    const named =
      state.activeByName(call.account, id) ??
      state.activeByWorkspace(call.account, id) ??
      state.jobsOf(call.account).find((other) => other.name === id || other.workspaceId === id);
    if (named !== undefined && call.fault("not-found") === undefined) return named;
  }
  throw jobNotFound(id);
}

/** Fields that no recorded answer holds. */
export function writeOnly(job: Job): Record<string, unknown> {
  return {
    script: job.script,
    type: job.type,
    persistent: job.persistent,
    no_sleep: job.noSleep,
    no_sync: job.noSync,
    base_workspace_id: job.baseWorkspaceId,
    startup_command: job.startupCommand,
    environment: job.environment,
    file_ids: job.fileIds,
    disk_gb: job.diskGb,
    rootfs_type: job.rootfsType,
    vcpus: job.vcpus,
    memory_mb: job.memoryMb,
  };
}

function readJob(call: Call): JobRequest {
  const { body, cloud, account } = call;
  const name = named(body, "name");
  const workspaceId = named(body, "workspace_id");
  const baseWorkspaceId = named(body, "base_workspace_id");
  const type = text(body, "type") ?? "inline";
  if (type !== "inline" && type !== "url") throw invalid('type must be "inline" or "url"');
  const request: JobRequest = {
    script: requiredText(body, "script"),
    type,
    persistent: flag(body, "persistent") ?? false,
    noSleep: flag(body, "no_sleep") ?? false,
    noSync: flag(body, "no_sync") ?? false,
    name: name === undefined ? undefined : checkJobName(name),
    workspaceId: workspaceId === undefined ? undefined : checkWorkspaceId(workspaceId),
    baseWorkspaceId:
      baseWorkspaceId === undefined ? undefined : checkWorkspaceId(baseWorkspaceId, "base_workspace_id"),
    startupCommand: text(body, "startup_command"),
    environment: environment(body, "environment") ?? {},
    fileIds: texts(body, "file_ids") ?? [],
    // Sent as 0 by nobody: the recorded client leaves it out then.
    diskGb: whole(body, "disk_gb", 2, 10_000) ?? 2,
    rootfsType: text(body, "rootfs_type") ?? "standard",
  };
  if (call.version === "v2") {
    request.vcpus = whole(body, "vcpus", 1, 256);
    request.memoryMb = whole(body, "memory_mb", 128, 1_048_576);
  }
  if (request.noSleep && !request.persistent) throw invalid("no_sleep needs persistent");
  for (const id of request.fileIds) {
    if (cloud.state.file(account, id) === undefined)
      throw invalid(`file_ids: no file ${JSON.stringify(id.slice(0, 60))}`);
  }
  checkSnapshot(call, request);
  return request;
}

async function checkBase(
  cloud: Cloud,
  account: number,
  { workspaceId, baseWorkspaceId }: JobRequest,
): Promise<void> {
  if (baseWorkspaceId === undefined) return;
  if (cloud.state.workspace(account, baseWorkspaceId) === undefined) {
    throw invalid(`base_workspace_id: Workspace not found: ${baseWorkspaceId}`);
  }
  if (workspaceId === undefined) return;
  // A fork keeps what differs from its base: of what the base itself rests on, nothing would be left.
  if ((await cloud.storage.stackOf(account, baseWorkspaceId)).includes(workspaceId)) {
    throw invalid(`base_workspace_id: ${baseWorkspaceId} itself rests on workspace ${workspaceId}`);
  }
}

/**
 * Observed on v1: a root file system together with a memory size has no snapshot to start from. Named by the
 * control key instead of the field, it has one.
 */
function checkSnapshot(call: Call, request: JobRequest): void {
  const sized = request.environment.__MAGS_MEM_GB !== undefined;
  if (call.version === "v1" && sized && request.rootfsType !== "standard") {
    throw new ApiError(500, "golden snapshot not ready");
  }
}

/** A name: an empty one counts as absent, as the recorded client leaves it out. */
function named(body: Body, key: string): string | undefined {
  const value = text(body, key);
  return value === "" ? undefined : value;
}
