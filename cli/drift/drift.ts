import { configurationOf } from "../account/config";
import { endpointNamed, withFlags, type AccountFlags } from "../account/connect";
import { readState, type StackState } from "../state/stack-state";
import { examine } from "./examine";
import type { Finding } from "./finding";

export interface Drift {
  readonly findings: readonly Finding[];
  readonly pending: StackState["pending"];
}

/** Compares the state of a stack with the cloud. */
export async function driftOf(flags: AccountFlags): Promise<Drift> {
  const { stack, cwd: folder } = flags;
  const place = { stack, folder };
  const [state, own] = await Promise.all([readState(place), configurationOf(place)]);
  // What is only still to be deleted is not what the program means by its name.
  const resources = state.resources.filter(({ toBeDeleted }) => !toBeDeleted);
  const findings = await examine(resources, withFlags(own, flags), endpointNamed(flags));
  return { findings, pending: state.pending };
}
