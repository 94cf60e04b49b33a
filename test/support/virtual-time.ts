import type { Clock } from "../../provider/api/clock";
import type { ApiRequest, TransportOptions } from "../../provider/api/transport";

/** Turns of the event loop without anything happening, after which everybody is taken to wait for time. */
const QUIET_TURNS = 3;
/** The same while an exchange is held by the server on purpose. */
const HELD_TURNS = 40;
/** Real milliseconds after which time goes on although an exchange is open: the server itself waits for time. */
const STUCK_MS = 500;

interface Sleeper {
  at: number;
  order: number;
  owner: object;
  wake: () => void;
  /** A time-out: it does not make time pass, but goes off when time has passed. */
  alarm: boolean;
}

/**
 * Time that passes when everybody waits for it, and only then: no test waits for real, and what takes
 * 30 s takes 30 s by every clock. Exchanges with servers in this process have to be announced, so that time
 * stands still while one is under way.
 */
export class VirtualTime {
  private time: number;
  private order = 0;
  private sleepers: Sleeper[] = [];
  private open = 0;
  /** Counts whatever happens. */
  private activity = 0;
  private running = false;

  /**
   * @param follow moves another clock, such as the emulator's, by as much
   * @param held true while the server holds an exchange on purpose until time has passed
   */
  constructor(
    startAt: number,
    private readonly follow: (ms: number) => Promise<void>,
    private readonly held: () => boolean = () => false,
  ) {
    this.time = startAt;
  }

  now(): number {
    return this.time;
  }

  sleep(ms: number, owner: object): Promise<void> {
    return new Promise((wake) => this.add({ at: this.time + Math.max(ms, 0), owner, wake, alarm: false }));
  }

  /** Calls `ring` when `ms` have passed, if they ever do. */
  alarm(ms: number, owner: object, ring: () => void): void {
    this.add({ at: this.time + ms, owner, wake: ring, alarm: true });
  }

  /** Forgets everybody of an owner: they never wake. */
  forget(owner: object): void {
    this.sleepers = this.sleepers.filter((sleeper) => sleeper.owner !== owner);
    this.activity++;
  }

  /** Time stands still until the exchange is over, unless the server holds it. */
  async exchange<T>(work: () => Promise<T>): Promise<T> {
    this.open++;
    this.activity++;
    this.run();
    try {
      return await work();
    } finally {
      this.open--;
      this.activity++;
    }
  }

  /** Lets so much time pass, with everything that falls due in it. */
  async pass(ms: number): Promise<void> {
    await this.sleep(ms, this);
  }

  private add(sleeper: Omit<Sleeper, "order">): void {
    this.sleepers.push({ ...sleeper, order: this.order++ });
    this.activity++;
    if (!sleeper.alarm) this.run();
  }

  private run(): void {
    if (this.running) return;
    this.running = true;
    void this.pump();
  }

  private async pump(): Promise<void> {
    while (this.open > 0 || this.sleepers.some((sleeper) => !sleeper.alarm)) {
      await this.quiet();
      await this.step();
    }
    this.running = false;
  }

  private async quiet(): Promise<void> {
    let [seen, still, since] = [this.activity, 0, Date.now()];
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.activity === seen) still++;
      else [seen, still, since] = [this.activity, 0, Date.now()];
      if (this.open === 0 && still >= QUIET_TURNS) return;
      if (this.open > 0 && still >= HELD_TURNS && (this.held() || Date.now() - since > STUCK_MS)) return;
    }
  }

  /** Goes to the next moment at which somebody wakes. Alarms alone move time only while an exchange is held. */
  private async step(): Promise<void> {
    const waking = this.sleepers.filter((sleeper) => !sleeper.alarm || this.open > 0);
    if (waking.length === 0) return;
    const until = Math.max(this.time, Math.min(...waking.map((sleeper) => sleeper.at)));
    if (until > this.time) await this.follow(until - this.time);
    this.time = until;
    const due = this.sleepers
      .filter((sleeper) => sleeper.at <= until)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    for (const sleeper of due) {
      // One that is woken first may have had another one forgotten.
      const index = this.sleepers.indexOf(sleeper);
      if (index < 0) continue;
      this.sleepers.splice(index, 1);
      this.activity++;
      sleeper.wake();
    }
  }
}

const ENDED = new Error("the process has ended");

/** What happens to a process from outside. */
export interface Fate {
  /** The process is killed after the answer of this exchange: its number, from 1, or what it asks for. */
  killAfter?: number | ((request: ApiRequest) => boolean);
  /** Changes what the server answered. */
  tamper?: (request: ApiRequest, answer: unknown) => unknown;
}

/**
 * What a provider process has of its own and loses when it is killed: its clock, its connections and whatever
 * was under way. After its death nothing of it ever goes on.
 */
export class ModelProcess {
  /** Exchanges with the server that were begun. */
  calls = 0;
  dead = false;
  readonly died: Promise<void>;
  private announce: () => void = () => undefined;
  private readonly cuts = new Set<AbortController>();

  constructor(
    private readonly time: VirtualTime,
    private readonly fate: Fate = {},
  ) {
    this.died = new Promise((resolve) => (this.announce = resolve));
  }

  readonly clock: Clock = {
    now: () => this.time.now(),
    sleep: (ms) => (this.dead ? never() : this.time.sleep(ms, this)),
    random: () => 0.5,
    timeout: (ms) => {
      const cut = new AbortController();
      this.cuts.add(cut);
      this.time.alarm(ms, this, () => {
        this.cuts.delete(cut);
        cut.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
      });
      return cut.signal;
    },
    after: (ms, work) => {
      let isWanted = true;
      this.time.alarm(ms, this, () => {
        if (isWanted) work();
      });
      return () => (isWanted = false);
    },
  };

  readonly around: TransportOptions["around"] = async (request, exchange) => {
    if (this.dead) return never();
    const call = ++this.calls;
    const outcome = await this.time.exchange(() =>
      exchange().then(
        (value) => () => (this.fate.tamper ? this.fate.tamper(request, value) : value),
        (error: unknown) => () => {
          throw error;
        },
      ),
    );
    if (this.dead) return never();
    const { killAfter } = this.fate;
    if (typeof killAfter === "function" ? killAfter(request) : call === killAfter) {
      this.kill();
      return never();
    }
    return outcome();
  };

  /** SIGKILL: connections are cut, nothing is told to anybody. */
  kill(): void {
    this.end();
    this.announce();
  }

  /** Its work is done. */
  end(): void {
    this.dead = true;
    this.time.forget(this);
    // What the server still holds would keep the connections open. One reason for all: making one is dear.
    for (const cut of this.cuts) cut.abort(ENDED);
    this.cuts.clear();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
