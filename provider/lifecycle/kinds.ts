import type { KindName } from "../schema/fields";
import { cronJob } from "./cron-job";
import { job } from "./job";
import type { Kind } from "./kind";
import { run } from "./run";
import { urlAlias } from "./url-alias";
import { workspace } from "./workspace";

/** Every kind, for those that need all at once: the entry in every state loads each on its own. */
export const KINDS: Record<KindName, Kind> = {
  Workspace: workspace,
  Job: job,
  UrlAlias: urlAlias,
  CronJob: cronJob,
  Run: run,
};
