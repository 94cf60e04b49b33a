import type { Values } from "../schema/fields";

/**
 * The property that says what only we have to know of a resource: the version of its outputs' shape, and what is true
 * of it. One text, since the engine logs, copies and hands on every property by itself; its name makes Pulumi leave it
 * out of plans.
 */
export const BOOKKEEPING_PROPERTY = "__mags";

/** What is either true or not said at all. */
const FACTS = ["generatedName", "localDisk", "ownsRecord", "adopted"];

/** The same values, with what is bookkeeping in one text: `3 generatedName localDisk`. Anything else stays as it is. */
export function packed(values: Values): Values {
  const { schemaVersion, ...others } = values;
  const facts = FACTS.filter((fact) => others[fact] === true);
  const words = schemaVersion === undefined ? facts : [String(schemaVersion as number), ...facts];
  if (words.length === 0) return others;
  const entries = Object.entries(others).filter(([name]) => !facts.includes(name));
  return Object.fromEntries([...entries, [BOOKKEEPING_PROPERTY, words.join(" ")]]);
}

/** What was packed, as values of their own again. States of before the third shape have them so already. */
export function unpacked(values: Values): Values {
  const { [BOOKKEEPING_PROPERTY]: text, ...rest } = values;
  if (typeof text !== "string") return rest;
  for (const word of text.split(" ")) {
    if (/^\d+$/.test(word)) rest.schemaVersion = Number(word);
    else if (word !== "") rest[word] = true;
  }
  return rest;
}
