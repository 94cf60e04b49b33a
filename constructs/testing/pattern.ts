import type { Field, FieldTable } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { isOutput } from "../inputs";
import { Interpolation, joined } from "../interpolation";
import { Lazy } from "../lazy";
import { JOIN_KEY, OUTPUT_KEY, REF_KEY, SECRET_KEY } from "../manifest";
import { Reference } from "../reference";
import { Script } from "../script";
import { Secret } from "../secret";
import type { Duration } from "../values/duration";
import { Schedule } from "../values/schedule";
import type { Size } from "../values/size";
import { inUnit, isMeasure } from "../values/units";
import { Matcher, type MatchResult, type Path } from "./matcher";

/** What a value of a program, standing in a pattern, looks like in a manifest. */
export function asInManifest(pattern: unknown): unknown {
  if (typeof pattern !== "object" || pattern === null) return pattern;
  // Asked first, since an Output answers to every question.
  if (isOutput(pattern)) return new AnyOutput();
  if (Reference.isReference(pattern)) return { [REF_KEY]: pattern.address };
  if (Secret.isSecret(pattern)) return { [SECRET_KEY]: true };
  if (Lazy.isLazy(pattern)) return asInManifest(pattern.produce());
  if (Interpolation.isInterpolation(pattern)) return textInManifest(pattern);
  if (Schedule.isSchedule(pattern)) return pattern.expressionString;
  if (Script.isScript(pattern)) return pattern.text();
  if (isMeasure(pattern)) return new Measure(pattern);
  return pattern;
}

/** One with a secret in it is one, and one of which all is known is a plain text. */
function textInManifest({ parts }: Interpolation): unknown {
  const text = joined(parts.map(produced));
  if (typeof text === "string") return text;
  return text.parts.some((part) => Secret.isSecret(part))
    ? { [SECRET_KEY]: true }
    : { [JOIN_KEY]: text.parts };
}

/** A part without anything lazy. */
function produced(part: unknown): unknown {
  if (Lazy.isLazy(part)) return produced(part.produce());
  return Interpolation.isInterpolation(part) ? joined(part.parts.map(produced)) : part;
}

/** A size or a length of time, in the unit of the property that it is compared with. */
class Measure extends Matcher {
  constructor(private readonly measure: Duration | Size) {
    super();
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    const unit = unitOf(path);
    const expected = unit === undefined ? undefined : this.inUnit(unit);
    if (expected === undefined || actual !== expected)
      result.fail(path, differs(unit === undefined ? String(this) : `${String(this)} (in ${unit})`, actual));
  }

  toString(): string {
    return this.measure.toString();
  }

  private inUnit(unit: string): number | undefined {
    try {
      return inUnit(this.measure, unit);
    } catch {
      // It is no whole number of them, so no property has it.
      return undefined;
    }
  }
}

/** The unit of a property of a resource. Those of one name have one unit in all kinds. */
function unitOf(path: Path): string | undefined {
  const names = path.filter((key) => typeof key === "string" && key !== "properties");
  for (const { fields } of Object.values(SCHEMAS)) {
    let table: FieldTable | undefined = fields;
    let field: Field | undefined;
    for (const name of names) {
      field = table && Object.hasOwn(table, name) ? table[name] : undefined;
      table = field?.type.kind === "object" ? field.type.fields : undefined;
    }
    if (field?.unit !== undefined) return field.unit;
  }
  return undefined;
}

/** Any Output: a manifest does not tell one from another. */
class AnyOutput extends Matcher {
  compare(actual: unknown, path: Path, result: MatchResult): void {
    if (!isObject(actual) || !Object.hasOwn(actual, OUTPUT_KEY))
      result.fail(path, differs("an Output", actual));
  }

  toString(): string {
    return "an Output";
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The reason of a mismatch. */
export function differs(expected: string, actual: unknown): string {
  return actual === undefined
    ? `is missing, expected ${expected}`
    : `expected ${expected}, but it is ${shown(actual)}`;
}

/** A value or pattern on one line, cut to a length that can be read. */
export function shown(value: unknown, length = 100): string {
  const text = textOf(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Like JSON, but matchers are shown as what they say. */
function textOf(value: unknown): string {
  const inner = asInManifest(value);
  if (Matcher.isMatcher(inner)) return inner.toString();
  if (Array.isArray(inner)) return `[${inner.map(textOf).join(",")}]`;
  if (!isObject(inner)) return JSON.stringify(inner) ?? String(inner);
  const entries = Object.entries(inner).map(([key, part]) => `${JSON.stringify(key)}:${textOf(part)}`);
  return `{${entries.join(",")}}`;
}
