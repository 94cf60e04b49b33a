import type { ApiVersion } from "./model";

/** One API request as it was answered. */
export interface RecordedCall {
  /** Milliseconds since the epoch, by the emulator's clock. */
  at: number;
  /** Index of the account; -1 if the token belongs to nobody. */
  account: number;
  method: string;
  /** As sent, with the query. */
  path: string;
  /** In the words of the routes table, e.g. `PATCH /mags-jobs/{id}`; empty if no route matched. */
  route: string;
  version: ApiVersion;
  /** 0 if the connection was closed without an answer. */
  status: number;
  /** The parsed JSON body; undefined for uploads, requests without one, and old ones that were too much to keep. */
  body?: unknown;
  /** The fault that was in effect. */
  fault?: string;
}

/** Bytes of request bodies that are kept; beyond them the oldest calls lose theirs. */
const LARGEST_BODIES = 64 * 1024 * 1024;

/** The last calls, oldest first. */
export class Calls {
  private recorded: RecordedCall[] = [];
  /** Sizes of the bodies that are kept, oldest first. */
  private bodies: { call: RecordedCall; size: number }[] = [];
  private total = 0;

  constructor(
    private readonly limit: number,
    private readonly largestBodies = LARGEST_BODIES,
  ) {}

  /** Keeps a call; `size` is that of its body in bytes. */
  add(call: RecordedCall, size = 0): void {
    this.recorded.push(call);
    if (call.body !== undefined) {
      this.bodies.push({ call, size });
      this.total += size;
      while (this.total > this.largestBodies) {
        const oldest = this.bodies.shift();
        if (oldest === undefined) break;
        this.total -= oldest.size;
        delete oldest.call.body;
      }
    }
    // Cut in steps, so that one call costs nothing.
    if (this.recorded.length <= this.limit * 1.2 + 16) return;
    this.recorded = this.list();
    const kept = new Set(this.recorded);
    this.bodies = this.bodies.filter(({ call: other }) => kept.has(other));
    this.total = this.bodies.reduce((sum, { size: bytes }) => sum + bytes, 0);
  }

  list(): RecordedCall[] {
    return this.limit === 0 ? [] : this.recorded.slice(-this.limit);
  }

  clear(): void {
    this.recorded = [];
    this.bodies = [];
    this.total = 0;
  }
}
