/** Time and chance, injected everywhere, so that tests drive both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after `ms`, with an error named TimeoutError; it keeps no process alive. */
  timeout(ms: number): AbortSignal;
  /** Does something after `ms`, at most 2 ** 31 - 1, unless what this returns is called before; it keeps no process alive. */
  after(ms: number, work: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
