import { systemClock, type Clock } from "../../provider/api/clock";

/** Lets everything that is ready to go on do so: promises, and answers of servers in this process. */
export const settle = async (turns = 5): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A clock that stands still until a test moves it; sleeps end when it passes their time. */
export class FakeClock implements Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly slept: number[] = [];
  private time: number;
  private readonly sleepers: { at: number; wake: () => void }[] = [];

  constructor(
    startAt = 1_000_000,
    private readonly chance = 0.5,
  ) {
    this.time = startAt;
  }

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  /** In real time: what it guards are real connections. */
  timeout(ms: number): AbortSignal {
    return AbortSignal.timeout(ms);
  }

  after(ms: number, work: () => void): () => void {
    return systemClock.after(ms, work);
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    return new Promise((wake) => {
      this.sleepers.push({ at: this.time + ms, wake });
    });
  }

  /** How many are asleep now. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** Moves time on, waking each sleeper at its own moment, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const next = this.sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.wake();
      await settle();
    }
    this.time = until;
  }
}

/** A clock that moves by itself: a sleep takes no real time, but its time has passed afterwards. */
export class AutoClock implements Clock {
  readonly slept: number[] = [];
  private time: number;

  constructor(
    startAt = 1_000_000,
    private readonly chance = 0.5,
  ) {
    this.time = startAt;
  }

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  /** In real time: what it guards are real connections. */
  timeout(ms: number): AbortSignal {
    return AbortSignal.timeout(ms);
  }

  after(ms: number, work: () => void): () => void {
    return systemClock.after(ms, work);
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    const until = this.time + ms;
    await settle(1);
    this.time = Math.max(this.time, until);
  }

  /** Lets time pass without anybody sleeping. */
  pass(ms: number): void {
    this.time += ms;
  }
}
