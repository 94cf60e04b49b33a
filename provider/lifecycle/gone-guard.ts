import type { Clock } from "../api/clock";
import * as errors from "../errors";

/** Reads come in bursts; when none has been under way for this long, the burst is over. */
const QUIET_MS = 300;
const FEW = 2;
const SHARE = 0.2;

/**
 * Holds the verdict "gone" until the reads around it have settled. If more than a few and more than a fifth
 * of what was read looks gone, all of them fail: the engine applies the verdicts it has, even when the
 * refresh as a whole fails.
 */
export class GoneGuard {
  private read = 0;
  private gone = 0;
  private busy = 0;
  private lastEnd = 0;

  constructor(private readonly clock: Clock) {}

  async judge<T>(allowMassGone: boolean, read: () => Promise<T | undefined>): Promise<T | undefined> {
    this.busy++;
    let result: T | undefined;
    try {
      result = await read();
      this.read++;
    } finally {
      this.busy--;
      this.lastEnd = this.clock.now();
    }
    if (result !== undefined) return result;
    this.gone++;
    while (this.busy > 0 || this.clock.now() - this.lastEnd < QUIET_MS) await this.clock.sleep(QUIET_MS / 6);
    if (!allowMassGone && isMassGone(this.gone, this.read)) throw errors.massGone(this.gone, this.read);
    return undefined;
  }
}

/** Whether so many are gone that the account is more likely the wrong one. */
export function isMassGone(gone: number, read: number): boolean {
  return gone > FEW && gone > SHARE * read;
}
