import { commonFields, workspaceGeneration, type FieldTable } from "./fields";
import { filesField } from "./files-field";

/** The script of a VM that is only there to be used: a sandbox. */
export const DEFAULT_SCRIPT = "sleep infinity";

const port = { kind: "integer", min: 1, max: 65_535 } as const;

/** What the API takes at creation and echoes never (recorded by the vendor's client). */
export const jobFields = {
  name: {
    type: { kind: "name", maxLength: 63 },
    effect: "replace",
    description: "Name of the job, and its Pulumi id. Generated from stack and logical name when absent.",
  },
  script: {
    type: { kind: "script" },
    default: DEFAULT_SCRIPT,
    effect: "restart",
    digest: true,
    description: "Shell script that the VM runs when it starts.",
  },
  workspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "replace",
    description: "Workspace whose files the VM works on. Without one the VM has a local disk only.",
  },
  workspaceGeneration,
  localDisk: {
    type: { kind: "boolean" },
    derived: true,
    effect: "replace",
    description: "The job has no workspace: its files end with its VM.",
  },
  baseWorkspaceId: {
    type: { kind: "name", maxLength: 63 },
    effect: "restart",
    description: "Read-only base below the workspace. Taken from `workspace` when that is a fork.",
  },
  rootfsType: {
    type: { kind: "text", maxLength: 100 },
    default: "standard",
    effect: "restart",
    description: "Root file system. Known to Mags: `standard`, `claude`, `pi`; the list is open.",
  },
  environment: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    effect: "restart",
    description: "Environment variables. Keys with a meaning to Mags (`__MAGS_…`) are passed through.",
  },
  secrets: {
    type: { kind: "map", keys: "environment", of: { kind: "text", empty: true } },
    default: {},
    secret: true,
    effect: "restart",
    description: "Environment variables that are secret in state; merged into `environment`.",
  },
  files: filesField,
  vcpus: {
    type: { kind: "integer", min: 1, max: 256 },
    effect: "restart",
    description: "Virtual CPUs. Needs v2 of the API, which is then used (observed).",
  },
  memoryMb: {
    type: { kind: "integer", min: 128, max: 1_048_576 },
    unit: "MB",
    effect: "restart",
    description: "Memory. Needs v2 of the API, which is then used (observed).",
  },
  idleTimeout: {
    type: { kind: "integer", min: 1, max: 525_600 },
    unit: "minutes",
    effect: "restart",
    description:
      "Idle time after which the VM sleeps, by the control key `__MAGS_IDLE_MIN` (observed). Mags: 10.",
  },
  diskGb: {
    type: { kind: "integer", min: 2, max: 65_536 },
    unit: "GB",
    default: 2,
    effect: "resize",
    description:
      "Size of the VM's own disk, mounted at `/data`: not synced, empty on every new VM. Grows only.",
  },
  noSleep: {
    type: { kind: "boolean" },
    default: false,
    effect: "patch",
    description: "Keep the VM running around the clock; Mags brings it back when its host fails.",
  },
  startupCommand: {
    type: { kind: "text", maxLength: 1_000_000 },
    default: "",
    effect: "patch",
    description: "Command that runs each time the VM wakes from sleep.",
  },
  http: {
    type: {
      kind: "object",
      fields: {
        port: { type: port, required: true, effect: "patch", description: "Port behind the VM's URL." },
        otherPorts: {
          type: { kind: "list", of: port },
          default: [],
          effect: "patch",
          onRemove: "restart",
          description: "Further ports to open.",
        },
        healthPath: {
          type: { kind: "path" },
          default: "/",
          effect: "local",
          description: "Path that answers 2xx when the service is well.",
        },
      },
    },
    effect: "patch",
    onRemove: "restart",
    description: "HTTP access: gives the job a `url`.",
  },
  waitFor: {
    type: { kind: "choice", values: ["running", "healthy", "none"] },
    default: "running",
    effect: "local",
    description: "What a create or update waits for. `healthy` needs `http`.",
  },
  triggers: {
    type: { kind: "any" },
    effect: "restart",
    description: "Any value; the job restarts when it changes.",
  },
  allowDataLoss: {
    type: { kind: "boolean" },
    effect: "local",
    description:
      "Go on where files could be lost: those in `/data`, those not yet synced, those of a local disk. " +
      "Default: true without a workspace, else false.",
  },
  ...commonFields,
} satisfies FieldTable;
