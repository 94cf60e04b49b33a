import type { KindName } from "./fields";

/** One output of a kind, beyond the inputs that outputs mirror. */
export interface Output {
  /** In TypeScript's terms. */
  type: "string" | "boolean" | "number";
  /** May be absent. */
  optional?: boolean;
  /** Known while a create or an update is only previewed, since it is among the checked inputs. */
  preview?: boolean;
  /** Another one whenever the object gets another VM, or runs once more. */
  renewed?: boolean;
  description: string;
}

export type OutputTable = Record<string, Output>;

/** Outputs that every kind has. */
const commonOutputs = {
  account: {
    type: "string",
    description: "Label of the account that the resource lives in.",
  },
} satisfies OutputTable;

const workspaceGeneration: Output = {
  type: "string",
  optional: true,
  preview: true,
  description:
    "Differs each time the workspace is made anew, and stays through edits: for what has to follow that.",
};

export const workspaceOutputs = {
  name: { type: "string", preview: true, description: "Name of the workspace." },
  workspaceId: {
    type: "string",
    preview: true,
    description: "What jobs, aliases and cron jobs refer to. Equal to the name.",
  },
  workspaceGeneration,
  baseWorkspaceId: {
    type: "string",
    optional: true,
    description: "The workspace that this one was forked from.",
  },
  ...commonOutputs,
} satisfies OutputTable;

export const jobOutputs = {
  name: { type: "string", preview: true, description: "Name of the job." },
  requestId: {
    type: "string",
    renewed: true,
    description: "Id of the current request. Changes at every restart.",
  },
  status: {
    type: "string",
    description:
      "`pending`, `running` or `sleeping` while it lives (documented); anything else means that it ended.",
  },
  vmId: {
    type: "string",
    optional: true,
    renewed: true,
    description: "Id of the current VM. Changes at every restart.",
  },
  url: {
    type: "string",
    optional: true,
    renewed: true,
    description: "URL of the current VM, with `http`. Changes at every restart; that of a UrlAlias does not.",
  },
  subdomain: {
    type: "string",
    optional: true,
    renewed: true,
    description: "First part of that URL's host name.",
  },
  workspaceId: {
    type: "string",
    preview: true,
    description: "The workspace, or the job's own name when it has a local disk only.",
  },
  workspaceGeneration: {
    ...workspaceGeneration,
    description: "That of its workspace; with a local disk only, it differs each time the job is made anew.",
  },
  ...commonOutputs,
} satisfies OutputTable;

export const urlAliasOutputs = {
  subdomain: { type: "string", preview: true, description: "First part of the host name." },
  domain: { type: "string", preview: true, description: "Rest of the host name." },
  workspaceId: { type: "string", preview: true, description: "Workspace whose active job answers." },
  url: { type: "string", preview: true, description: "The public URL." },
  ...commonOutputs,
} satisfies OutputTable;

export const cronJobOutputs = {
  name: { type: "string", preview: true, description: "Name of the schedule." },
  cronExpression: { type: "string", preview: true, description: "When it fires, in UTC." },
  enabled: { type: "boolean", optional: true, description: "Whether it fires." },
  ...commonOutputs,
} satisfies OutputTable;

/** Those of its job. */
export const sandboxOutputs = {
  ...jobOutputs,
  name: { type: "string", preview: true, description: "Name of the job and of its workspace." },
  workspaceId: {
    type: "string",
    preview: true,
    description: "The workspace, or the job's own name with `persistent: false`.",
  },
} satisfies OutputTable;

export const runOutputs = {
  name: { type: "string", preview: true, description: "Name of the run." },
  exitCode: { type: "number", description: "Exit code of the script. Anything but 0 fails the update." },
  logTail: {
    type: "string",
    renewed: true,
    description:
      "The last lines of what the script wrote: at most 50, and 16 KB. Values of `secrets` are masked.",
  },
  runId: {
    type: "string",
    renewed: true,
    description:
      "The name and a hash of what was run: name of its VM, or of the folder in `~/.mags-runs` that remembers it.",
  },
  requestId: { type: "string", renewed: true, description: "Id of the request whose VM it ran in." },
  vmId: { type: "string", optional: true, renewed: true, description: "Id of that VM." },
  ...commonOutputs,
} satisfies OutputTable;

export const OUTPUTS: Record<KindName, OutputTable> = {
  Workspace: workspaceOutputs,
  Job: jobOutputs,
  UrlAlias: urlAliasOutputs,
  CronJob: cronJobOutputs,
  Run: runOutputs,
};

/** What Pulumi knows each kind by, in words. */
export const IDS: Record<KindName, string> = {
  Workspace: "the name of the workspace",
  Job: "the name of the job, which stays when a restart gives it a new request id",
  UrlAlias: "`subdomain.domain`",
  CronJob: "the id that the API gives to the schedule",
  Run: "the name of the run",
};
