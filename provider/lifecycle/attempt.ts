import { isConflict, isOutcomeUnknown } from "../api/errors";
import * as errors from "../errors";
import type { Context } from "./kind";
import { progress } from "../api/progress";

/** How often the lists are looked at while the effect of a lost answer may still land. */
const LOOK_EVERY_MS = 3_000;

/**
 * Makes something that must not be made twice. When the answer is lost, it is looked for until one request
 * time-out has passed since then, because the effect can land late (assumed); only then is the call repeated,
 * once.
 */
export async function createOnce<T>(
  context: Context,
  what: { doing: string; post: () => Promise<T>; find: () => Promise<T | undefined> },
): Promise<T> {
  let lost: unknown;
  const say = progress(context);
  for (let attempt = 1; attempt <= 2; attempt++) {
    try {
      return await what.post();
    } catch (error) {
      if (attempt === 2 && isConflict(error)) {
        // The first call landed after all, between our last look and the second call.
        const landed = await what.find();
        if (landed !== undefined) return landed;
      }
      if (!isOutcomeUnknown(error)) throw error;
      lost = error;
    }
    const settledAt = context.clock.now() + context.client.transport.timeoutMs;
    for (let last = false; !last;) {
      last = context.clock.now() >= settledAt;
      say(() => `for the effect of a lost answer: ${what.doing}`);
      const found = await what.find();
      if (found !== undefined) return found;
      if (!last)
        await context.clock.sleep(Math.min(LOOK_EVERY_MS, Math.max(0, settledAt - context.clock.now())));
    }
  }
  throw errors.outcomeUnknown(what.doing, lost instanceof Error ? lost.message : String(lost));
}

/**
 * Calls until it succeeds, `mayRetry` says no, or the time is over; then the last error stands. For calls
 * that are safe to repeat and are refused for a while, such as access to a VM that is not ready.
 */
export async function retryFor<T>(
  context: Context,
  options: { everyMs: number; forMs: number; mayRetry: (error: unknown) => boolean },
  call: () => Promise<T>,
): Promise<T> {
  const giveUpAt = Math.min(context.clock.now() + options.forMs, context.deadline);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!options.mayRetry(error) || context.clock.now() + options.everyMs > giveUpAt) throw error;
    }
    await context.clock.sleep(options.everyMs);
  }
}
