import { randomBytes, randomUUID } from "node:crypto";
import type { Cloud, RequestContext } from "../cloud";
import { ApiError } from "../errors";
import type { ApiVersion, Job, JobRequest } from "../model";

/** Answers conflicts as 409 and 500 in turn, as observed, or as the options or a fault say. */
export class Conflicts {
  private count = 0;

  constructor(private readonly cloud: Cloud) {}

  /** The error of a name, workspace or subdomain that is taken. */
  error(message: string, context: RequestContext): ApiError {
    const { conflictStatus } = this.cloud.settings;
    const forced = context.fault("conflict-500", "conflict-409")?.kind;
    let status = conflictStatus === "alternate" ? (this.count++ % 2 === 0 ? 409 : 500) : conflictStatus;
    if (forced === "conflict-500") status = 500;
    if (forced === "conflict-409") status = 409;
    return new ApiError(status, message);
  }
}

/** Why a job cannot have its name or workspace now; undefined if it can. */
export function conflictOf(cloud: Cloud, account: number, request: JobRequest): string | undefined {
  if (request.name !== undefined && cloud.state.activeByName(account, request.name) !== undefined) {
    return `a job with the name ${request.name} already exists`;
  }
  if (
    request.workspaceId !== undefined &&
    cloud.state.activeByWorkspace(account, request.workspaceId) !== undefined
  ) {
    return `workspace ${request.workspaceId} is already in use by an active job`;
  }
  return undefined;
}

/** Puts a job and its workspace on record. The caller has seen to conflicts. */
export function recordJob(cloud: Cloud, account: number, version: ApiVersion, request: JobRequest): Job {
  const now = cloud.clock.now();
  const job: Job = {
    ...request,
    requestId: randomUUID(),
    account,
    sequence: cloud.state.nextSequence(),
    version,
    name: request.name ?? `job-${randomBytes(4).toString("hex")}`,
    status: "pending",
    stopping: false,
    ports: [],
    createdAt: now,
    lastActiveAt: now,
    upMs: 0,
    phantom: false,
    wakes: 0,
  };
  cloud.state.addJob(job);
  if (job.workspaceId !== undefined && cloud.state.workspace(account, job.workspaceId) === undefined) {
    cloud.state.saveWorkspace({ workspaceId: job.workspaceId, account, createdAt: now });
  }
  return job;
}

/** A fresh VM id. */
export function newMachineId(): string {
  return `vm-${randomBytes(6).toString("hex")}`;
}

/** A fresh random subdomain. */
export function newSubdomain(): string {
  return `m${randomBytes(5).toString("hex")}`;
}
