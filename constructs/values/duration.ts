import * as errors from "./errors";
import { nearestWhole, wholeAmount } from "./whole-amount";

const BRAND = Symbol.for("pulumi-mags.Duration");

/** Milliseconds in each unit. */
const UNITS = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const;
type TimeUnit = keyof typeof UNITS;
const DESCENDING = (Object.keys(UNITS) as TimeUnit[]).reverse();

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;

export interface TimeConversionOptions {
  /**
   * Whether a result that is not whole is an error; with `false` it is returned as it is.
   * @default true
   */
  readonly integral?: boolean;
}

/**
 * A length of time that knows its unit, in whole milliseconds. A conversion that would lose something is an
 * error, not a rounding. One that cannot be is refused where it is used: a plan tells it with the path of the
 * construct, and with all else that is wrong.
 *
 * @example
 * ```ts
 * import { Duration } from "pulumi-mags/constructs";
 *
 * Duration.minutes(90).toSeconds(); // 5400
 * Duration.minutes(90).toHours(); // an error: not whole
 * ```
 */
export class Duration {
  /** True for every duration, also one made by another copy of this package. */
  static isDuration(value: unknown): value is Duration {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** A number of milliseconds. It has to be whole and not negative. */
  static millis(amount: number): Duration {
    return Duration.of(amount, "milliseconds");
  }

  /** A number of seconds. There is none that is negative. */
  static seconds(amount: number): Duration {
    return Duration.of(amount, "seconds");
  }

  /** A number of minutes. There is none that is negative. */
  static minutes(amount: number): Duration {
    return Duration.of(amount, "minutes");
  }

  /** A number of hours. There is none that is negative. */
  static hours(amount: number): Duration {
    return Duration.of(amount, "hours");
  }

  /** A number of days, each of 24 hours. There is none that is negative. */
  static days(amount: number): Duration {
    return Duration.of(amount, "days");
  }

  /** Reads ISO 8601, such as `PT1H30M` or `P7D`. Years and months have no one length, so they are refused. */
  static parse(text: string): Duration {
    const match = typeof text === "string" ? ISO.exec(text) : null;
    if (!match || text.endsWith("P") || text.endsWith("T"))
      return new Duration(errors.durationMalformed(text));
    const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const total = (weeks * 7 + days) * UNITS.days + hours * UNITS.hours + minutes * UNITS.minutes;
    return Duration.of(total + Math.round(seconds * UNITS.seconds), "milliseconds");
  }

  private static of(amount: number, unit: TimeUnit): Duration {
    const milliseconds = wholeAmount(amount, UNITS[unit]);
    return new Duration(milliseconds ?? errors.durationAmount(amount, unit));
  }

  private constructor(private readonly made: number | errors.ConstructsError) {}

  /** @throws where there is no such duration */
  private get milliseconds(): number {
    if (typeof this.made !== "number") throw this.made;
    return this.made;
  }

  /** This and another one after it. */
  plus(other: Duration): Duration {
    return Duration.of(this.toMilliseconds() + other.toMilliseconds(), "milliseconds");
  }

  /** What is left of this after another one. Fails if that is longer. */
  minus(other: Duration): Duration {
    const left = this.toMilliseconds() - other.toMilliseconds();
    if (left < 0) throw errors.durationNegative(this.toHumanString(), other.toHumanString());
    return Duration.of(left, "milliseconds");
  }

  /** The whole of it in milliseconds. */
  toMilliseconds(): number {
    return this.milliseconds;
  }

  /** The whole of it in seconds. Fails if that is not whole, unless `integral: false`. */
  toSeconds(options?: TimeConversionOptions): number {
    return this.in("seconds", options);
  }

  /** The whole of it in minutes. Fails if that is not whole, unless `integral: false`. */
  toMinutes(options?: TimeConversionOptions): number {
    return this.in("minutes", options);
  }

  /** The whole of it in hours. Fails if that is not whole, unless `integral: false`. */
  toHours(options?: TimeConversionOptions): number {
    return this.in("hours", options);
  }

  /** The whole of it in days. Fails if that is not whole, unless `integral: false`. */
  toDays(options?: TimeConversionOptions): number {
    return this.in("days", options);
  }

  /** As ISO 8601 writes it: `P1DT2H`. `Duration.parse` reads it back. */
  toIsoString(): string {
    const { days, hours, minutes, seconds, milliseconds } = this.parts();
    const date = days ? `${days}D` : "";
    const exact = (seconds * UNITS.seconds + milliseconds) / UNITS.seconds;
    const time = [hours && `${hours}H`, minutes && `${minutes}M`, exact && `${exact}S`]
      .filter(Boolean)
      .join("");
    return date || time ? `P${date}${time && `T${time}`}` : "PT0S";
  }

  /** In words: `1 hour 30 minutes`. */
  toHumanString(): string {
    const parts = this.parts();
    const words = DESCENDING.filter((unit) => parts[unit] > 0).map((unit) => inWords(parts[unit], unit));
    return words.join(" ") || inWords(0, "seconds");
  }

  /** As `toHumanString`. */
  toString(): string {
    return this.toHumanString();
  }

  /** As `toIsoString`: what JSON shows. */
  toJSON(): string {
    return this.toIsoString();
  }

  private in(unit: TimeUnit, { integral = true }: TimeConversionOptions = {}): number {
    const value = this.milliseconds / UNITS[unit];
    if (integral && this.milliseconds % UNITS[unit] !== 0) {
      throw errors.durationNotWhole(
        this.toHumanString(),
        unit,
        nearestWhole(value, (amount) => inWords(amount, unit)),
      );
    }
    return value;
  }

  /** How many of each unit, the largest units first. */
  private parts(): Record<TimeUnit, number> {
    let left = this.milliseconds;
    const parts = DESCENDING.map((unit) => {
      const amount = Math.floor(left / UNITS[unit]);
      left -= amount * UNITS[unit];
      return [unit, amount];
    });
    return Object.fromEntries(parts) as Record<TimeUnit, number>;
  }
}
Object.defineProperty(Duration.prototype, BRAND, { value: true });

function inWords(amount: number, unit: TimeUnit): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}
