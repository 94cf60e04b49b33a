import type { Effect, KindName } from "./fields";

/** An argument that is no field of its own: the constructor turns it into one. */
export interface Shorthand {
  /** The field it stands for. */
  field: string;
  type: string;
  effect: Effect;
  description: string;
}

/** Plain data, for the reference pages; the constructors do what it says. */
export const SHORTHANDS: Record<KindName, Record<string, Shorthand>> = {
  Workspace: {},
  Job: {
    scriptFile: {
      field: "script",
      type: "a path, relative to the project",
      effect: "restart",
      description: "File with the script, instead of `script`. Its content is what counts, not its name.",
    },
    workspace: {
      field: "workspaceId",
      type: "a Workspace of the program",
      effect: "replace",
      description: "The workspace, instead of its name. A fork also gives `baseWorkspaceId`.",
    },
  },
  UrlAlias: {
    target: {
      field: "workspaceId",
      type: "a Job, a Sandbox or a Workspace of the program",
      effect: "repoint",
      description: "What answers, instead of the name of its workspace.",
    },
  },
  CronJob: {
    scriptFile: {
      field: "script",
      type: "a path, relative to the project",
      effect: "patch",
      description: "File with the script, instead of `script`. Its content is what counts, not its name.",
    },
    workspace: {
      field: "workspaceId",
      type: "a Workspace of the program",
      effect: "patch",
      description: "The workspace, instead of its name.",
    },
  },
  Run: {
    scriptFile: {
      field: "script",
      type: "a path, relative to the project",
      effect: "rerun",
      description: "File with the script, instead of `script`. Its content is what counts, not its name.",
    },
    job: {
      field: "jobName",
      type: "a Job of the program",
      effect: "replace",
      description: "The job, instead of its name.",
    },
    workspace: {
      field: "workspaceId",
      type: "a Workspace of the program",
      effect: "replace",
      description: "The workspace, instead of its name. A fork also gives `baseWorkspaceId`.",
    },
  },
};
