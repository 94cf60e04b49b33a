import type { MagsClient } from "./client";
import type { Clock } from "./clock";
import { FirstLook, type OwnLook, type Seen } from "./first-look";
import type { JobView } from "./wire";

/** Recorded by the vendor's client: status is polled once a second. */
export const POLL_MS = 1_000;
/** From this many waiters on, one list tells which of them are worth a status call. */
const LIST_FROM = 4;
/** A job that the list does not show so often in a row is asked for instead: it is old, and deep in the list. */
const UNLISTED_LOOKS = 2;
interface Waiter {
  requestId: string;
  accept: (job: JobView | undefined) => boolean;
  /** A new VM is waited for. */
  boots: boolean;
  startedAt: number;
  deadline: number;
  /** Whether it was looked at, by a list or by itself. */
  looked: boolean;
  last: JobView | undefined;
  /** In how many lists in a row it was missing. */
  unlisted: number;
  /** A status call is under way. */
  asking: boolean;
  resolve: (outcome: WatchOutcome) => void;
  reject: (error: unknown) => void;
}

export interface WatchOutcome {
  /** The last status seen; undefined when the last answer was 404. */
  job: JobView | undefined;
  timedOut: boolean;
}

/**
 * All jobs being waited for share this one poller; it sleeps when nobody waits. Once per interval a walk of the
 * newest part of the list tells whose status has changed; only those are asked for, and those that run without a VM
 * id, which no list shows.
 */
export class JobWatcher {
  private readonly waiters = new Set<Waiter>();
  private running = false;
  /** Pages of the list that showed what was waited for the last time. */
  private pages = 1;
  private walkedAt = -Infinity;
  private readonly firstLook: FirstLook;

  constructor(
    private readonly client: MagsClient,
    private readonly clock: Clock,
    private readonly intervalMs: number = POLL_MS,
  ) {
    this.firstLook = new FirstLook(intervalMs);
  }

