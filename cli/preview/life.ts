import * as errors from "./errors";

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds that a text such as `72h` says. */
export function durationOf(option: string, given: string): number {
  const match = /^(\d{1,6})(m|h|d)$/.exec(given);
  const milliseconds = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (milliseconds <= 0) throw errors.notADuration(option, given);
  return milliseconds;
}

/**
 * When a preview is over: so long after the last push, but never later than the longest life after it was made,
 * however often is pushed.
 */
export function expiryOf(now: number, created: number, ttl: number, longest: number): number {
  return Math.min(now + ttl, created + longest);
}
