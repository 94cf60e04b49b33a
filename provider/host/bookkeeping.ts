import { FACTS } from "../schema/facts";
import type { Values } from "../schema/fields";
import { BOOKKEEPING_PROPERTY } from "./properties";

/**
 * What only we have to know of a resource, the version of its outputs' shape and what is a fact about it, travels as one
 * text, `3 generatedName localDisk`: the engine logs, copies and hands on every property by itself, and shows them in
 * plans unless it calls their names internal.
 */
export function packed(values: Values): Values {
  const { schemaVersion, ...others } = values;
  const facts: readonly string[] = FACTS.filter((fact) => others[fact] === true);
  const words = schemaVersion === undefined ? facts : [String(schemaVersion as number), ...facts];
  if (words.length === 0) return others;
  const entries = Object.entries(others).filter(([name]) => !facts.includes(name));
  return Object.fromEntries([...entries, [BOOKKEEPING_PROPERTY, words.join(" ")]]);
}

/** What was packed, as values of their own again, which they are in states of before the third shape. */
export function unpacked(values: Values): Values {
  const { [BOOKKEEPING_PROPERTY]: text, ...rest } = values;
  if (typeof text !== "string") return rest;
  const words = text.split(" ");
  const version = words.find((word) => /^\d+$/.test(word));
  if (version !== undefined) rest.schemaVersion = Number(version);
  for (const fact of FACTS) if (words.includes(fact)) rest[fact] = true;
  return rest;
}
