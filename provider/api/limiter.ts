import type { Clock } from "./clock";

/**
 * One budget per account: at most `max` requests in flight, and a pause that holds for everyone when the
 * server asks for one (429 with Retry-After).
 */
export class Limiter {
  private inFlight = 0;
  private readonly queue: (() => void)[] = [];
  private pausedUntil = 0;

  constructor(
    private limit: number,
    private readonly clock: Clock,
  ) {}

  get max(): number {
    return this.limit;
  }

  /** Of several who share an account, the one that asks for the least decides. */
  restrict(max: number): void {
    this.limit = Math.min(this.limit, max);
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await task();
    } finally {
      const next = this.inFlight > this.limit ? undefined : this.queue.shift();
      if (next) next();
      else this.inFlight--;
    }
  }

  /** No call starts before `untilMs` (epoch); a later pause wins over an earlier one. */
  pause(untilMs: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, untilMs);
  }

  private async enter(): Promise<void> {
    // A finished task hands its place over, so that nobody slips in between.
    if (this.inFlight >= this.limit) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.inFlight++;
    // A pause can be extended while we wait for it.
    for (
      let wait = this.pausedUntil - this.clock.now();
      wait > 0;
      wait = this.pausedUntil - this.clock.now()
    ) {
      await this.clock.sleep(wait);
    }
  }
}
