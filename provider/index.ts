/**
 * Mags as Pulumi resources: workspaces, persistent jobs, sandboxes, URL aliases and cron jobs, and functions
 * that look at what an account has.
 *
 * @packageDocumentation
 */
export { CronJob, type CronJobArgs } from "./resources/cron-job";
export { Job, type HttpArgs, type JobArgs } from "./resources/job";
export type { FilesArgs, FolderArgs } from "./resources/local-files";
export { Provider, type ProviderArgs } from "./resources/provider";
export { Sandbox, type SandboxArgs } from "./resources/sandbox";
export { UrlAlias, type UrlAliasArgs } from "./resources/url-alias";
export { Workspace, type Timeouts, type WorkspaceArgs } from "./resources/workspace";
export * from "./functions";
