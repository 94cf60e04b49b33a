/**
 * The field tables: plain data that says of every input of every kind what it may hold and what a change of
 * it does. Validation, diff, secrets, outputs and the reference pages are all made from them.
 */

/**
 * What a change does.
 * - `patch`: changed through the API on the live object, no restart
 * - `restart`: sync, stop, wait, submit again under the same name with all settings
 * - `resize`: a restart by the resize flow; sizes only grow
 * - `rerun`: the script runs once more, as it is then
 * - `repoint`: alias deleted and created under the same subdomain, put back on failure
 * - `replace`: Pulumi deletes the object and creates another
 * - `local`: bookkeeping only, no call
 */
export type Effect = "patch" | "restart" | "resize" | "repoint" | "rerun" | "replace" | "local";

/** From the least to the most that can happen to a running thing. */
export const EFFECT_ORDER: readonly Effect[] = [
  "local",
  "patch",
  "repoint",
  "rerun",
  "restart",
  "resize",
  "replace",
];

export type FieldType =
  | { kind: "name"; maxLength: number }
  | { kind: "label" }
  | { kind: "domain" }
  | { kind: "text"; maxLength?: number; empty?: boolean }
  /** A script is sent inside a JSON body. */
  | { kind: "script" }
  | { kind: "path" }
  | { kind: "integer"; min: number; max?: number }
  | { kind: "boolean" }
  | { kind: "choice"; values: readonly string[] }
  | { kind: "cron" }
  | { kind: "map"; of: FieldType; keys?: "environment" | "file" }
  | { kind: "list"; of: FieldType }
  | { kind: "object"; fields: FieldTable }
  | { kind: "any" };

export interface Field {
  type: FieldType;
  /** Unit of a number, for example `GB`. */
  unit?: string;
  required?: boolean;
  /** What absence means. Absent and default are equal in a diff, so a new release's default changes nothing. */
  default?: unknown;
  /** Always secret in state, whatever the program says. */
  secret?: boolean;
  effect: Effect;
  /** The effect when the value, or an element of a list, goes away, where that differs. */
  onRemove?: Effect;
  /** Outputs keep the SHA-256 only: nothing but a comparison ever needs the old value. */
  digest?: boolean;
  /** False for what only says how something is come by: a difference is no change. @default true */
  compared?: boolean;
  /** Computed by check, not an argument. */
  derived?: boolean;
  /** The API shows it wherever it has a value, so where none is shown there is none. @default false */
  shown?: boolean;
  /** Has to be a plain value in the program: what follows from it is decided before anything is deployed. */
  known?: boolean;
  description: string;
}

export type FieldTable = Record<string, Field>;

export type KindName = "Workspace" | "Job" | "UrlAlias" | "CronJob" | "Run";

/**
 * The largest script, in bytes (assumed: the API's own limit is not known). A larger one would be refused by
 * the server after the old VM was stopped; a plan must not get that far.
 */
export const MAX_SCRIPT_BYTES = 2 * 1024 * 1024;

/** Stands for a value that is not known before other resources have been created. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Values = Record<string, unknown>;

/** An output that is to be encrypted in the state, although no input of its name is a secret. */
export class Sensitive {
  constructor(readonly value: unknown) {}
}

/** True when the value is, or holds at any depth, something unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** The text that tells one making of a workspace from the next, known at preview wherever it does not change. */
export const workspaceGeneration: Field = {
  type: { kind: "text" },
  derived: true,
  effect: "local",
  description: "Differs each time the workspace is made anew; edits leave it as it is.",
};

/** Inputs that every kind has. */
export const commonFields = {
  adopt: {
    type: { kind: "boolean" },
    default: false,
    effect: "local",
    description: "Take over an object of this name that exists already, as it is, instead of failing.",
  },
  timeouts: {
    type: {
      kind: "object",
      fields: Object.fromEntries(
        (["create", "update", "delete"] as const).map((operation): [string, Field] => [
          operation,
          {
            type: { kind: "integer", min: 1, max: 86_400 },
            unit: "seconds",
            effect: "local",
            description: `How long the ${operation} may take.`,
          },
        ]),
      ),
    },
    effect: "local",
    description: "Limits for whole operations, in seconds.",
  },
  generatedName: {
    type: { kind: "boolean" },
    derived: true,
    effect: "local",
    description: "Whether the name was generated, and so can be recognized as ours.",
  },
  unrecorded: {
    type: { kind: "list", of: { kind: "text" } },
    derived: true,
    effect: "local",
    description:
      "After an import: the inputs that the API does not show, so that nobody knows them. The first update records them as declared, without a call.",
  },
  trusted: {
    type: { kind: "text" },
    derived: true,
    compared: false,
    effect: "local",
    description: "In the plan of that first update: what it records without knowing whether it is so.",
  },
} satisfies FieldTable;
