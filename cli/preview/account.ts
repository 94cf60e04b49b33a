import { Cloud, configurationIn } from "./cloud";
import type { Place } from "./place";
import { magsConfiguration } from "./project";

/** The account that previews are in: as their template says, and the state of one of them. */
export async function cloudOf(place: Place, stacks: readonly { stack: string }[]): Promise<Cloud> {
  const configured = magsConfiguration(place.template);
  const [first] = stacks;
  // Also with a template: a token that is encrypted there is in the state as well.
  const recorded = first ? configurationIn(await place.export(first.stack)) : {};
  return new Cloud({ ...recorded, ...configured }, place);
}
