const MARK = Symbol.for("pulumi-mags.Matcher");

/** Where in a value something is, from the outermost key. */
export type Path = readonly (string | number)[];

/** One place in which a value differs from what is expected. */
export interface Mismatch {
  readonly path: Path;
  /** In words that go on after the path. */
  readonly reason: string;
}

/** A kept value, for a `Capture` that is told of it once the whole has matched. */
export interface Captured {
  readonly keep: (value: unknown) => void;
  readonly value: unknown;
}

/** What comes out of a comparison. */
export class MatchResult {
  readonly mismatches: Mismatch[] = [];
  readonly captured: Captured[] = [];
  /** How many places are as they should be. */
  private fitting = 0;

  get isMatch(): boolean {
    return this.mismatches.length === 0;
  }

  /** How much more fits than not: what the closest of several has most of. */
  get closeness(): number {
    return this.fitting - this.mismatches.length;
  }

  /** Notes that a place is as it should be. */
  fits(): void {
    this.fitting++;
  }

  fail(path: Path, reason: string): void {
    this.mismatches.push({ path, reason });
  }

  /** Takes over what another one has found. */
  add(other: MatchResult): void {
    this.mismatches.push(...other.mismatches);
    this.captured.push(...other.captured);
    this.fitting += other.fitting;
  }

  /** Tells every `Capture` its value. */
  commit(): void {
    for (const { keep, value } of this.captured) keep(value);
  }
}

/** What stands in a pattern where a plain value would say too much or too little; made by `Match`. */
export abstract class Matcher {
  static isMatcher(value: unknown): value is Matcher {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** Notes in `result` how the value at `path` differs; an absent value is undefined. */
  abstract compare(actual: unknown, path: Path, result: MatchResult): void;

  /** What is expected, for messages. */
  abstract toString(): string;
}
Object.defineProperty(Matcher.prototype, MARK, { value: true });

/** How the value differs from what the matcher expects. */
export function resultOf(matcher: Matcher, actual: unknown): MatchResult {
  const result = new MatchResult();
  matcher.compare(actual, [], result);
  return result;
}
