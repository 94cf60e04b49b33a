import { commonFields, workspaceGeneration, type FieldTable } from "./fields";

export const workspaceFields = {
  name: {
    type: { kind: "name", maxLength: 57 },
    effect: "replace",
    description:
      "Name of the workspace, and its Pulumi id. Generated from stack and logical name when absent.",
  },
  workspaceId: {
    type: { kind: "name", maxLength: 63 },
    derived: true,
    effect: "replace",
    description: "What jobs, aliases and cron jobs refer to. Equal to the name.",
  },
  workspaceGeneration,
  baseWorkspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "replace",
    description: "Workspace to fork: the new one starts with its files and never changes it.",
  },
  setup: {
    type: { kind: "script" },
    effect: "local",
    digest: true,
    description: "Script that fills the workspace. Runs once, when it is made; a later edit runs nothing.",
  },
  rootfsType: {
    type: { kind: "text", maxLength: 100 },
    default: "standard",
    effect: "local",
    description: "Root file system of the VM that makes the workspace.",
  },
  diskGb: {
    type: { kind: "integer", min: 2, max: 65_536 },
    unit: "GB",
    default: 2,
    effect: "local",
    description: "Disk of the VM that makes the workspace.",
  },
  deletionProtection: {
    type: { kind: "boolean" },
    default: true,
    known: true,
    effect: "local",
    description: "Refuse to delete the workspace and its files. Turn it off, run `up`, then remove it.",
  },
  ...commonFields,
} satisfies FieldTable;
