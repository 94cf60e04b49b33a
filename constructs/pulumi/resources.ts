import type * as pulumi from "@pulumi/pulumi";
import { CronJob, type CronJobArgs } from "../../provider/resources/cron-job";
import { Job, type JobArgs } from "../../provider/resources/job";
import { UrlAlias, type UrlAliasArgs } from "../../provider/resources/url-alias";
import { Workspace, type WorkspaceArgs } from "../../provider/resources/workspace";
import type { KindName, Values } from "../../provider/schema/fields";
import type { HashedFile } from "../../provider/schema/files-field";

/** The Pulumi resource of each kind. */
export interface ResourceOf {
  Workspace: Workspace;
  Job: Job;
  UrlAlias: UrlAlias;
  CronJob: CronJob;
}

/** Makes the Pulumi resource of a kind, as a program would that has these arguments. */
export function makeResource(
  kind: KindName,
  name: string,
  args: Values,
  options: pulumi.CustomResourceOptions,
): ResourceOf[KindName] {
  // The plan has judged them by the tables that the classes judge by.
  switch (kind) {
    case "Workspace":
      return new Workspace(name, args as WorkspaceArgs, options);
    case "Job":
      return new Job(name, withPaths(args) as JobArgs, options);
    case "UrlAlias":
      return new UrlAlias(name, args as unknown as UrlAliasArgs, options);
    case "CronJob":
      return new CronJob(name, args as unknown as CronJobArgs, options);
  }
}

/** A plan has found the files; the class finds them again, and says where they are in its own way. */
function withPaths(args: Values): Values {
  if (args.files === undefined) return args;
  const files = Object.entries(args.files as Record<string, HashedFile>);
  return { ...args, files: Object.fromEntries(files.map(([name, { path }]) => [name, path])) };
}
