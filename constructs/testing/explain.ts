import type { MatchResult, Mismatch } from "./matcher";
import { shown } from "./pattern";

/** How much of a text, such as a script, is shown. */
const TEXT_LENGTH = 100;
const MARK = "!! ";

/**
 * What differs in a resource, then the resource with these places marked.
 * @param count how many were looked at, and how many of them are as close as this one
 */
export function explain(
  path: string,
  { count, equal }: { readonly count: number; readonly equal: number },
  resource: unknown,
  { mismatches }: MatchResult,
): string {
  const closest =
    count === 1
      ? path
      : equal === 1
        ? `The closest is ${path}, which`
        : `${equal} are equally close; the first is ${path}, which`;
  const differs = `differs in ${mismatches.length === 1 ? "1 place" : `${mismatches.length} places`}:`;
  return [
    `${closest} ${differs}`,
    ...mismatches.map(({ path: place, reason }) => `  ${place.join(".") || "It"} ${reason}`),
    "",
    ...marked(resource, mismatches),
  ].join("\n");
}

/** The value as JSON, a line for each part; lines of mismatches are marked, also those of keys that are missing. */
function marked(value: unknown, mismatches: readonly Mismatch[]): string[] {
  const marks = new Map(mismatches.map(({ path, reason }) => [JSON.stringify(path), reason]));
  const lines: string[] = [];

  const line = (depth: number, text: string, mark: boolean) =>
    lines.push(`${mark ? MARK : " ".repeat(MARK.length)}${"  ".repeat(depth)}${text}`);

  const visit = (key: string, inner: unknown, path: readonly (string | number)[], end: string) => {
    const own = marks.has(JSON.stringify(path));
    const [open, close] = Array.isArray(inner) ? "[]" : "{}";
    const keys = isContainer(inner) ? keysOf(inner, path, mismatches) : [];
    if (keys.length === 0) {
      line(
        path.length,
        `${key}${isContainer(inner) ? `${open}${close}` : shown(inner, TEXT_LENGTH)}${end}`,
        own,
      );
      return;
    }
    line(path.length, `${key}${open}`, own);
    keys.forEach((name, index) => {
      const place = [...path, name];
      const label = Array.isArray(inner) ? "" : `${JSON.stringify(name)}: `;
      const part = (inner as Record<string | number, unknown>)[name];
      if (part === undefined) line(place.length, `${label}(${marks.get(JSON.stringify(place))})`, true);
      else visit(label, part, place, index < keys.length - 1 ? "," : "");
    });
    line(path.length, `${close}${end}`, false);
  };

  visit("", value, [], "");
  return lines;
}

/** The keys of a value, and those that are missing in it. */
function keysOf(
  value: object,
  path: readonly (string | number)[],
  mismatches: readonly Mismatch[],
): (string | number)[] {
  if (Array.isArray(value)) return value.map((_, index) => index);
  const missing = mismatches
    .filter(({ path: place }) => place.length === path.length + 1 && path.every((key, i) => key === place[i]))
    .map(({ path: place }) => String(place.at(-1)));
  return [...new Set([...Object.keys(value), ...missing])].sort();
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
