/** The functions of the main entry: they look, and change nothing. */
export type { FunctionOptions, FunctionOutputOptions, InputsOf } from "./call";
export { getCronJobs, getCronJobsOutput, type GetCronJobResult, type GetCronJobsArgs } from "./cron-jobs";
export {
  getPoolStatus,
  getPoolStatusOutput,
  getUsage,
  getUsageOutput,
  type GetPoolStatusResult,
  type GetUsageArgs,
  type GetUsageResult,
} from "./figures";
export {
  getJob,
  getJobOutput,
  getJobs,
  getJobsOutput,
  type GetJobArgs,
  type GetJobResult,
  type GetJobsArgs,
} from "./jobs";
export {
  getUrlAliases,
  getUrlAliasesOutput,
  type GetUrlAliasResult,
  type GetUrlAliasesArgs,
} from "./url-aliases";
export {
  getWorkspace,
  getWorkspaceOutput,
  getWorkspaces,
  getWorkspacesOutput,
  type GetWorkspaceArgs,
  type GetWorkspaceResult,
  type GetWorkspacesArgs,
} from "./workspaces";
