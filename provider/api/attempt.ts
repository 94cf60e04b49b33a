import type { Task } from "./account";
import { isConflict, isOutcomeUnknown } from "./errors";
import * as errors from "../errors";
import { progress } from "./progress";

/** How often the lists are looked at while the effect of a lost answer may still land. */
const LOOK_EVERY_MS = 3_000;

/**
 * Makes something that must not be made twice. When the answer is lost, it is looked for until one request
 * time-out has passed since then, because the effect can land late (assumed); only then is the call repeated,
 * once.
 */
export async function createOnce<T>(
  task: Task,
  what: { doing: string; post: () => Promise<T>; find: () => Promise<T | undefined> },
): Promise<T> {
  let lost: unknown;
  const say = progress(task);
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
    const settledAt = task.clock.now() + task.client.transport.timeoutMs;
    for (let last = false; !last;) {
      last = task.clock.now() >= settledAt;
      say(() => `for the effect of a lost answer: ${what.doing}`);
      const found = await what.find();
      if (found !== undefined) return found;
      if (!last) await task.clock.sleep(Math.min(LOOK_EVERY_MS, Math.max(0, settledAt - task.clock.now())));
    }
  }
  throw errors.outcomeUnknown(what.doing, lost instanceof Error ? lost.message : String(lost));
}

/**
 * Calls until it succeeds, `mayRetry` says no, or the time is over; then the last error stands. For calls
 * that are safe to repeat and are refused for a while, such as access to a VM that is not ready.
 */
export async function retryFor<T>(
  task: Task,
  options: { everyMs: number; forMs: number; mayRetry: (error: unknown) => boolean },
  call: () => Promise<T>,
): Promise<T> {
  const giveUpAt = Math.min(task.clock.now() + options.forMs, task.deadline);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!options.mayRetry(error) || task.clock.now() + options.everyMs > giveUpAt) throw error;
    }
    await task.clock.sleep(options.everyMs);
  }
}
