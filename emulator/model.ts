/** What the emulated cloud remembers. Plain data only: every record can be written to the store as JSON. */

/** API version of a request. */
export type ApiVersion = "v1" | "v2";

/** Statuses of a job (documented by the vendor). */
export type JobStatus = "pending" | "running" | "sleeping" | "completed" | "error";

/** One line of a job's log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  level: "info" | "error";
  /** Who wrote it: the cloud, or the job's script. */
  source: "cloud" | "stdout" | "stderr";
  message: string;
}

/** What a create asked for, checked and with its defaults. */
export interface JobRequest {
  script: string;
  type: "inline" | "url";
  persistent: boolean;
  noSleep: boolean;
  noSync: boolean;
  name?: string;
  workspaceId?: string;
  baseWorkspaceId?: string;
  startupCommand?: string;
  environment: Record<string, string>;
  fileIds: string[];
  diskGb: number;
  rootfsType: string;
  vcpus?: number;
  memoryMb?: number;
  /** The cron job that fired it, if any. */
  cronId?: string;
}

/** A job: one request for a VM, and what became of it. */
export interface Job extends JobRequest {
  requestId: string;
  /** Index of the account that owns the job. */
  account: number;
  /** Position in the order of creation; lists are sorted by it, newest first. */
  sequence: number;
  version: ApiVersion;
  name: string;

  status: JobStatus;
  /** A stop was accepted and is not over. The API keeps showing the status of before. */
  stopping: boolean;
  /** Id of the VM that holds the job, before the API shows it. */
  machineId?: string;
  /** The VM id as the API shows it. */
  vmId?: string;
  /** Random, one per VM. */
  subdomain?: string;
  /** Ports on which access was enabled, the latest last. */
  ports: number[];
  exitCode?: number;
  scriptDurationMs?: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  /** When the VM was last used over HTTP, exec or access. */
  lastActiveAt: number;
  /** Milliseconds that a VM was up for this job, without the current stretch. */
  upMs: number;
  /** Start of the current stretch. */
  upSince?: number;
  /** Listed as running although its VM is gone. */
  phantom: boolean;
  /** How many times it was woken. */
  wakes: number;
}

/** Data that outlives VMs. Its files are kept by the workspace storage. */
export interface Workspace {
  workspaceId: string;
  account: number;
  createdAt: number;
  lastSyncedAt?: number;
}

/** A stable subdomain that follows the active job of a workspace. */
export interface Alias {
  id: string;
  account: number;
  subdomain: string;
  domain: string;
  workspaceId: string;
  port?: number;
  createdAt: number;
  /** The workspace it relied on was deleted (observed): it answers nothing until it is made again. */
  broken: boolean;
}

/** A schedule that creates jobs. */
export interface CronJob {
  id: string;
  account: number;
  name: string;
  cronExpression: string;
  script: string;
  persistent: boolean;
  workspaceId?: string;
  environment: Record<string, string>;
  enabled: boolean;
  lastRunAt?: number;
  createdAt: number;
  updatedAt: number;
}

/** An uploaded file; the bytes are kept beside the records. */
export interface UploadedFile {
  fileId: string;
  account: number;
  fileName: string;
  size: number;
  createdAt: number;
}

/** True while the job holds its name and its workspace. */
export function isActive(job: Job): boolean {
  return job.status === "pending" || job.status === "running" || job.status === "sleeping";
}
