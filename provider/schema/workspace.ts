import type { Schema } from "./schema";
import type { Values } from "./fields";
import { workspaceFields } from "./workspace-fields";

export const workspaceSchema: Schema = {
  name: "Workspace",
  fields: workspaceFields,
  nameField: "name",
  // `<name>-setup` has to fit into a job name.
  nameMaxLength: 57,
  timeouts: { create: 900, update: 900, delete: 300 },

  derive: (inputs, _settings, making) => ({
    ...inputs,
    workspaceId: inputs.name,
    workspaceGeneration: making?.own,
  }),

  problems: (inputs) =>
    inputs.baseWorkspaceId !== undefined && inputs.baseWorkspaceId === inputs.name
      ? [
          {
            property: "baseWorkspaceId",
            reason: "a workspace cannot be forked from itself: name another base.",
          },
        ]
      : [],

  needsRepair: (recorded) => recorded.notReady !== undefined,
};

/** Whether the workspace must not be deleted, judged by what is recorded. */
export function isProtected(recorded: Values): boolean {
  return recorded.deletionProtection !== false;
}

/** The job that makes a workspace; it is stopped when that is done, so that no VM is left running. */
export function setupJobName(name: string): string {
  return `${name}-setup`;
}
