import { cronProblem, firesAfter } from "../../provider/schema/cron";
import { inWords } from "../inputs";
import * as errors from "./errors";
import { Duration } from "./duration";

const BRAND = Symbol.for("pulumi-mags.Schedule");

/** One field of a cron expression: a number, or a text such as `*`, `0-29`, `1,15` or `MON-FRI`. */
export type CronField = string | number;

/** The five fields of a cron expression, in UTC. */
export interface CronOptions {
  /** Minute, 0 to 59. It has no default, since "every minute" is hardly ever meant. */
  readonly minute: CronField;
  /**
   * Hour, 0 to 23. It has to be given where a day, month or day of the week is.
   * @default every hour
   */
  readonly hour?: CronField;
  /**
   * Day of the month, 1 to 31. Together with `weekDay`, either of them makes a day fire.
   * @default every day
   */
  readonly day?: CronField;
  /**
   * Month, 1 to 12 or JAN to DEC.
   * @default every month
   */
  readonly month?: CronField;
  /**
   * Day of the week, 0 (Sunday) to 7 (Sunday too), or SUN to SAT.
   * @default every day
   */
  readonly weekDay?: CronField;
}

/** A day of the week, as a schedule names it. */
export type WeekDay = "SUN" | "MON" | "TUE" | "WED" | "THU" | "FRI" | "SAT";

/** A minute of an hour. */
export interface HourlyOptions {
  /**
   * Minute, 0 to 59.
   * @default 0
   */
  readonly minute?: number;
}

/** A time of day, in UTC. */
export interface DailyOptions extends HourlyOptions {
  /**
   * Hour, 0 to 23.
   * @default 0
   */
  readonly hour?: number;
}

/** A day of the week and a time of day, in UTC. */
export interface WeeklyOptions extends DailyOptions {
  /**
   * Day of the week.
   * @default "SUN"
   */
  readonly weekDay?: WeekDay;
}

/** A day of the month and a time of day, in UTC. */
export interface MonthlyOptions extends DailyOptions {
  /**
   * Day of the month, 1 to 28: every month has those.
   * @default 1
   */
  readonly day?: number;
}

/** A day of the year and a time of day, in UTC. */
export interface AnnuallyOptions extends DailyOptions {
  /**
   * Day of the month.
   * @default 1
   */
  readonly day?: number;
  /**
   * Month, 1 to 12.
   * @default 1
   */
  readonly month?: number;
}

