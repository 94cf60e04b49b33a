import { commonFields, type FieldTable } from "./fields";

export const cronJobFields = {
  name: {
    type: { kind: "text", maxLength: 63 },
    effect: "patch",
    description: "Name of the schedule. Generated from stack and logical name when absent.",
  },
  cronExpression: {
    type: { kind: "cron" },
    required: true,
    effect: "patch",
    description: "Five fields: minute, hour, day of month, month, day of week. UTC.",
  },
  script: {
    type: { kind: "script" },
    required: true,
    effect: "patch",
    description: "Shell script that each fire runs.",
  },
  workspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "patch",
    shown: true,
    description: "Workspace the script works on. Give a schedule one of its own.",
  },
  environment: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    effect: "patch",
    description: "Environment variables.",
  },
  secrets: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    secret: true,
    effect: "patch",
    description: "Environment variables that are secret in state; merged into `environment`.",
  },
  persistent: {
    type: { kind: "boolean" },
    default: false,
    effect: "patch",
    description: "Keep the VM of a fire after its script has ended.",
  },
  enabled: {
    type: { kind: "boolean" },
    default: true,
    effect: "patch",
    description: "Whether the schedule fires.",
  },
  ...commonFields,
} satisfies FieldTable;
