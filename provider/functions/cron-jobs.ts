import type * as pulumi from "@pulumi/pulumi";
import { defined } from "../api/defined";
import { cronJobFields } from "../schema/cron-job-fields";
import {
  call,
  callOutput,
  type Definition,
  type FunctionOptions,
  type FunctionOutputOptions,
  type InputsOf,
} from "./call";

export interface GetCronJobsArgs {
  /** Only those of this name; names need not be unique. */
  name?: string;
  /** Only those that work on this workspace. */
  workspaceId?: string;
}

/** A schedule as the API shows it, without its script: that may hold secrets, and a function's result is none. */
export interface GetCronJobResult {
  id: string;
  name?: string;
  cronExpression?: string;
  workspaceId?: string;
  persistent?: boolean;
  enabled?: boolean;
  lastRunAt?: string;
  nextRunAt?: string;
  /** Label of the account. */
  account: string;
}

const all: Definition<GetCronJobsArgs, GetCronJobResult[]> = {
  name: "getCronJobs",
  table: { name: cronJobFields.name, workspaceId: cronJobFields.workspaceId },
  async ask({ task, settings: { account } }, { name, workspaceId }) {
    return (await task.directory.crons(0))
      .filter((cron) => name === undefined || cron.name === name)
      .filter((cron) => workspaceId === undefined || cron.workspaceId === workspaceId)
      .map(({ script: _script, ...cron }) => defined({ ...cron, account }));
  },
};

/**
 * All schedules of the account. In a preview too.
 *
 * @example
 * ```ts
 * const schedules = await mags.getCronJobs();
 * export const off = schedules.filter((cron) => cron.enabled === false).map((cron) => cron.name);
 * ```
 */
export function getCronJobs(
  args: GetCronJobsArgs = {},
  options?: FunctionOptions,
): Promise<GetCronJobResult[]> {
  return call(all, args, options);
}

/** As `getCronJobs`, for arguments that are outputs. */
export function getCronJobsOutput(
  args: InputsOf<GetCronJobsArgs> = {},
  options?: FunctionOutputOptions,
): pulumi.Output<GetCronJobResult[]> {
  return callOutput(all, args, options);
}
