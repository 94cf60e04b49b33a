/** Constructs, their ids and where they stand. */
import { ConstructsError } from "./base";

export const scopeMissing = (id: string) =>
  new ConstructsError(
    `"${id}" was given no construct as its scope, so it would belong to no app. Pass the construct that it is to be part of, ` +
      `mostly "this".`,
  );

export const idNotText = (type: string) =>
  `a construct in it has no text for an id (${type === "string" ? "an empty one" : type}). An id is part of the path, which has to be ` +
  `known when the program runs: give a text.`;

export const idNotKnown = () =>
  `a construct in it has an id made from a value that is known only later. An id is part of the path: give a plain text.`;

export const idReserved = (id: string) =>
  `a construct in it has the id "${id}", which JavaScript keeps for itself. Give it another id.`;

export const duplicateId = (id: string) =>
  `two constructs in it have the id "${id}". Give one of them another id.`;

export const noApp = (path: string) =>
  new ConstructsError(`"${path}" is part of no App. Make the outermost construct an App: new Stack(app, …).`);

export const noStack = (path: string) =>
  new ConstructsError(`"${path}" is in no Stack. Create it in the scope of one.`);

export const nameLength = (length: unknown, least: number) =>
  new ConstructsError(
    `A name of at most ${String(length)} characters cannot be made: give a whole number from ${least} to 63.`,
  );

export const treeChanged = (added: number) =>
  `${Math.abs(added)} ${Math.abs(added) === 1 ? "construct was" : "constructs were"} ${added > 0 ? "added" : "removed"} while the app was ` +
  `planned, by a lazy value or a validation, and would be missed. Use an aspect for that.`;

export const descriptionNotText = () =>
  `its description is no plain text. It stands in the tree, so it has to be known when the program runs.`;

export const validationFailed = (detail: string) => `a validation of it failed: ${detail}`;

export const validationWithoutText = () =>
  `a validation of it found something, and has no text for it. Return a list of texts.`;

export const notProperties = (given: string) =>
  `its properties are ${given}. Give them as an object, such as { name: "…" }.`;

export const notPropertiesOf = (what: string, given: string) =>
  `the properties of ${what} are ${given}. Give them as an object, such as { name: "…" }.`;

export const tagNotKnown = (key: string) =>
  `the tag ${key} is no plain text. Tags stand in the manifest, so they have to be known when the program runs.`;

export const noSuchKind = (kind: string, near: string | undefined, known: readonly string[]) =>
  `there is no kind "${kind}": ${near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`}`;
