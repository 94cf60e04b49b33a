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
  /** The parsed JSON body; undefined for uploads and requests without one. */
  body?: unknown;
  /** The fault that was in effect. */
  fault?: string;
}

/** The last calls, oldest first. */
export class Calls {
  private recorded: RecordedCall[] = [];

  constructor(private readonly limit: number) {}

  add(call: RecordedCall): void {
    this.recorded.push(call);
    // Cut in steps, so that one call costs nothing.
    if (this.recorded.length > this.limit * 1.2 + 16) this.recorded = this.list();
  }

  list(): RecordedCall[] {
    return this.limit === 0 ? [] : this.recorded.slice(-this.limit);
  }

  clear(): void {
    this.recorded = [];
  }
}
