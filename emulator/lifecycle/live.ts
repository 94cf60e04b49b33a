import type { Clock, Timer } from "../clock";
import type { Job } from "../model";
import { isActive } from "../model";
import type { Machine } from "../runtime/runtime";
import type { Restored } from "../workspaces/storage";

/** What will go wrong with a job, decided by a fault when it was created. */
export const FATES = ["no-vm-id", "phantom-vm", "vm-ends", "boot-fails"] as const;

/** What a job is doing beyond its record. */
export interface Live {
  machine?: Machine;
  restored: Restored;
  /** Transitions of one job happen one after the other. */
  queue: Promise<void>;
  timers: Set<Timer>;
  /** Requests and streams that use the VM now. */
  users: number;
  waking?: Promise<void>;
  /** Its processes are being ended, although the status does not say so yet. */
  suspending: boolean;
  /** Which stretch of being awake this is: what ended with an earlier one says nothing about this one. */
  stretch: number;
  /** How often a no_sleep job had to be replaced since it last ran well. */
  failures: number;
  fates: Set<(typeof FATES)[number]>;
  /** Counts as a busy VM of the pool. */
  occupies: boolean;
}

/** The jobs that are going on, each with a queue and timers of its own. */
export class LiveJobs {
  private readonly table = new Map<string, Live>();
  private shut = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  /** True once no new work is taken. */
  get closed(): boolean {
    return this.shut;
  }

  /** The live side of a job. What comes late for a job that has ended is not remembered. */
  of(job: Job): Live {
    const known = this.table.get(job.requestId);
    if (known !== undefined) return known;
    const live: Live = {
      restored: {},
      queue: Promise.resolve(),
      timers: new Set(),
      users: 0,
      suspending: false,
      stretch: 0,
      failures: 0,
      fates: new Set(),
      occupies: false,
    };
    if (isActive(job)) this.table.set(job.requestId, live);
    return live;
  }

  /** Forgets a job that has ended. */
  forget(job: Job): void {
    this.table.delete(job.requestId);
  }

  /** Drops what was planned for a job. */
  cancelTimers(job: Job): void {
    const { timers } = this.of(job);
    for (const timer of timers) timer.cancel();
    timers.clear();
  }

  /** Runs a task for a job in `ms` milliseconds, after what is going on then. */
  schedule(job: Job, ms: number, task: () => Promise<void>): void {
    if (this.shut) return;
    const { timers } = this.of(job);
    const timer = this.clock.after(ms, async () => {
      timers.delete(timer);
      await this.enqueue(job, task).catch((error: unknown) => this.report(job, error));
    });
    timers.add(timer);
  }

  /** Runs a task for a job after what is going on now. */
  enqueue(job: Job, task: () => Promise<void>): Promise<void> {
    const live = this.of(job);
    const result = live.queue.then(task);
    live.queue = result.catch(() => undefined); // The caller has the error; the next one starts afresh.
    return result;
  }

  /** Work that nobody waits for; its error goes to the log. */
  background(job: Job, work: Promise<unknown>): void {
    work.catch((error: unknown) => this.report(job, error));
  }

  /** Puts an error into the emulator's log. */
  report(job: Job, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log(`job ${job.requestId}: ${text}`);
  }

  /** Takes no new work and drops what was planned; returns the ids of the jobs that are going on. */
  close(): string[] {
    this.shut = true;
    for (const live of this.table.values()) {
      for (const timer of live.timers) timer.cancel();
    }
    return [...this.table.keys()];
  }
}