/** The rates, in minutes, that the five fields of a cron expression can say exactly, and how they do. */
const RATES = new Map<number, string>([
  [1, "* * * * *"],
  ...[2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((n): [number, string] => [n, `*/${n} * * * *`]),
  [60, "0 * * * *"],
  ...[2, 3, 4, 6, 8, 12].map((n): [number, string] => [n * 60, `0 */${n} * * *`]),
  [24 * 60, "0 0 * * *"],
  [7 * 24 * 60, "0 0 * * SUN"],
]);

/**
 * When something fires, in UTC: what `CronJob` takes. One that never fires, or that five fields cannot say, is
 * refused where it is used: a plan tells it with the path of the construct, and with all else that is wrong.
 *
 * @example
 * ```ts
 * import { Duration, Schedule } from "pulumi-mags/constructs";
 *
 * Schedule.daily({ hour: 3 }).expressionString; // "0 3 * * *"
 * Schedule.cron({ minute: 30, hour: 9, weekDay: "MON-FRI" }).describe(); // "At 09:30, Monday through Friday (UTC)"
 * Schedule.rate(Duration.hours(24)).expressionString; // "0 0 * * *"
 * ```
 */
export class Schedule {
  /** True for every schedule, also one made by another copy of this package. */
  static isSchedule(value: unknown): value is Schedule {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** A cron expression of five fields, as it is. */
  static expression(text: string): Schedule {
    return Schedule.of(() => checked(text));
  }

  /** By the fields of a cron expression. */
  static cron(options: CronOptions): Schedule {
    return Schedule.of(() => {
      const { minute, hour, day, month, weekDay } = fieldsIn(options);
      const isDated = [day, month, weekDay].some((field) => field !== undefined);
      if (isDated && hour === undefined) throw errors.scheduleFieldMissing("hour", "day", "hour: 3");
      if (minute === undefined) throw errors.scheduleFieldMissing("minute", "hour", "minute: 0");
      return joined({ minute, hour, day, month, weekDay });
    });
  }

  /**
   * At even distances, where five fields can say that exactly: 1 to 30 minutes that divide an hour, 1 to 12 hours
   * that divide a day, a day, and 7 days. It starts at midnight, and a week on Sunday.
   */
  static rate(interval: Duration): Schedule {
    return Schedule.of(() => {
      // Plain JavaScript may give a number of some unit.
      if (!Duration.isDuration(interval)) throw errors.rateNotDuration(inWords(interval));
      const minutes = interval.toMinutes({ integral: false });
      const expression = RATES.get(minutes);
      if (expression !== undefined) return expression;
      const rates = [...RATES.keys()];
      const near = [rates.findLast((rate) => rate < minutes), rates.find((rate) => rate > minutes)];
      const words = near.flatMap((rate) =>
        rate === undefined ? [] : Duration.minutes(rate).toHumanString(),
      );
      throw errors.rateInexact(interval.toHumanString(), words.join(" or "));
    });
  }

  /** Every minute. */
  static everyMinute(): Schedule {
    return Schedule.rate(Duration.minutes(1));
  }

  /** Every hour, on the hour unless a minute is given. */
  static hourly(options: HourlyOptions = {}): Schedule {
    return Schedule.of(() => {
      const { minute = 0 } = fieldsIn(options);
      return joined({ minute });
    });
  }

  /** Every day, at midnight UTC unless a time is given. */
  static daily(options: DailyOptions = {}): Schedule {
    return Schedule.of(() => {
      const { minute = 0, hour = 0 } = fieldsIn(options);
      return joined({ minute, hour });
    });
  }

  /** Every week, on Sunday at midnight UTC unless something else is given. */
  static weekly(options: WeeklyOptions = {}): Schedule {
    return Schedule.of(() => {
      const { minute = 0, hour = 0, weekDay = "SUN" } = fieldsIn(options);
      return joined({ minute, hour, weekDay });
    });
  }

  /** Every month, on day 1 at midnight UTC unless something else is given. Days that some months lack are refused. */
  static monthly(options: MonthlyOptions = {}): Schedule {
    return Schedule.of(() => {
      const { minute = 0, hour = 0, day = 1 } = fieldsIn(options);
      if (day >= 29 && day <= 31)
        throw errors.scheduleNotEvery("month", `day ${day}`, skipping(`day: ${day}`));
      return joined({ minute, hour, day });
    });
  }

  /** Every year, on 1 January at midnight UTC unless something else is given. 29 February is refused. */
  static annually(options: AnnuallyOptions = {}): Schedule {
    return Schedule.of(() => {
      const { minute = 0, hour = 0, day = 1, month = 1 } = fieldsIn(options);
      if (month === 2 && day === 29) {
        throw errors.scheduleNotEvery("year", "29 February", skipping("day: 29, month: 2"));
      }
      return joined({ minute, hour, day, month });
    });
  }

  private static of(make: () => string): Schedule {
    try {
      return new Schedule(make());
    } catch (error) {
      if (error instanceof errors.ConstructsError) return new Schedule(error);
      throw error;
    }
  }

  private constructor(private readonly made: string | errors.ConstructsError) {}

  /**
   * The five fields, in UTC: minute, hour, day of month, month, day of week.
   * @throws where there is no such schedule: what is wrong with it, and what to say instead
   */
  get expressionString(): string {
    if (typeof this.made !== "string") throw this.made;
    return this.made;
  }

  /** In words, for those who review it: `At 03:00 (UTC)`. */
  describe(): string {
    const [, ...beyondMinutes] = this.expressionString.split(" ");
    return beyondMinutes.every((field) => field === "*" || field === "?")
      ? this.inWords()
      : `${this.inWords()} (UTC)`;
  }

  /**
   * The next times that it fires after the given one.
   * @param count How many. There may be fewer, for a schedule that ends.
   */
  nextFires(after: Date, count = 1): Date[] {
    return firesAfter(this.expressionString, after, count);
  }

  /** The cron expression. */
  toString(): string {
    return this.expressionString;
  }

  /** The cron expression: what JSON shows. */
  toJSON(): string {
    return this.expressionString;
  }

  private inWords(): string {
    const { toString: words } = require("cronstrue") as typeof import("cronstrue");
    try {
      return words(this.expressionString, { use24HourTimeFormat: true });
    } catch {
      // Croner reads more than cronstrue does, such as a weekday after "+".
      return `As the cron expression "${this.expressionString}" says`;
    }
  }
}
Object.defineProperty(Schedule.prototype, BRAND, { value: true });

/** The fields that were given. Plain JavaScript may give none where they are wanted, or something else. */
function fieldsIn<T extends object>(options: T | undefined | null): T {
  if (options === undefined || options === null) return {} as T;
  if (typeof options !== "object") throw errors.scheduleOptions(inWords(options));
  return options;
}

/** A cron expression, with one space between its fields. */
function checked(text: string): string {
  const problem = cronProblem(String(text));
  if (problem !== undefined) throw errors.scheduleInvalid(String(text), problem);
  return text.trim().split(/\s+/).join(" ");
}

function joined({ minute, hour = "*", day = "*", month = "*", weekDay = "*" }: CronOptions): string {
  const fields = Object.entries({ minute, hour, day, month, weekDay });
  for (const [name, value] of fields) {
    if (!/^\S+$/.test(String(value))) throw errors.scheduleFieldMalformed(name, value);
  }
  return checked(fields.map(([, value]) => value).join(" "));
}

function skipping(fields: string): string {
  return `Choose another day, or say Schedule.cron({ minute: …, hour: …, ${fields} }) if that is meant.`;
}
