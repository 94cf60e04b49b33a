import type { MagsClient } from "./client";
import type { Clock } from "./clock";
import type { JobView } from "./wire";

/** Recorded by the vendor's client: status is polled once a second. */
export const POLL_MS = 1_000;
/** From this many waiters on, one list page tells which of them are worth a status call. */
const LIST_FROM = 4;
/** Pages of the list looked at per tick; what is waited for is new, and the list shows the newest first (assumed). */
const MAX_PAGES = 5;

interface Waiter {
  requestId: string;
  accept: (job: JobView | undefined) => boolean;
  deadline: number;
  last: JobView | undefined;
  resolve: (outcome: WatchOutcome) => void;
  reject: (error: unknown) => void;
}

export interface WatchOutcome {
  /** The last status seen; undefined when the last answer was 404. */
  job: JobView | undefined;
  timedOut: boolean;
}

/** All jobs being waited for share this one poller; it sleeps when nobody waits. */
export class JobWatcher {
  private readonly waiters = new Set<Waiter>();
  private running = false;

  constructor(
    private readonly client: MagsClient,
    private readonly clock: Clock,
    private readonly intervalMs: number = POLL_MS,
  ) {}

  /** Waits until `accept` says yes to the status of the job, or the deadline passes. */
  watch(requestId: string, accept: Waiter["accept"], timeoutMs: number): Promise<WatchOutcome> {
    return new Promise((resolve, reject) => {
      const deadline = this.clock.now() + timeoutMs;
      this.waiters.add({ requestId, accept, deadline, last: undefined, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // Those who start to wait in the same moment are asked for together.
    await this.clock.sleep(0);
    while (this.waiters.size > 0) {
      const due = [...this.waiters];
      await Promise.all((await this.worthAsking(due)).map((waiter) => this.ask(waiter)));
      const now = this.clock.now();
      for (const waiter of due) {
        if (now >= waiter.deadline)
          this.settle(waiter, () => waiter.resolve({ job: waiter.last, timedOut: true }));
      }
      if (this.waiters.size > 0) await this.clock.sleep(this.intervalMs);
    }
    this.running = false;
  }

  /** Leaves out those whose status the list shows to be what it was. */
  private async worthAsking(due: Waiter[]): Promise<Waiter[]> {
    if (due.length < LIST_FROM) return due;
    const listed = new Map<string, string>();
    try {
      for (let page = 1; page <= MAX_PAGES; page++) {
        const { items } = await this.client.listJobs(page);
        for (const job of items) listed.set(job.requestId, job.status);
        if (items.length === 0 || due.every((waiter) => listed.has(waiter.requestId))) break;
      }
    } catch {
      return due; // the status calls will say what is wrong
    }
    return due.filter((waiter) => {
      if (listed.get(waiter.requestId) !== "pending") return true;
      waiter.last = { requestId: waiter.requestId, status: "pending" };
      return this.accepts(waiter);
    });
  }

  private async ask(waiter: Waiter): Promise<void> {
    try {
      waiter.last = await this.client.findJobStatus(waiter.requestId);
      if (this.accepts(waiter)) {
        this.settle(waiter, () => waiter.resolve({ job: waiter.last, timedOut: false }));
      }
    } catch (error) {
      this.settle(waiter, () => waiter.reject(error));
    }
  }

  /** A waiter that cannot judge fails alone; the poller goes on for the others. */
  private accepts(waiter: Waiter): boolean {
    try {
      return waiter.accept(waiter.last);
    } catch (error) {
      this.settle(waiter, () => waiter.reject(error));
      return false;
    }
  }

  private settle(waiter: Waiter, how: () => void): void {
    if (this.waiters.delete(waiter)) how();
  }
}