  /**
   * Waits until `accept` says yes to the status of the job, or the deadline passes.
   * @param options.known its status as it was answered just now, where the caller has it
   * @param options.boots a new VM is waited for: when it is asked for is learned from those before
   */
  watch(
    requestId: string,
    accept: Waiter["accept"],
    timeoutMs: number,
    { known, boots = false }: { known?: JobView; boots?: boolean } = {},
  ): Promise<WatchOutcome> {
    return new Promise((resolve, reject) => {
      const startedAt = this.clock.now();
      const seen = { looked: known !== undefined, last: known, unlisted: 0, asking: false };
      const times = { startedAt, deadline: startedAt + timeoutMs };
      const waiter: Waiter = { requestId, accept, boots, ...times, ...seen, resolve, reject };
      this.waiters.add(waiter);
      const own = boots ? this.firstLook.begin() : undefined;
      if (own) void this.askByItself(waiter, own);
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // Those who start to wait in the same moment are asked for together.
    await this.clock.sleep(0);
    const early = this.early();
    if (early > 0) await this.clock.sleep(early);
    while (this.waiters.size > 0) {
      const startedAt = this.clock.now();
      const due = [...this.waiters].filter((waiter) => !waiter.asking);
      await Promise.all((await this.worthAsking(due)).map((waiter) => this.askWithOthers(waiter)));
      const now = this.clock.now();
      for (const waiter of due) {
        if (now >= waiter.deadline)
          this.settle(waiter, () => waiter.resolve({ job: waiter.last, timedOut: true }));
      }
      // From look to look, not from the end of one: nobody is noticed later than that.
      const rest = startedAt + this.intervalMs - this.clock.now();
      if (this.waiters.size > 0) await this.clock.sleep(Math.max(0, rest));
    }
    this.running = false;
  }

  /** For how long a poller that was woken need not, or must not, look. */
  private early(): number {
    const waiters = [...this.waiters];
    if (waiters.every(({ looked }) => looked)) return waiters.length > 0 ? this.intervalMs : 0;
    return wantsList(waiters) ? this.walkedAt + this.intervalMs - this.clock.now() : 0;
  }

  /** Leaves out those whose status the list shows to be what it was. */
  private async worthAsking(due: Waiter[]): Promise<Waiter[]> {
    const wanted = due.filter((waiter) => waiter.unlisted < UNLISTED_LOOKS);
    if (!wantsList(wanted)) return due;
    this.walkedAt = this.clock.now();
    let listed: ReadonlyMap<string, string>;
    try {
      listed = await this.newestUntilSeen(wanted);
    } catch {
      return due; // the status calls will say what is wrong
    }
    return due.filter((waiter) => {
      const status = listed.get(waiter.requestId);
      waiter.unlisted = status === undefined ? waiter.unlisted + 1 : 0;
      if (status === undefined) return true;
      const { last } = waiter;
      if (last === undefined && status === "pending") waiter.last = { requestId: waiter.requestId, status };
      else if (last?.status !== status || (status !== "pending" && lacksVm(last))) return true;
      waiter.looked = true;
      this.judge(waiter);
      return false;
    });
  }

  /** The list is newest first (assumed), and so is what is waited for: it is walked only as far as that goes. */
  private async newestUntilSeen(wanted: readonly Waiter[]): Promise<Map<string, string>> {
    const missing = new Set(wanted.map(({ requestId }) => requestId));
    const listed = new Map<string, string>();
    let [pages, useful] = [0, 0];
    // As many pages at once as were needed the last time; never more than there are jobs to ask for.
    let count = Math.min(this.pages, wanted.length);
    for (let isOver = false; !isOver; count = 1) {
      const numbers = Array.from({ length: count }, (_, index) => pages + 1 + index);
      const answers = await Promise.all(numbers.map((page) => this.client.listJobs(page)));
      for (const { items } of answers) {
        pages++;
        const before = missing.size;
        for (const { requestId, status } of items) {
          listed.set(requestId, status);
          missing.delete(requestId);
        }
        if (missing.size < before) useful = pages;
      }
      isOver = missing.size === 0 || useful < pages || pages >= wanted.length;
    }
    this.pages = Math.max(1, useful);
    return listed;
  }

  private async askByItself(waiter: Waiter, { afterMs, tell }: OwnLook): Promise<void> {
    waiter.asking = true;
    if (afterMs > 0) await this.clock.sleep(afterMs);
    tell(await this.ask(waiter));
  }

  private async askWithOthers(waiter: Waiter): Promise<void> {
    const isFirst = waiter.boots && !waiter.looked;
    const ageMs = this.clock.now() - waiter.startedAt;
    const isUp = await this.ask(waiter);
    if (isFirst) this.firstLook.lookedWithOthers(ageMs, isUp);
  }

  private async ask(waiter: Waiter): Promise<Seen> {
    waiter.looked = waiter.asking = true;
    try {
      waiter.last = await this.client.findJobStatus(waiter.requestId);
      return this.judge(waiter);
    } catch (error) {
      this.settle(waiter, () => waiter.reject(error));
      return undefined;
    } finally {
      waiter.asking = false;
    }
  }

  /** A waiter that cannot judge fails alone; the poller goes on for the others. */
  private judge(waiter: Waiter): boolean {
    try {
      const isDone = waiter.accept(waiter.last);
      if (isDone) this.settle(waiter, () => waiter.resolve({ job: waiter.last, timedOut: false }));
      return isDone;
    } catch (error) {
      this.settle(waiter, () => waiter.reject(error));
      return false;
    }
  }

  private settle(waiter: Waiter, how: () => void): void {
    if (this.waiters.delete(waiter)) how();
  }
}

/** A few that have no VM yet are asked for; one that has one is in the list as well. */
function wantsList(waiters: readonly Waiter[]): boolean {
  return waiters.length >= LIST_FROM || waiters.some(({ last }) => last && !lacksVm(last));
}

/** No list shows the VM id, so a job that has none is worth asking for. */
function lacksVm(job: JobView): boolean {
  return (job.status === "pending" || job.status === "running") && job.vmId === undefined;
}
