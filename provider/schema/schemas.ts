import { cronJobSchema } from "./cron-job";
import type { KindName } from "./fields";
import { jobSchema } from "./job";
import { runSchema } from "./run";
import type { Schema } from "./schema";
import { urlAliasSchema } from "./url-alias";
import { workspaceSchema } from "./workspace";

/** The schema of every kind, by its name. */
export const SCHEMAS: Record<KindName, Schema> = {
  Workspace: workspaceSchema,
  Job: jobSchema,
  UrlAlias: urlAliasSchema,
  CronJob: cronJobSchema,
  Run: runSchema,
};
