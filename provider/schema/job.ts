import { isActive } from "../api/job-status";
import * as errors from "../errors";
import { has, type Change } from "./diff";
import { UNKNOWN, hasUnknown, type FieldTable, type Values } from "./fields";
import { jobFields } from "./job-fields";
import type { Settings } from "../api/settings";
import type { Making, Schema } from "./schema";
import { environmentClash, type Problem } from "./validation";

/** The control key that `idleTimeout` stands for (observed). */
export const IDLE_KEY = "__MAGS_IDLE_MIN";

export const jobSchema: Schema = {
  name: "Job",
  fields: jobFields,
  nameField: "name",
  nameMaxLength: 63,
  timeouts: { create: 600, update: 900, delete: 300 },

  /** Without a workspace the vendor's `new()` sends the name as workspace and `no_sync`; so do we. */
  derive(inputs: Values, _settings?: Settings, making?: Making): Values {
    return inputs.workspaceId === undefined
      ? { ...inputs, workspaceId: inputs.name, localDisk: true, workspaceGeneration: making?.own }
      : { ...inputs, workspaceGeneration: making?.workspace };
  },

  problems(inputs: Values): Problem[] {
    const problems = environmentClash(inputs);
    for (const map of ["environment", "secrets"]) {
      if (inputs.idleTimeout === undefined || !(IDLE_KEY in asMap(inputs[map]))) continue;
      problems.push({
        property: "idleTimeout",
        reason: `idleTimeout and ${map}.${IDLE_KEY} say the same: keep one of them.`,
      });
    }
    if (inputs.idleTimeout !== undefined && inputs.noSleep === true) {
      problems.push({
        property: "idleTimeout",
        reason: "idleTimeout has no meaning with noSleep: true: a VM that never sleeps is never idle.",
      });
    }
    if (inputs.waitFor === "healthy" && inputs.http === undefined) {
      problems.push({
        property: "waitFor",
        reason: `waitFor "healthy" needs http: without a port there is nothing to ask.`,
      });
    }
    return problems;
  },

  guard(recorded: Values, wanted: Values, changes: readonly Change[]): void {
    const name = String(recorded.name);
    if (!has(changes, "restart", "resize", "replace")) return;
    if (changes.some(({ field }) => field === "localDisk") && recorded.workspaceId === wanted.workspaceId)
      throw errors.persistenceFixed(name);
    const [from, to] = [recorded.diskGb ?? 2, wanted.diskGb ?? 2];
    if (!has(changes, "replace") && typeof from === "number" && typeof to === "number" && to < from) {
      throw errors.diskShrinks(name, from, to);
    }
    if (
      hasUnknown(wanted.allowDataLoss) ||
      allowsDataLoss({ ...wanted, ...carried(recorded) }) ||
      !recorded.localDisk
    )
      return;
    const fields: FieldTable = jobFields;
    const asking = changes.filter(
      (change) => has([change], "restart", "resize", "replace") && !fields[change.field]?.derived,
    );
    throw errors.localDiskWouldBeLost(
      name,
      asking.map((change) => change.field),
    );
  },

  needsRepair(recorded: Values): boolean {
    return recorded.notReady !== undefined || !isActive({ status: String(recorded.status) });
  },
};

export function allowsDataLoss(inputs: Values): boolean {
  if (inputs.allowDataLoss !== undefined) return inputs.allowDataLoss === true;
  // What was on the disk of an adopted job before us is not ours to give up.
  return inputs.localDisk === true && inputs.adopted !== true;
}

/** What is known since the creation and no input says. */
export function carried(values: Values): Values {
  return pick(values, ["adopted", "ownsRecord"]);
}

/** The given keys, where they have a value. */
export function pick(values: Values, keys: string[]): Values {
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}

function asMap(value: unknown): Values {
  return typeof value === "object" && value !== null && (value as unknown) !== UNKNOWN
    ? (value as Values)
    : {};
}
