/**
 * Mags as Pulumi resources: workspaces, persistent jobs, URL aliases and cron jobs.
 *
 * @packageDocumentation
 */
export { CronJob, type CronJobArgs } from "./resources/cron-job";
export { Job, type HttpArgs, type JobArgs } from "./resources/job";
export { Provider, type ProviderArgs } from "./resources/provider";
export { UrlAlias, type UrlAliasArgs } from "./resources/url-alias";
export { Workspace, type Timeouts, type WorkspaceArgs } from "./resources/workspace";
