import type * as Zod from "zod";
import { cronProblem } from "./cron";
import {
  MAX_SCRIPT_BYTES,
  UNKNOWN,
  type Field,
  type FieldTable,
  type FieldType,
  type Values,
} from "./fields";

/** One thing that is wrong with one input. `property` is empty where naming it would print a secret. */
export interface Problem {
  property: string;
  reason: string;
}

let zod: typeof Zod | undefined;
function z(): typeof Zod {
  zod ??= require("zod") as typeof Zod;
  return zod;
}

const schemas = new WeakMap<FieldTable, Map<string, Zod.ZodType>>();

/** Everything that is wrong with the given arguments, judged by the field table alone. Unknown values pass. */
export function problemsOf(table: FieldTable, inputs: Values): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!field || field.derived) problems.push(unexpected(name, table));
    else if (value !== UNKNOWN) problems.push(...problemsOfField(table, name, field, value));
  }
  for (const [name, field] of Object.entries(table)) {
    if (field.required && inputs[name] === undefined) {
      problems.push({
        property: name,
        reason: `${name} is missing: give ${expected(field.type, field.unit)}.`,
      });
    }
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

function problemsOfField(table: FieldTable, name: string, field: Field, value: unknown): Problem[] {
  if (value === undefined) return [];
  const result = schemaOf(table, name, field).safeParse(value);
  if (result.success) return [];
  const reasons = result.error.issues.map(
    (issue) => `${[name, ...issue.path.map(String)].join(".")} ${issue.message}`,
  );
  // The engine prints the value of the property that a failure names.
  const property = field.secret || isContainer(field.type) ? "" : name;
  return [...new Set(reasons)].map((reason) => ({ property, reason }));
}

/** A container may hold a secret anywhere inside. */
function isContainer(type: FieldType): boolean {
  return type.kind === "map" || type.kind === "object" || type.kind === "list" || type.kind === "any";
}

function schemaOf(table: FieldTable, name: string, field: Field): Zod.ZodType {
  let cached = schemas.get(table);
  if (!cached) schemas.set(table, (cached = new Map()));
  let schema = cached.get(name);
  if (!schema) cached.set(name, (schema = schemaOfType(field.type, field.unit)));
  return schema;
}

/** A schema that lets unknown values pass at any depth. */
function knownOr(schema: Zod.ZodType): Zod.ZodType {
  return z()
    .any()
    .superRefine((value, context) => {
      if (value === UNKNOWN) return;
      const result = schema.safeParse(value);
      if (result.success) return;
      for (const issue of result.error.issues) {
        context.addIssue({ code: "custom", message: issue.message, path: issue.path as (string | number)[] });
      }
    });
}

function schemaOfType(type: FieldType, unit?: string): Zod.ZodType {
  const { string, int, boolean, record, array, strictObject, any, literal, union } = z();
  const error = `must be ${expected(type, unit)}.`;
  switch (type.kind) {
    case "name":
      return string({ error })
        .min(1, { error })
        .max(type.maxLength, { error })
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error });
    case "label":
      return string({ error }).regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error });
    case "domain":
      return string({ error })
        .max(253, { error })
        .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, { error });
    case "text": {
      const schema = string({ error }).max(type.maxLength ?? 1_000_000, { error });
      return type.empty ? schema : schema.regex(/\S/, { error });
    }
    case "script":
      return string({ error })
        .regex(/\S/, { error })
        .refine((text) => Buffer.byteLength(text) <= MAX_SCRIPT_BYTES, {
          error: `is larger than ${MAX_SCRIPT_BYTES / 1024 / 1024} MB: put what it carries into the workspace, or into files.`,
        });
    case "path":
      return string({ error }).min(1, { error }).max(4096, { error });
    case "integer":
      return int({ error })
        .min(type.min, { error })
        .max(type.max ?? Number.MAX_SAFE_INTEGER, { error });
    case "boolean":
      return boolean({ error });
    case "choice":
      return union(
        type.values.map((value) => literal(value)) as [Zod.ZodLiteral<string>, ...Zod.ZodLiteral<string>[]],
        { error },
      );
    case "cron":
      return string({ error }).superRefine((text, context) => {
        const problem = cronProblem(text);
        if (problem) context.addIssue({ code: "custom", message: problem });
      });
    case "map": {
      const [pattern, message] = KEY_RULES[type.keys ?? "file"];
      return record(string(), knownOr(schemaOfType(type.of)), { error }).superRefine((map, context) => {
        for (const key of Object.keys(map)) {
          if (!pattern.test(key)) context.addIssue({ code: "custom", message, path: [key] });
        }
      });
    }
    case "list":
      return array(knownOr(schemaOfType(type.of)), { error });
    case "object": {
      const shape = Object.fromEntries(
        Object.entries(type.fields).map(([key, field]) => {
          const inner = knownOr(schemaOfType(field.type, field.unit));
          return [
            key,
            field.required
              ? inner.refine((value) => value !== undefined, { error: "is missing." })
              : inner.optional(),
          ];
        }),
      );
      return strictObject(shape, {
        error: (issue) =>
          issue.code === "unrecognized_keys"
            ? `has no property ${issue.keys.join(", ")}: known are ${Object.keys(type.fields).join(", ")}.`
            : error,
      });
    }
    case "any":
      return any();
  }
}

const KEY_RULES: Record<"environment" | "file", [RegExp, string]> = {
  environment: [
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "is no name of an environment variable: use letters, digits and _, not starting with a digit.",
  ],
  file: [/^[^/\0]{1,255}$/, "is no file name: it has to have 1 to 255 characters and no slash."],
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
      return `a map whose values are ${expected(type.of)}`;
    case "list":
      return `a list whose items are ${expected(type.of)}`;
    case "object":
      return `an object with ${Object.keys(type.fields).join(", ")}`;
    case "any":
      return "any value";
  }
}

function unexpected(name: string, table: FieldTable): Problem {
  const known = Object.keys(table).filter((key) => !table[key]?.derived);
  const near = nearest(name, known);
  const hint = near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`;
  // An unknown property may hold anything, a secret too, so the engine must not print its value.
  return { property: "", reason: `there is no property ${name}: ${hint}` };
}

/** The name that was probably meant, for suggestions. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  return known.find((key) => distance(key.toLowerCase(), name.toLowerCase()) <= 2);
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
