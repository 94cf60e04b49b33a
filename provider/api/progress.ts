import type { Clock } from "./clock";

const EVERY_MS = 10_000;

/**
 * For a long wait: says what is waited for, and for how long so far, at most every ten seconds.
 * @returns to be called at every look; true when something was said
 */
export function progress(context: {
  clock: Clock;
  say(message: string): void;
}): (what: () => string) => boolean {
  const startedAt = context.clock.now();
  let saidAt = startedAt;
  return (what) => {
    const now = context.clock.now();
    if (now - saidAt < EVERY_MS) return false;
    saidAt = now;
    context.say(`waiting ${what()}, ${Math.round((now - startedAt) / 1000)} s so far`);
    return true;
  };
}
