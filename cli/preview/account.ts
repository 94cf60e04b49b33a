import type { Values } from "../../provider/schema/fields";
import type { Configuration } from "../account/config";
import { stateIn, type StackState } from "../state/stack-state";
import { warn } from "./actions";
import { Cloud } from "./cloud";
import * as errors from "./errors";
import type { Place } from "./place";
import { magsConfiguration } from "./project";

/** The account that previews are in: as their template says, and the state of one of them. */
export async function cloudOf(place: Place, stacks: readonly { stack: string }[]): Promise<Cloud> {
  let failure: Error | undefined;
  for (const { stack } of stacks) {
    try {
      const state = stateIn(await place.export(stack));
      // One that holds nothing yet does not tell.
      if (Object.keys(state.configuration).length > 0) return await cloudOfStack(place, stack, state);
    } catch (error) {
      failure ??= error as Error;
    }
  }
  if (failure) warn(errors.accountUnknown(failure.message));
  return new Cloud(magsConfiguration(place.template), place);
}

/** The account of one preview. What is encrypted is decrypted only if it has to be known. */
export async function cloudOfStack(
  place: Place,
  stack: string,
  { configuration }: Pick<StackState, "configuration">,
): Promise<Cloud> {
  const template = magsConfiguration(place.template);
  // Also with a template: a token that is encrypted there is in the state as well.
  const isPlain = Object.keys(configuration).every((key) => key in template || isText(configuration[key]));
  const known = isPlain ? configuration : stateIn(await place.export(stack, { secrets: true })).configuration;
  return new Cloud({ ...textsIn(known), ...template }, place);
}

function textsIn(values: Values): Configuration {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => isText(pair[1])),
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
