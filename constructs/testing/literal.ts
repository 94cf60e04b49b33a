import { MatchResult, Matcher, type Path } from "./matcher";
import { asInManifest, differs, isObject, shown } from "./pattern";

/** How plain values in a pattern are compared. */
export interface Strictness {
  /** Objects may have keys that the pattern does not name, at any depth. */
  readonly partial: boolean;
}

/** Notes how a value differs from a pattern: a plain value that may hold matchers and references. */
export function compare(
  pattern: unknown,
  actual: unknown,
  path: Path,
  result: MatchResult,
  strictness: Strictness,
): void {
  const expected = asInManifest(pattern);
  const failed = result.mismatches.length;
  if (Matcher.isMatcher(expected)) expected.compare(actual, path, result);
  else if (expected === undefined) {
    if (actual !== undefined) result.fail(path, `should be absent, but it is ${shown(actual)}`);
  } else if (Array.isArray(expected)) compareItems(expected, actual, path, result, strictness);
  else if (isObject(expected)) compareKeys(expected, actual, path, result, strictness);
  else if (!Object.is(expected, actual)) result.fail(path, differs(shown(expected), actual));
  if (actual !== undefined && result.mismatches.length === failed) result.fits();
}

function compareItems(
  expected: readonly unknown[],
  actual: unknown,
  path: Path,
  result: MatchResult,
  strictness: Strictness,
): void {
  if (!Array.isArray(actual)) {
    result.fail(path, differs(`a list of ${expected.length}`, actual));
    return;
  }
  if (actual.length !== expected.length) {
    result.fail(path, `expected ${expected.length} items, but there are ${actual.length}: ${shown(actual)}`);
    return;
  }
  expected.forEach((item, index) => compare(item, actual[index], [...path, index], result, strictness));
}

function compareKeys(
  expected: Readonly<Record<string, unknown>>,
  actual: unknown,
  path: Path,
  result: MatchResult,
  strictness: Strictness,
): void {
  if (!isObject(actual)) {
    result.fail(path, differs(shown(expected), actual));
    return;
  }
  for (const [key, pattern] of Object.entries(expected)) {
    compare(
      pattern,
      Object.hasOwn(actual, key) ? actual[key] : undefined,
      [...path, key],
      result,
      strictness,
    );
  }
  if (strictness.partial) return;
  for (const key of Object.keys(actual)) {
    if (!Object.hasOwn(expected, key)) {
      result.fail([...path, key], `is not expected, but it is ${shown(actual[key])}`);
    }
  }
}

/** The items of a pattern, in their order, somewhere among those of a list. */
export function compareSome(
  expected: readonly unknown[],
  actual: unknown,
  path: Path,
  result: MatchResult,
  strictness: Strictness,
): void {
  if (!Array.isArray(actual)) {
    result.fail(path, differs("a list", actual));
    return;
  }
  let from = 0;
  for (const pattern of expected) {
    const tries = actual.map((item) => attempt(pattern, item, strictness));
    const found = tries.findIndex((one, index) => index >= from && one.isMatch);
    if (found < 0) {
      result.fail(path, notAmong(pattern, tries, actual));
      return;
    }
    result.add(tries[found]!);
    from = found + 1;
  }
}

function attempt(pattern: unknown, item: unknown, strictness: Strictness): MatchResult {
  const one = new MatchResult();
  compare(pattern, item, [], one, strictness);
  return one;
}

function notAmong(pattern: unknown, tries: readonly MatchResult[], actual: readonly unknown[]): string {
  const what = shown(pattern);
  const earlier = tries.findIndex((one) => one.isMatch);
  if (earlier >= 0) {
    return `has ${what} only as item ${earlier}, before or instead of what is expected before it: the order counts`;
  }
  const closest = closestOf(tries.map((one, index) => ({ one, index })));
  if (!closest || !isObject(actual[closest.index])) return `has no item ${what}: it is ${shown(actual)}`;
  const { path, reason } = closest.one.mismatches[0]!;
  return `has no item ${what}; the closest is item ${closest.index}, in which ${path.join(".")} ${reason}`;
}

/** The one of which most fits; among equals the first. */
export function closestOf<T extends { readonly one: MatchResult }>(results: readonly T[]): T | undefined {
  return results.reduce<T | undefined>(
    (best, result) => (best && best.one.closeness >= result.one.closeness ? best : result),
    undefined,
  );
}
