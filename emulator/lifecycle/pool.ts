import type { Job } from "../model";
import type { Live } from "./live";

/** The VMs that may be up at the same time, over all accounts. */
export class Pool {
  private readonly queue = new Set<Job>();
  private up = 0;

  constructor(
    private readonly size: number,
    /** Boots a job that waited. */
    private readonly admit: (job: Job) => void,
  ) {}

  /** VMs that are up, and jobs that wait for one. */
  numbers(): { busy: number; waiting: number } {
    return { busy: this.up, waiting: this.queue.size };
  }

  /** Takes a place if there is one; else the job waits for it. */
  request(job: Job, live: Live): boolean {
    if (this.up >= this.size) {
      this.queue.add(job);
      return false;
    }
    this.occupy(live);
    return true;
  }

  /** Takes a place, also beyond the limit: a VM that wakes has its place already. */
  occupy(live: Live): void {
    if (!live.occupies) this.up += 1;
    live.occupies = true;
  }

  /** Gives a place back, and passes it on. */
  vacate(live: Live): void {
    if (!live.occupies) return;
    live.occupies = false;
    this.up -= 1;
    for (const next of this.queue) {
      this.queue.delete(next);
      if (next.status !== "pending" || next.stopping) continue;
      this.admit(next);
      return;
    }
  }
}
