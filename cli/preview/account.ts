import { Cloud, configurationIn } from "./cloud";
import type { Place } from "./place";
import { magsConfiguration } from "./project";

/** The account that previews are in: as their template says, else as the state of one of them does. */
export async function cloudOf(place: Place, stacks: readonly { stack: string }[]): Promise<Cloud> {
  const configured = magsConfiguration(place.template);
  const [first] = stacks;
  const recorded =
    place.template === undefined && first ? configurationIn(await place.export(first.stack)) : {};
  return new Cloud({ ...recorded, ...configured }, place);
}
