import { FACTS } from "../schema/facts";
import type { Values } from "../schema/fields";
import { BOOKKEEPING_PROPERTY } from "./properties";

/** A generation that this package has made: a word, unlike several in one, or what is not known yet. */
const OWN_GENERATION = /^[0-9a-f]{12}$/;
const GENERATION_WORD = "generation:";

/**
 * What only we have to know of a resource, the version of its outputs' shape and what is a fact about it, travels as one
 * text, `3 generatedName localDisk`: the engine logs, copies and hands on every property by itself, and shows them in
 * plans unless it calls their names internal.
 */
export function packed(values: Values): Values {
  const { schemaVersion, ...others } = values;
  const facts: readonly string[] = FACTS.filter((fact) => others[fact] === true);
  // Programs read outputs, so that those of a local disk say all of it.
  const disk = schemaVersion === undefined ? ofLocalDisk(others) : NOTHING;
  const version = schemaVersion === undefined ? [] : [String(schemaVersion as number)];
  const words = [...version, ...facts, ...disk.words];
  if (words.length === 0) return others;
  const left = [...facts, ...disk.names];
  const entries = Object.entries(others).filter(([name]) => !left.includes(name));
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
  if (version === undefined && rest.localDisk === true) {
    rest.workspaceId ??= rest.name;
    const word = words.find((candidate) => candidate.startsWith(GENERATION_WORD));
    if (word !== undefined) rest.workspaceGeneration ??= word.slice(GENERATION_WORD.length);
  }
  return rest;
}

interface Left {
  /** Properties that need not be said. */
  names: readonly string[];
  /** What says them instead. */
  words: readonly string[];
}

const NOTHING: Left = { names: [], words: [] };

/** The inputs of a job without a workspace: that is its own name, and its generation is made with it. */
function ofLocalDisk({ localDisk, name, workspaceId, workspaceGeneration: generation }: Values): Left {
  if (localDisk !== true || workspaceId !== name) return NOTHING;
  return typeof generation === "string" && OWN_GENERATION.test(generation)
    ? { names: ["workspaceId", "workspaceGeneration"], words: [`${GENERATION_WORD}${generation}`] }
    : { names: ["workspaceId"], words: [] };
}
