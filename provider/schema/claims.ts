import * as errors from "../errors";
import type { KindName } from "./fields";

/** What errors call a thing of a kind. */
export const KIND_WORDS: Record<KindName, string> = {
  Workspace: "workspace",
  Job: "job",
  UrlAlias: "URL alias",
  CronJob: "cron job",
};

/** A resource whose VM works on a workspace. */
export interface WorkspaceUser {
  kind: "Job" | "CronJob";
  /** As the program calls it. */
  resource: string;
}

/** A workspace has one active VM, so it takes one Job, and no schedule beside it. */
export function clashOn(
  workspaceId: string,
  user: WorkspaceUser,
  others: readonly WorkspaceUser[],
): Error | undefined {
  const job = others.find(({ kind }) => kind === "Job");
  const cron = others.find(({ kind }) => kind === "CronJob");
  if (user.kind === "CronJob")
    return job && errors.cronOnJobWorkspace(workspaceId, user.resource, job.resource);
  if (job) return errors.twoJobsOnWorkspace(workspaceId, job.resource, user.resource);
  return cron && errors.cronOnJobWorkspace(workspaceId, cron.resource, user.resource);
}
