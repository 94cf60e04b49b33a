import * as errors from "./errors";
import { compare } from "./literal";
import { MatchResult, Matcher, type Path } from "./matcher";
import { differs, shown } from "./pattern";

/**
 * Keeps the value that stands in its place, for a closer look. With several resources that match there are several
 * values, in the order of their paths; `next` goes on to the next one.
 *
 * @example
 * ```ts
 * const script = new Capture();
 * template.hasResourceProperties("CronJob", { cronExpression: "0 3 * * *", script });
 * expect(script.asString()).toContain("set -e");
 * ```
 */
export class Capture extends Matcher {
  private readonly values: unknown[] = [];
  private index = 0;

  /** @param pattern What the value has to match to be kept. Default: anything that is there. */
  constructor(private readonly pattern?: unknown) {
    super();
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    if (actual === undefined) {
      result.fail(path, differs("a value to capture", actual));
      return;
    }
    const inner = new MatchResult();
    if (this.pattern !== undefined) compare(this.pattern, actual, path, inner, { partial: true });
    result.add(inner);
    if (inner.isMatch) result.captured.push({ keep: (value) => this.values.push(value), value: actual });
  }

  /** Goes on to the next value; false where there is none. */
  next(): boolean {
    if (this.index + 1 >= this.values.length) return false;
    this.index++;
    return true;
  }

  asString(): string {
    return this.as("text", (value) => typeof value === "string") as string;
  }

  asNumber(): number {
    return this.as("number", (value) => typeof value === "number") as number;
  }

  asBoolean(): boolean {
    return this.as("boolean", (value) => typeof value === "boolean") as boolean;
  }

  asArray(): readonly unknown[] {
    return this.as("list", Array.isArray) as readonly unknown[];
  }

  asObject(): Readonly<Record<string, unknown>> {
    const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
    return this.as("object", isObject) as Readonly<Record<string, unknown>>;
  }

  toString(): string {
    return this.pattern === undefined ? "Capture" : `Capture(${shown(this.pattern)})`;
  }

  private as(type: string, is: (value: unknown) => boolean): unknown {
    if (this.values.length === 0) throw errors.nothingCaptured();
    const value = this.values[this.index];
    if (!is(value)) throw errors.capturedOtherType(type, shown(value));
    return value;
  }
}
