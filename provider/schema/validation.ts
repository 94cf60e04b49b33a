import { cronProblem } from "./cron";
import {
  MAX_SCRIPT_BYTES,
  UNKNOWN,
  type Field,
  type FieldTable,
  type FieldType,
  type Values,
} from "./fields";
import { isFileName } from "./files-field";

/** One thing that is wrong with one input. `property` is empty where naming it would print a secret. */
export interface Problem {
  property: string;
  reason: string;
}

/**
 * Everything that is wrong with the given arguments, judged by the field table alone. Unknown values pass.
 * @param judged values that were judged before, so that the same ones need not be
 * @param called what messages call each field
 */
export function problemsOf(
  table: FieldTable,
  inputs: Values,
  judged: Values = {},
  called: (name: string) => string = (name) => name,
): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!field || field.derived) problems.push(unexpected(name, table, called));
    else if (value !== UNKNOWN && value !== judged[name])
      problems.push(...problemsOfField(called(name), field, value));
  }
  for (const name in table) {
    const { required, type, unit } = table[name]!;
    if (!required || inputs[name] !== undefined) continue;
    problems.push({ property: name, reason: `${called(name)} is missing: give ${expected(type, unit)}.` });
  }
  return problems;
}

/** `environment` and `secrets` are merged, so a name in both has no one value. Unknown maps pass. */
export function environmentClash(inputs: Values): Problem[] {
  const [environment, secrets] = [inputs.environment, inputs.secrets].map((map) =>
    typeof map === "object" && map !== null ? map : {},
  );
  const both = Object.keys(environment!).filter((key) => key in secrets!);
  return both.length > 0
    ? [{ property: "", reason: `environment and secrets both set ${both.join(", ")}: keep one of them.` }]
    : [];
}

/** What is wrong with a value of one field, which messages call by `name`. */
export function problemsOfField(name: string, field: Field, value: unknown): Problem[] {
  if (value === undefined) return [];
  const reasons: string[] = [];
  judge(field.type, field.unit, value, name, reasons);
  if (reasons.length === 0) return [];
  // The engine prints the value of the property that a failure names.
  const property = field.secret || isContainer(field.type) ? "" : name;
  return [...new Set(reasons)].map((reason) => ({ property, reason }));
}

/** A container may hold a secret anywhere inside. */
function isContainer(type: FieldType): boolean {
  return type.kind === "map" || type.kind === "object" || type.kind === "list" || type.kind === "any";
}

/** Adds what is wrong with a value of a type to `reasons`, each with its place. What is unknown passes. */
function judge(
  type: FieldType,
  unit: string | undefined,
  value: unknown,
  at: string,
  reasons: string[],
): void {
  if (value === UNKNOWN) return;
  const wrong = () => reasons.push(`${at} must be ${expected(type, unit)}.`);
  switch (type.kind) {
    case "list":
      if (!Array.isArray(value)) wrong();
      else value.forEach((item, index) => judge(type.of, undefined, item, `${at}.${index}`, reasons));
      return;
    case "map": {
      if (!isMap(value)) return void wrong();
      const [isKey, message] = KEY_RULES[type.keys ?? "file"];
      for (const key of Object.keys(value)) {
        judge(type.of, undefined, value[key], `${at}.${key}`, reasons);
        if (!isKey(key)) reasons.push(`${at}.${key} ${message}`);
      }
      return;
    }
    case "object":
      if (isMap(value)) judgeObject(type.fields, value, at, reasons);
      else wrong();
      return;
    default: {
      const reason = scalarProblem(type, value);
      if (reason === true) wrong();
      else if (reason !== undefined) reasons.push(`${at} ${reason}`);
    }
  }
}

function judgeObject(fields: FieldTable, value: Values, at: string, reasons: string[]): void {
  for (const [name, field] of Object.entries(fields)) {
    const inner = value[name];
    if (inner !== undefined) judge(field.type, field.unit, inner, `${at}.${name}`, reasons);
    else if (field.required) reasons.push(`${at}.${name} is missing.`);
  }
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) {
    reasons.push(`${at} has no property ${unknown.join(", ")}: known are ${Object.keys(fields).join(", ")}.`);
  }
}

