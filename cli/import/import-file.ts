import { PROVIDER_PROPERTY } from "../../provider/host/properties";
import { PROVIDER_TEXTS } from "../../provider/schema/tokens";
import type { Values } from "../../provider/schema/fields";
import type { Adopted } from "./adoption";
import type { Entry } from "./program";

/**
 * What `pulumi import --file` reads: of each resource the inputs and outputs that the state is to have, so that no
 * provider is asked. Each has the text by which the engine finds its handler later.
 */
export function importFile(entries: readonly Entry[]): string {
  const keys = new Map(entries.map((entry, index) => [entry, `${index + 1} ${entry.name}`]));
  const resources = entries.map((entry) => ({
    type: entry.type,
    // In the file each needs a name of its own; in the stack two of different types may share one.
    name: keys.get(entry),
    logicalName: entry.name,
    ...(entry.parent ? { parent: keys.get(entry.parent) } : {}),
    ...(entry.adopted ? resourceOf(entry.adopted) : { component: true }),
  }));
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

function resourceOf({ kind, id, recorded }: Adopted): Values {
  const text = { [PROVIDER_PROPERTY]: PROVIDER_TEXTS[kind] };
  return { id, inputs: { ...recorded.inputs, ...text }, outputs: { ...recorded.outputs, ...text } };
}
