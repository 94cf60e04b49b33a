import type * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";
import { workspaceFields } from "../schema/workspace-fields";
import {
  call,
  callOutput,
  type Definition,
  type FunctionOptions,
  type FunctionOutputOptions,
  type InputsOf,
} from "./call";

export interface GetWorkspaceArgs {
  /** Name of the workspace, case-sensitive. */
  name: string;
}

export interface GetWorkspacesArgs {
  /** Only those whose name begins so. */
  namePrefix?: string;
}

/** A workspace as the API shows it: its name is all that it shows. */
export interface GetWorkspaceResult {
  name: string;
  /** What jobs, aliases and cron jobs refer to. Equal to the name. */
  workspaceId: string;
  /** Label of the account. */
  account: string;
}

const one: Definition<GetWorkspaceArgs, GetWorkspaceResult> = {
  name: "getWorkspace",
  table: { name: { ...workspaceFields.name, type: { kind: "text" }, required: true } },
  async ask({ task, settings }, { name }) {
    const listed = async () =>
      (await task.directory.workspaces(0)).some(({ workspaceId }) => workspaceId === name);
    // There is no way to ask for one: two complete lists have to agree that there is none.
    if (!(await listed()) && !(await listed())) throw errors.notFoundToRead("workspace", name);
    return { name, workspaceId: name, account: settings.account };
  },
};

const all: Definition<GetWorkspacesArgs, GetWorkspaceResult[]> = {
  name: "getWorkspaces",
  table: { namePrefix: { type: { kind: "text" }, effect: "local", description: "" } },
  async ask({ task, settings: { account } }, { namePrefix = "" }) {
    return (await task.directory.workspaces(0))
      .filter(({ workspaceId }) => workspaceId.startsWith(namePrefix))
      .map(({ workspaceId }) => ({ name: workspaceId, workspaceId, account }));
  },
};

/**
 * Looks a workspace up, without managing it. In a preview too.
 *
 * @example
 * ```ts
 * const data = await mags.getWorkspace({ name: "datasets" });
 * new mags.Job("train", { workspaceId: data.workspaceId, script: "./train.sh" });
 * ```
 *
 * @throws when there is no such workspace
 */
export function getWorkspace(args: GetWorkspaceArgs, options?: FunctionOptions): Promise<GetWorkspaceResult> {
  return call(one, args, options);
}

/** As `getWorkspace`, for a name that is an output. */
export function getWorkspaceOutput(
  args: InputsOf<GetWorkspaceArgs>,
  options?: FunctionOutputOptions,
): pulumi.Output<GetWorkspaceResult> {
  return callOutput(one, args, options);
}

/** All workspaces of the account. */
export function getWorkspaces(
  args: GetWorkspacesArgs = {},
  options?: FunctionOptions,
): Promise<GetWorkspaceResult[]> {
  return call(all, args, options);
}

/** As `getWorkspaces`, for arguments that are outputs. */
export function getWorkspacesOutput(
  args: InputsOf<GetWorkspacesArgs> = {},
  options?: FunctionOutputOptions,
): pulumi.Output<GetWorkspaceResult[]> {
  return callOutput(all, args, options);
}