/** True when a value is not as expected, a text when there is more to say. */
function scalarProblem(type: FieldType, value: unknown): true | string | undefined {
  const text = typeof value === "string" ? value : undefined;
  switch (type.kind) {
    case "name":
      return unless(text !== undefined && text.length <= type.maxLength && NAME.test(text));
    case "label":
      return unless(text !== undefined && LABEL.test(text));
    case "domain":
      return unless(
        text !== undefined && text.length <= 253 && text.split(".").every((part) => LABEL.test(part)),
      );
    case "text":
      return unless(
        text !== undefined && text.length <= (type.maxLength ?? 1_000_000) && (type.empty || /\S/.test(text)),
      );
    case "script":
      if (text === undefined || !/\S/.test(text)) return true;
      return Buffer.byteLength(text) <= MAX_SCRIPT_BYTES ? undefined : TOO_LARGE;
    case "path":
      return unless(text !== undefined && text.length >= 1 && text.length <= 4096);
    case "integer":
      return unless(
        Number.isSafeInteger(value) &&
          (value as number) >= type.min &&
          (value as number) <= (type.max ?? Infinity),
      );
    case "boolean":
      return unless(typeof value === "boolean");
    case "choice":
      return unless(text !== undefined && type.values.includes(text));
    case "cron":
      return text === undefined ? true : cronProblem(text);
    default:
      return undefined;
  }
}

const unless = (isWell: boolean): true | undefined => (isWell ? undefined : true);

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TOO_LARGE = `is larger than ${MAX_SCRIPT_BYTES / 1024 / 1024} MB: put what it carries into the workspace, or into files.`;

/** An object of any context, but no instance of a class. */
function isMap(value: unknown): value is Values {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const KEY_RULES: Record<"environment" | "file", [(key: string) => boolean, string]> = {
  environment: [
    (key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key),
    "is no name of an environment variable: use letters, digits and _, not starting with a digit.",
  ],
  file: [isFileName, "is no name of a file below /uploads."],
};

/** In words, for messages and the reference: what a value of this type looks like. */
export function expected(type: FieldType, unit?: string): string {
  switch (type.kind) {
    case "name":
      return `1 to ${type.maxLength} letters, digits, ".", "_" or "-", starting with a letter or digit`;
    case "label":
      return "1 to 63 lower-case letters, digits or inner hyphens";
    case "domain":
      return "a lower-case domain name";
    case "text":
      return type.empty
        ? "a text"
        : `a text that is not empty${type.maxLength ? ` (at most ${type.maxLength} characters)` : ""}`;
    case "script":
      return `a text that is not empty, of at most ${MAX_SCRIPT_BYTES / 1024 / 1024} MB`;
    case "path":
      return "a path";
    case "integer": {
      const range = type.max === undefined ? `of at least ${type.min}` : `from ${type.min} to ${type.max}`;
      return `a whole number ${range}${unit ? `, in ${unit}` : ""}`;
    }
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${type.values.map((value) => `"${value}"`).join(", ")}`;
    case "cron":
      return "a cron expression of five fields that fires at some time, in UTC";
    case "map":
      if (type.keys === "file") return "a map from names of files to their paths";
      return `a map whose values are ${expected(type.of)}`;
    case "list":
      return `a list whose items are ${expected(type.of)}`;
    case "object":
      return `an object with ${Object.keys(type.fields).join(", ")}`;
    case "any":
      return "any value";
  }
}

function unexpected(name: string, table: FieldTable, called: (name: string) => string): Problem {
  const known = Object.keys(table).filter((key) => !table[key]?.derived);
  // An unknown property may hold anything, a secret too, so the engine must not print its value.
  return { property: "", reason: noSuchProperty(name, known.map(called)) };
}

/** What is said of a property that there is not. */
export function noSuchProperty(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no property ${name}: ${near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`}`;
}

/** The name that was probably meant, for suggestions. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  return (
    known.find((key) => distance(key.toLowerCase(), given) <= 2) ??
    // `env` for `environment`
    known.find((key) => given.length >= 3 && key.toLowerCase().startsWith(given))
  );
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost));
    }
    row = next;
  }
  return row[b.length]!;
}
