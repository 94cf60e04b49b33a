import { compare, compareSome } from "./literal";
import { MatchResult, Matcher, type Path } from "./matcher";
import { differs, shown } from "./pattern";

/**
 * What a pattern can say beyond plain values. Plain objects in a pattern may name a part of the keys, at any depth;
 * plain lists are compared as a whole. References, secrets and schedules of the program stand for themselves.
 *
 * @example
 * ```ts
 * import { App, Job, Stack } from "pulumi-mags/constructs";
 * import { Match, Template } from "pulumi-mags/testing";
 *
 * const stack = new Stack(new App(), "shop");
 * new Job(stack, "web", { http: { port: 8080, otherPorts: [9090, 9091] } });
 *
 * Template.fromStack(stack).hasResourceProperties("Job", {
 *   http: { port: Match.anyValue(), otherPorts: Match.arrayWith([9091]) },
 *   noSleep: Match.absent(),
 * });
 * ```
 */
export const Match = {
  /** An object that has at least these keys, at any depth. */
  objectLike: (pattern: Readonly<Record<string, unknown>>): Matcher =>
    new Plain("objectLike", pattern, { partial: true }),

  /** An object that has these keys and no others, at any depth. */
  objectEquals: (pattern: Readonly<Record<string, unknown>>): Matcher =>
    new Plain("objectEquals", pattern, { partial: false }),

  /** A list that has at least these items, in this order; others may stand between them. */
  arrayWith: (pattern: readonly unknown[]): Matcher => new Some(pattern),

  /** A list of these items and no others, in this order. */
  arrayEquals: (pattern: readonly unknown[]): Matcher =>
    new Plain("arrayEquals", pattern, { partial: false }),

  /** Exactly this value: no key more, at any depth. */
  exact: (pattern: unknown): Matcher => new Plain("exact", pattern, { partial: false }),

  /** Nothing: the property is not there. */
  absent: (): Matcher => new Absent(),

  /** Anything that is there. */
  anyValue: (): Matcher => new AnyValue(),

  /** Whatever does not match. */
  not: (pattern: unknown): Matcher => new Not(pattern),

  /** A text that the regular expression finds something in; `^` and `$` stand for its ends. */
  stringLikeRegexp: (pattern: string | RegExp): Matcher => new Regexp(new RegExp(pattern)),

  /** A text with JSON that matches, such as a configuration in an environment variable. */
  serializedJson: (pattern: unknown): Matcher => new SerializedJson(pattern),
} as const;

abstract class Named extends Matcher {
  constructor(
    private readonly name: string,
    protected readonly pattern?: unknown,
  ) {
    super();
  }

  toString(): string {
    return `Match.${this.name}(${this.pattern === undefined ? "" : shown(this.pattern)})`;
  }
}

class Plain extends Named {
  constructor(
    name: string,
    pattern: unknown,
    private readonly strictness: { partial: boolean },
  ) {
    super(name, pattern);
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    compare(this.pattern, actual, path, result, this.strictness);
  }
}

class Some extends Named {
  constructor(private readonly items: readonly unknown[]) {
    super("arrayWith", items);
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    compareSome(this.items, actual, path, result, { partial: true });
  }
}

class Absent extends Named {
  constructor() {
    super("absent");
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    compare(undefined, actual, path, result, { partial: false });
  }
}

class AnyValue extends Named {
  constructor() {
    super("anyValue");
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    if (actual === undefined || actual === null) result.fail(path, differs("any value", actual));
  }
}

class Not extends Named {
  constructor(pattern: unknown) {
    super("not", pattern);
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    const inner = new MatchResult();
    compare(this.pattern, actual, path, inner, { partial: true });
    if (inner.isMatch) result.fail(path, `is ${shown(actual)}, which must not match ${shown(this.pattern)}`);
  }
}

class Regexp extends Named {
  constructor(private readonly regexp: RegExp) {
    super("stringLikeRegexp", regexp.source);
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    // A regular expression with the flag g remembers where it was.
    if (typeof actual !== "string" || actual.search(this.regexp) < 0) {
      result.fail(path, differs(`a text like ${String(this.regexp)}`, actual));
    }
  }
}

class SerializedJson extends Named {
  constructor(pattern: unknown) {
    super("serializedJson", pattern);
  }

  compare(actual: unknown, path: Path, result: MatchResult): void {
    const parsed = typeof actual === "string" ? tryParse(actual) : undefined;
    if (!parsed) result.fail(path, differs("a text with JSON", actual));
    else compare(this.pattern, parsed.value, path, result, { partial: true });
  }
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined; // It is no JSON, which is what is asked.
  }
}
