import { recordOf, unrecordedNames } from "./diff";
import type { FieldTable, Values } from "./fields";

/**
 * What an import knows of an object is what the API shows. The rest is named in `unrecorded`, and is settled by the
 * first update: what the program declares then is recorded as if it had been known, and nothing is called for it.
 */

/** The inputs that nothing is known of, if these values are all that is shown. What is bookkeeping has no truth. */
export function unrecordedIn(table: FieldTable, shown: Values): string[] {
  return Object.entries(table)
    .filter(([name, field]) => field.effect !== "local" && shown[name] === undefined)
    .filter(([, field]) => field.shown !== true || field.required === true)
    .map(([name]) => name);
}

/** What is recorded, and what is wanted for all that is not known: the first declared values, trusted. */
export function trusting(table: FieldTable, recorded: Values, wanted: Values): Values {
  const names = unrecordedNames(recorded);
  if (names.length === 0) return recorded;
  const declared = Object.fromEntries(names.map((name) => [name, wanted[name]]));
  return { ...recorded, ...recordOf(table, declared) };
}

/** For the plan: what is recorded without knowing whether it is so. Undefined where all is known. */
export function trustedText(table: FieldTable, recorded: Values, inputs: Values): string | undefined {
  const names = unrecordedNames(recorded).filter(
    (name) => Object.hasOwn(table, name) && !table[name]!.derived,
  );
  const declared = names.filter((name) => inputs[name] !== undefined);
  const defaults = names.filter((name) => inputs[name] === undefined);
  const parts = [
    declared.length > 0 && `as declared: ${declared.join(", ")}`,
    defaults.length > 0 && `by default: ${defaults.join(", ")}`,
  ];
  return parts.filter(Boolean).join("; ") || undefined;
}
