import { isOutput } from "../inputs";
import { Interpolation } from "../interpolation";
import { JOIN_KEY, OUTPUT_KEY, REF_KEY, SECRET_KEY } from "../manifest";
import { Reference } from "../reference";
import { Script } from "../script";
import { Secret } from "../secret";
import { Schedule } from "../values/schedule";
import { Matcher, type MatchResult, type Path } from "./matcher";

/** What a value of a program, standing in a pattern, looks like in a manifest. */
export function asInManifest(pattern: unknown): unknown {
  if (typeof pattern !== "object" || pattern === null) return pattern;
  // Asked first, since an Output answers to every question.
  if (isOutput(pattern)) return new AnyOutput();
  if (Reference.isReference(pattern)) return { [REF_KEY]: pattern.address };
  if (Secret.isSecret(pattern)) return { [SECRET_KEY]: true };
  if (Interpolation.isInterpolation(pattern))
    return { [JOIN_KEY]: pattern.parts.filter((part) => part !== "") };
  if (Schedule.isSchedule(pattern)) return pattern.expressionString;
  if (Script.isScript(pattern)) return pattern.text();
  return pattern;
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
