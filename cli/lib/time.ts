const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;

/**
 * A span as people take it in at a glance, such as `90s`, `5m`, `47h` or `12d`: in the largest unit that there are two
 * of, so that it never tells half of it. A clock that is behind gives none.
 */
export function inShort(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (Number.isNaN(seconds)) return "";
  const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? ["s", 1];
  return `${Math.floor(seconds / length)}${unit}`;
}

/** A time as people read it, in UTC. */
export function inUtc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
