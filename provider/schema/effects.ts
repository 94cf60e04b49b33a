import type { Effect } from "./fields";

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
