import type * as pulumi from "@pulumi/pulumi";
import { isActive } from "../api/job-status";
import { defined } from "../api/defined";
import { publicUrl } from "../api/settings";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import { jobFields } from "../schema/job-fields";
import type { FieldTable } from "../schema/fields";
import {
  call,
  callOutput,
  type Asked,
  type Definition,
  type FunctionOptions,
  type FunctionOutputOptions,
  type InputsOf,
} from "./call";

/** What tells a job: one of these. */
export interface GetJobArgs {
  /** Name of the job. The active one of that name, else the newest that has ended. */
  name?: string;
  /** Name of its workspace. The active job on it, else the newest that has ended. */
  workspaceId?: string;
  /** Id of the request. */
  requestId?: string;
}

export interface GetJobsArgs {
  /** Only those that have, or will have, a VM. @default false: also those that have ended */
  active?: boolean;
  /** Only those on this workspace. */
  workspaceId?: string;
  /** Only those whose name begins so. */
  namePrefix?: string;
}

/** A job as the API shows it. A list shows less of it than `getJob`. */
export interface GetJobResult {
  /** Id of the request: every start has another one. */
  requestId: string;
  name?: string;
  workspaceId?: string;
  /** `pending`, `running` or `sleeping` while it lives (documented); anything else means that it ended. */
  status: string;
  vmId?: string;
  /** First part of the host name of the VM's own URL, once a port is open. */
  subdomain?: string;
  /** URL of the VM, once a port is open. */
  url?: string;
  exitCode?: number;
  startedAt?: string;
  /** Label of the account. */
  account: string;
}

const text = { type: { kind: "text" }, effect: "local", description: "" } as const;

const one: Definition<GetJobArgs, GetJobResult> = {
  name: "getJob",
  table: { name: text, workspaceId: text, requestId: text } satisfies Record<keyof GetJobArgs, unknown>,
  problems: (args) =>
    Object.keys(args).length === 1 ? [] : ["give one of name, workspaceId and requestId, and no more."],
  async ask(on, { name, workspaceId, requestId }) {
    const found =
      requestId === undefined
        ? await bestOf(on, (job) =>
            name === undefined ? job.workspaceId === workspaceId : job.name === name,
          )
        : { requestId, status: "unknown" };
    const now = found && (await on.task.client.findJobStatus(found.requestId));
    // A 404 of what the list shows is not its end (observed just after a create).
    if (!found || (!now && requestId !== undefined))
      throw errors.notFoundToRead("job", (name ?? workspaceId ?? requestId)!);
    return shown(on, { ...found, ...defined(now ?? found) });
  },
};

const all: Definition<GetJobsArgs, GetJobResult[]> = {
  name: "getJobs",
  table: {
    active: { type: { kind: "boolean" }, effect: "local", description: "" },
    workspaceId: jobFields.workspaceId,
    namePrefix: text,
  } satisfies Record<keyof GetJobsArgs, FieldTable[string]>,
  async ask(on, { active, workspaceId, namePrefix = "" }) {
    return (await on.task.directory.jobs(0))
      .filter((job) => !active || isActive(job))
      .filter((job) => workspaceId === undefined || job.workspaceId === workspaceId)
      .filter((job) => (job.name ?? "").startsWith(namePrefix))
      .map((job) => shown(on, job));
  },
};

/** The active job, else the newest one: the list is newest first (assumed). */
async function bestOf({ task }: Asked, isMeant: (job: JobView) => boolean): Promise<JobView | undefined> {
  const first = await task.client.listJobs(1);
  const active = first.items.find((job) => isMeant(job) && isActive(job));
  if (active) return active;
  const jobs = (await task.directory.jobs(0)).filter(isMeant);
  return jobs.find(isActive) ?? jobs[0];
}

function shown({ settings }: Asked, job: JobView): GetJobResult {
  const { subdomain } = job;
  return defined({
    requestId: job.requestId,
    name: job.name,
    workspaceId: job.workspaceId,
    status: job.status,
    vmId: job.vmId,
    subdomain,
    url: subdomain === undefined ? job.url : publicUrl(settings, subdomain, settings.domain),
    exitCode: job.exitCode,
    startedAt: job.startedAt,
    account: settings.account,
  });
}

/**
 * Looks a job up, without managing it. In a preview too.
 *
 * @example
 * ```ts
 * const gateway = await mags.getJob({ name: "gateway" });
 * export const gatewayUrl = gateway.url;
 * ```
 *
 * @throws when there is no such job
 */
export function getJob(args: GetJobArgs, options?: FunctionOptions): Promise<GetJobResult> {
  return call(one, args, options);
}

/** As `getJob`, for arguments that are outputs. */
export function getJobOutput(
  args: InputsOf<GetJobArgs>,
  options?: FunctionOutputOptions,
): pulumi.Output<GetJobResult> {
  return callOutput(one, args, options);
}

/**
 * All jobs of the account, newest first, those that have ended among them.
 *
 * @example
 * ```ts
 * const busy = await mags.getJobs({ active: true, namePrefix: "preview-" });
 * export const previews = busy.map((job) => job.name);
 * ```
 */
export function getJobs(args: GetJobsArgs = {}, options?: FunctionOptions): Promise<GetJobResult[]> {
  return call(all, args, options);
}

/** As `getJobs`, for arguments that are outputs. */
export function getJobsOutput(
  args: InputsOf<GetJobsArgs> = {},
  options?: FunctionOutputOptions,
): pulumi.Output<GetJobResult[]> {
  return callOutput(all, args, options);
}
