import { strongest, type Change } from "./diff";
import { losesFiles } from "./plan";
import type { Schema } from "./schema";
import { hasUnknown, type Effect, type Values } from "./fields";

/** What each effect means, for people: in the reference, and where a command shows what a change will do. */
export const EFFECT_MEANINGS: Record<Effect, string> = {
  local: "nothing is changed in the cloud: only the state changes",
  patch: "changed through the API on the live object, without a restart",
  repoint: "the alias is deleted and created again under the same subdomain, and put back if that fails",
  restart:
    "the VM is synced, stopped and started again under the same name with all settings; the resource, its id, its workspace and its aliases stay",
  resize: "a restart that makes a new VM with a larger disk; sizes only grow",
  rerun: "the script runs once more, as it is then, unless it has run with exactly this before",
  replace: "Pulumi deletes the object, then creates another",
};

/** What a change of a live object that goes beyond a call or two costs, in short. */
const ANNOUNCED: Partial<Record<Effect, string>> = {
  repoint: "its subdomain answers nothing for a moment",
  restart: "its VM stops and starts again",
  resize: "its VM stops, and one with a larger disk takes its place",
  rerun: "its script runs once more, unless it has run with exactly this before",
};

/**
 * What an update does that the rows of a plan do not say: they name what changes, not what that does. Nothing for
 * what is done on the live object, and for a replacement, which has a row of its own.
 */
export function announcementOf(
  schema: Schema,
  id: string,
  recorded: Values,
  wanted: Values,
  changes: readonly Change[],
): string | undefined {
  // Pulumi does not show it: it is among the facts that only we have to know.
  if (changes.length > 0 && changes.every(({ field }) => field === "generatedName"))
    return `${schema.name} "${id}": its name is ${wanted.generatedName ? "generated" : "given by the program"} from now on; nothing else changes`;
  const effect = strongest(changes);
  const cost = effect && ANNOUNCED[effect];
  if (cost === undefined) return undefined;
  const causes = changes.filter((change) => change.effect === effect).map((change) => change.field);
  // A value that is known later may turn out to be the one that there is.
  const isSure = causes.some((field) => !hasUnknown(wanted[field]));
  const loss = losesFiles(schema, recorded, wanted, changes) ? "; the files on its disk are lost" : "";
  return `${schema.name} "${id}": ${isSure ? "" : "possibly "}${effect} for ${causes.join(", ")} (${cost}${loss})`;
}

/** Why a resource whose inputs are as they were is updated all the same. */
export function repairOf(schema: Schema, id: string, recorded: Values): string {
  const found = recorded.notReady === undefined ? String(recorded.status) : "not ready";
  return `${schema.name} "${id}": repair, since it is recorded as ${found}`;
}
