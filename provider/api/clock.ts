/** Time and chance, injected everywhere, so that tests drive both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after `ms`, with an error named TimeoutError; it keeps no process alive. */
  timeout(ms: number): AbortSignal;
  /** Does something after `ms`, unless what this returns is called before; it keeps no process alive. */
  after(ms: number, work: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** A timer of Node.js for longer ends at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.min(ms, MAX_TIMER_MS)).unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
