import { optionsOf } from "../lib/shell";
import type { StackPlace } from "./run";

/** A command of Pulumi to copy, for the project and the stack that it is about. */
export function pulumiLine(words: string, { folder, stack }: StackPlace): string {
  return `pulumi ${words}${optionsOf({ cwd: folder, stack })}`;
}

/** The update that goes on where a run ended; without a namespace nothing else tells what is ours. */
export function recoveringLine(place: StackPlace, namespace: string | undefined): string {
  return `${namespace ? "" : "MAGS_RECOVER=true "}${pulumiLine("up", place)}`;
}
