/** A pending timer. */
export interface Timer {
  /** Forgets the timer; harmless when it has fired. */
  cancel(): void;
}

/** Time as the emulated cloud sees it. Everything that waits, waits on it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds from now. */
  after(ms: number, task: () => void | Promise<void>): Timer;
  /** Resolves in `ms` milliseconds of this clock; at once for 0. */
  sleep(ms: number): Promise<void>;
  /** Ends: no timer fires any more, and who sleeps wakes. */
  close(): void;
}

/** Called with what a timer's task threw. */
export type ClockErrorHandler = (error: unknown) => void;

/** The longest delay that setTimeout takes. */
const LONGEST = 2 ** 31 - 1;

/** Who waits on a clock, and wakes early when it ends. */
class Sleepers {
  private readonly wakes = new Set<() => void>();

  sleep(clock: Clock, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.wakes.delete(wake);
        resolve();
      };
      this.wakes.add(wake);
      clock.after(ms, wake);
    });
  }

  wakeAll(): void {
    for (const wake of this.wakes) wake();
  }
}

/** Time that passes by itself. */
export class RealClock implements Clock {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly sleepers = new Sleepers();
  private closed = false;

  constructor(private readonly onError: ClockErrorHandler) {}

  now(): number {
    return Date.now();
  }

  after(ms: number, task: () => void | Promise<void>): Timer {
    let handle: NodeJS.Timeout | undefined;
    const arm = (left: number): void => {
      if (this.closed) return;
      const step = Math.min(Math.max(left, 0), LONGEST);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        if (left > step) arm(left - step);
        else void run(task, this.onError);
      }, step);
      timer.unref();
      this.timers.add(timer);
      handle = timer;
    };
    arm(ms);
    return {
      cancel: () => {
        if (handle === undefined) return;
        clearTimeout(handle);
        this.timers.delete(handle);
      },
    };
  }

  sleep(ms: number): Promise<void> {
    return ms <= 0 || this.closed ? Promise.resolve() : this.sleepers.sleep(this, ms);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.sleepers.wakeAll();
  }
}

interface Due {
  at: number;
  order: number;
  task: () => void | Promise<void>;
}

/** Time that passes only when a test says so. */
export class DrivenClock implements Clock {
  private readonly due = new Set<Due>();
  private readonly sleepers = new Sleepers();
  private order = 0;
  private advancing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly onError: ClockErrorHandler,
    private time = Date.now(),
  ) {}

  now(): number {
    return this.time;
  }

  after(ms: number, task: () => void | Promise<void>): Timer {
    const entry: Due = { at: this.time + Math.max(ms, 0), order: this.order++, task };
    if (!this.closed) this.due.add(entry);
    return {
      cancel: () => {
        this.due.delete(entry);
      },
    };
  }

  sleep(ms: number): Promise<void> {
    return ms <= 0 || this.closed ? Promise.resolve() : this.sleepers.sleep(this, ms);
  }

  /** Lets `ms` milliseconds pass: every timer that falls due runs, in order, to its end. */
  advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`The clock can only go forward by a finite number of milliseconds, not ${ms}.`);
    }
    const step = this.advancing.then(() => this.run(this.time + ms));
    this.advancing = step;
    return step;
  }

  close(): void {
    this.closed = true;
    this.due.clear();
    this.sleepers.wakeAll();
  }

  private async run(until: number): Promise<void> {
    for (;;) {
      const next = this.earliest();
      if (next === undefined || next.at > until) break;
      this.due.delete(next);
      this.time = Math.max(this.time, next.at);
      await run(next.task, this.onError);
      // Lets what the task resolved go on before time does.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.time = Math.max(this.time, until);
  }

  private earliest(): Due | undefined {
    let first: Due | undefined;
    for (const entry of this.due) {
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}

async function run(task: () => void | Promise<void>, onError: ClockErrorHandler): Promise<void> {
  try {
    await task();
  } catch (error) {
    onError(error);
  }
}
