import { createHash } from "node:crypto";
import {
  EFFECT_ORDER,
  UNKNOWN,
  hasUnknown,
  type Effect,
  type Field,
  type FieldTable,
  type Values,
} from "./fields";

/** One changed input and what changing it does. */
export interface Change {
  field: string;
  effect: Effect;
}

/**
 * What differs between what is recorded and what is wanted, judged by the field table alone. Absent and
 * default are equal; an unknown value is always a change. What is named as unrecorded is no change by
 * itself, whatever is wanted: that it is known from now on is one.
 */
export function changesBetween(table: FieldTable, recorded: Values, wanted: Values): Change[] {
  const changes: Change[] = [];
  const unrecorded = unrecordedNames(recorded);
  for (const [name, field] of Object.entries(table)) {
    if (field.compared === false || unrecorded.includes(name)) continue;
    const before = recorded[name];
    if (before === wanted[name] && !hasUnknown(before)) continue;
    const after = field.digest ? digestOf(wanted[name]) : wanted[name];
    const base = field.digest ? digestOf(field.default) : field.default;
    const effect = effectBetween(field, before ?? base, after ?? base);
    if (effect) changes.push({ field: name, effect });
  }
  return changes;
}

/** The inputs that nothing is known of, after an import. */
export function unrecordedNames({ unrecorded }: Values): string[] {
  return Array.isArray(unrecorded) ? unrecorded.filter((name) => typeof name === "string") : [];
}

/** The strongest effect among the changes, if there are any. */
export function strongest(changes: readonly Change[]): Effect | undefined {
  return changes
    .map((change) => change.effect)
    .sort((a, b) => EFFECT_ORDER.indexOf(b) - EFFECT_ORDER.indexOf(a))[0];
}

export function has(changes: readonly Change[], ...effects: Effect[]): boolean {
  return changes.some((change) => effects.includes(change.effect));
}

/** The part of the inputs that outputs mirror: all that is declared, long texts as a digest. */
export function recordOf(table: FieldTable, inputs: Values): Values {
  const record: Values = {};
  for (const [name, field] of Object.entries(table)) {
    const value = inputs[name];
    if (value !== undefined) record[name] = field.digest ? digestOf(value) : value;
  }
  return record;
}

/** `sha256:…` of a text; an already digested one, an unknown or an absent value stays as it is. */
export function digestOf(value: unknown): unknown {
  if (typeof value !== "string" || DIGEST.test(value)) return value;
  return `sha256:${createHash("sha256").update(value).digest("hex")}`;
}
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function equal(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function effectBetween(field: Field, before: unknown, after: unknown): Effect | undefined {
  if (hasUnknown(after))
    return after === UNKNOWN || !isNested(field) ? field.effect : nestedEffect(field, before, after);
  if (equal(before, after)) return undefined;
  if (after === undefined) return field.onRemove ?? field.effect;
  // Nothing when the parts differ only in what defaults stand for.
  return nestedEffect(field, before, after);
}

function isNested(field: Field): boolean {
  return field.type.kind === "object" || field.type.kind === "map";
}

/** What a change inside an object, a map of objects or a list does: the strongest of its parts. */
function nestedEffect(field: Field, before: unknown, after: unknown): Effect | undefined {
  const { type } = field;
  if (type.kind === "list" && Array.isArray(before) && Array.isArray(after)) {
    const kept = new Set(after.map(canonical));
    return before.every((item) => kept.has(canonical(item)))
      ? field.effect
      : (field.onRemove ?? field.effect);
  }
  if (!isPlainObject(before) || !isPlainObject(after)) return field.effect;
  if (type.kind === "object") return strongest(changesBetween(type.fields, before, after));
  if (type.kind === "map" && type.of.kind === "object") {
    const { fields } = type.of;
    const changes: Change[] = [];
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [old, now] = [before[key], after[key]];
      if (isPlainObject(old) && isPlainObject(now)) changes.push(...changesBetween(fields, old, now));
      else changes.push({ field: key, effect: field.effect });
    }
    return strongest(changes);
  }
  return field.effect;
}

function isPlainObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text that is equal for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (inner === UNKNOWN) return "\u0000unknown";
      if (!isPlainObject(inner)) return inner;
      return Object.fromEntries(
        Object.keys(inner)
          .filter((key) => inner[key] !== undefined)
          .sort()
          .map((key) => [key, inner[key]]),
      );
    }) ?? "undefined"
  );
}
