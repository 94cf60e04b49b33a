import { commonFields, workspaceGeneration, type FieldTable } from "./fields";
import { filesField } from "./files-field";

// A run is found by what it runs, so there is nothing to adopt.
const { timeouts, generatedName } = commonFields;

export const runFields = {
  name: {
    // Room for a hyphen and the hash: the name of the VM is made of the three.
    type: { kind: "name", maxLength: 50 },
    effect: "replace",
    description: "Name of the run, and its Pulumi id. Generated from stack and logical name when absent.",
  },
  script: {
    type: { kind: "script" },
    required: true,
    effect: "rerun",
    digest: true,
    description: "Shell script that is run to its end.",
  },
  jobName: {
    type: { kind: "name", maxLength: 63 },
    effect: "replace",
    description: "Job whose VM the script runs inside. Without one it runs in a VM of its own.",
  },
  workspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "replace",
    description: "Workspace whose files the script works on, in a VM of its own.",
  },
  // One that is made anew has nothing of what the script did to the one before it.
  workspaceGeneration: { ...workspaceGeneration, effect: "rerun" },
  baseWorkspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "local",
    description: "Read-only base below the workspace. Taken from `workspace` when that is a fork.",
  },
  environment: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    effect: "rerun",
    description: "Environment variables.",
  },
  secrets: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    secret: true,
    effect: "rerun",
    description:
      "Environment variables that are secret in state; merged into `environment`, masked in `logTail`.",
  },
  files: filesField("rerun"),
  triggers: {
    type: { kind: "any" },
    effect: "rerun",
    description: "Any value; the script runs again when it changes to one that it has not run with.",
  },
  rootfsType: {
    type: { kind: "text", maxLength: 100 },
    default: "standard",
    effect: "local",
    description: "Root file system of the VM of its own. Known to Mags: `standard`, `claude`, `pi`.",
  },
  diskGb: {
    type: { kind: "integer", min: 2, max: 65_536 },
    unit: "GB",
    default: 2,
    effect: "local",
    description: "Disk `/data` of the VM of its own.",
  },
  vcpus: {
    type: { kind: "integer", min: 1, max: 256 },
    effect: "local",
    description: "Virtual CPUs of the VM of its own. Needs v2 of the API, which is then used (observed).",
  },
  memoryMb: {
    type: { kind: "integer", min: 128, max: 1_048_576 },
    unit: "MB",
    effect: "local",
    description: "Memory of the VM of its own. Needs v2 of the API, which is then used (observed).",
  },
  secretLog: {
    type: { kind: "boolean" },
    effect: "local",
    description:
      "Keep `logTail` encrypted in the state, and out of messages. " +
      "Default: true if script, environment or triggers are a Pulumi secret, else false.",
  },
  timeouts,
  generatedName,
} satisfies FieldTable;
