import * as fc from "fast-check";
import { Duration } from "../../../constructs/values/duration";
import { Schedule } from "../../../constructs/values/schedule";
import { ConstructsError } from "../../../constructs/errors";
import { cronProblem } from "../../../provider/schema/cron";

const NEW_YEAR = new Date("2026-01-01T00:00:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60;

/** A field of a cron expression whose values are from `min` to `max`. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map((pair) => pair.sort((a, b) => a - b).join("-"));
  const step = fc.integer({ min: 1, max: max - min });
  return fc.oneof(
    fc.constant("*"),
    value.map(String),
    range,
    fc.tuple(fc.oneof(fc.constant("*"), range), step).map((parts) => parts.join("/")),
    fc
      .array(fc.oneof(value.map(String), range), { minLength: 2, maxLength: 3 })
      .map((parts) => parts.join(",")),
  );
}
const fields = fc.record({
  minute: field(0, 59),
  hour: field(0, 23),
  day: field(1, 31),
  month: field(1, 12),
  weekDay: field(0, 7),
});

const iso = (dates: Date[]) => dates.map((date) => date.toISOString().slice(0, 16));

describe("laws of schedules", () => {
  it("a schedule is refused exactly where the provider refuses its expression", () => {
    fc.assert(
      fc.property(fields, ({ minute, hour, day, month, weekDay }) => {
        const text = [minute, hour, day, month, weekDay].join(" ");
        const problem = cronProblem(text);
        const make = () => Schedule.cron({ minute, hour, day, month, weekDay });
        const used = () => make().expressionString;
        if (problem === undefined) {
          expect(make().expressionString).toBe(text);
          expect(Schedule.expression(`  ${text.replaceAll(" ", " \t ")} `)).toEqual(make());
        } else {
          expect(used).toThrow(ConstructsError);
          expect(used).toThrow(`The schedule "${text}" ${problem.replace(/\.$/, "")}`);
        }
      }),
    );
  });

  it("every schedule can be told in words, and fires later than asked for", () => {
    fc.assert(
      fc.property(fields, (given) => {
        fc.pre(cronProblem(Object.values(given).join(" ")) === undefined);
        const schedule = Schedule.cron(given);
        expect(schedule.describe()).toMatch(/^[A-Z][^\n]+[a-z0-9)]$/);
        const times = [NEW_YEAR, ...schedule.nextFires(NEW_YEAR, 3)];
        for (let i = 1; i < times.length; i++) {
          expect(times[i]!.getTime()).toBeGreaterThan(times[i - 1]!.getTime());
          expect(times[i]!.getTime() % MINUTE).toBe(0);
        }
      }),
    );
  });

  /** Whether fires every `interval` minutes are all that the minutes and hours of some sets have in common. */
  function isExact(interval: number): boolean {
    if (interval === 7 * DAY) return true;
    if (DAY % interval !== 0) return false;
    const times = Array.from({ length: DAY / interval }, (_, i) => i * interval);
    const minutes = new Set(times.map((time) => time % 60));
    const hours = new Set(times.map((time) => Math.floor(time / 60)));
    return minutes.size * hours.size === times.length;
  }

  it("a rate fires at even distances for more than a month, or is refused", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 * DAY }), (interval) => {
        const make = () => Schedule.rate(Duration.minutes(interval));
        if (!isExact(interval)) {
          expect(() => make().expressionString).toThrow(
            /^A schedule cannot fire every .*Use .* or Schedule\.cron/,
          );
          return;
        }
        const fires = make().nextFires(NEW_YEAR, Math.min(500, Math.ceil((40 * DAY) / interval)));
        const gaps = fires.slice(1).map((fire, i) => (fire.getTime() - fires[i]!.getTime()) / MINUTE);
        expect([...new Set(gaps)]).toEqual([interval]);
      }),
      {
        examples: [1, 7, 20, 30, 45, 60, 90, 120, 480, 720, 960, DAY, 2 * DAY, 7 * DAY, 8 * DAY].map((n) => [
          n,
        ]),
      },
    );
  });

  it("every rate that is exact is taken", () => {
    const all = Array.from({ length: 15 * DAY }, (_, i) => i + 1);
    const taken = all.filter((interval) => {
      try {
        return Boolean(Schedule.rate(Duration.minutes(interval)).expressionString);
      } catch {
        return false;
      }
    });
    expect(taken).toEqual(all.filter(isExact));
  });
});

describe("Schedule", () => {
  it.each([
    [Schedule.everyMinute(), "* * * * *", "Every minute"],
    [Schedule.hourly(), "0 * * * *", "Every hour"],
    [Schedule.hourly({ minute: 5 }), "5 * * * *", "At 5 minutes past the hour"],
    [Schedule.daily(), "0 0 * * *", "At 00:00 (UTC)"],
    [Schedule.daily({ hour: 3, minute: 30 }), "30 3 * * *", "At 03:30 (UTC)"],
    [Schedule.weekly(), "0 0 * * SUN", "At 00:00, only on Sunday (UTC)"],
    [Schedule.weekly({ weekDay: "FRI", hour: 17 }), "0 17 * * FRI", "At 17:00, only on Friday (UTC)"],
    [Schedule.monthly({ day: 28 }), "0 0 28 * *", "At 00:00, on day 28 of the month (UTC)"],
    [Schedule.annually(), "0 0 1 1 *", "At 00:00, on day 1 of the month, only in January (UTC)"],
    [
      Schedule.annually({ month: 12, day: 31 }),
      "0 0 31 12 *",
      "At 00:00, on day 31 of the month, only in December (UTC)",
    ],
    [Schedule.rate(Duration.minutes(15)), "*/15 * * * *", "Every 15 minutes"],
    [Schedule.rate(Duration.hours(6)), "0 */6 * * *", "On the hour, every 6 hours (UTC)"],
    [Schedule.rate(Duration.days(7)), "0 0 * * SUN", "At 00:00, only on Sunday (UTC)"],
    [
      Schedule.cron({ minute: 0, hour: 9, weekDay: "MON-FRI" }),
      "0 9 * * MON-FRI",
      "At 09:00, Monday through Friday (UTC)",
    ],
    [Schedule.cron({ minute: "*" }), "* * * * *", "Every minute"],
    [Schedule.expression("0 0 * * +MON"), "0 0 * * +MON", 'As the cron expression "0 0 * * +MON" says (UTC)'],
  ])("%s is %s: %s", (schedule, expression, words) => {
    expect(schedule.expressionString).toBe(expression);
    expect(String(schedule)).toBe(expression);
    expect(schedule.describe()).toBe(words);
    expect(JSON.stringify({ schedule })).toBe(JSON.stringify({ schedule: expression }));
  });

  it("gives the next fires in UTC, whatever the time zone of the machine", () => {
    const schedule = Schedule.cron({ minute: 30, hour: 2, weekDay: "SUN" });
    // In many time zones 02:30 does not exist on the last of these days.
    expect(iso(schedule.nextFires(new Date("2026-03-14T12:00:00Z"), 3))).toEqual([
      "2026-03-15T02:30",
      "2026-03-22T02:30",
      "2026-03-29T02:30",
    ]);
    expect(iso(schedule.nextFires(new Date("2026-03-15T02:30:00Z")))).toEqual(["2026-03-22T02:30"]);
  });

  it("refuses what never fires in the provider's words", () => {
    expect(() => Schedule.cron({ minute: 0, hour: 0, day: 31, month: 2 }).expressionString).toThrow(
      'The schedule "0 0 31 2 *" never fires: there is no day that "0 0 31 2 *" describes.',
    );
    expect(() => Schedule.annually({ month: 4, day: 31 }).expressionString).toThrow("never fires");
  });

  it.each(["", "@daily", "0 3 * *", "0 0 3 * * *", "rate(5 minutes)", "every day", undefined as never])(
    "refuses the expression %p",
    (text) =>
      expect(() => Schedule.expression(text).expressionString).toThrow(
        /^The schedule ".*" (has \d fields?|is no cron expression)/,
      ),
  );

  it("a number out of its range is told with the field that it is of", () => {
    expect(() => Schedule.daily({ hour: 24 }).expressionString).toThrow(
      /The schedule "0 24 \* \* \*" is no cron expression: .*hour.*24/,
    );
  });

  it("a field is one word", () => {
    expect(() => Schedule.cron({ minute: "0 3", hour: "*" }).expressionString).toThrow(
      'minute: "0 3" is no field',
    );
    expect(() => Schedule.cron({ minute: 0, hour: "" }).expressionString).toThrow('hour: "" is no field');
  });

  it("what would fire far more often than it reads is refused", () => {
    expect(() => Schedule.cron({ hour: 4 } as never).expressionString).toThrow(
      'Schedule.cron without minute would fire in every minute of the hour. Give minute too, such as minute: 0; "*" if every minute is what you mean.',
    );
    for (const date of [{ day: 1 }, { month: 6 }, { weekDay: "MON" }]) {
      expect(() => Schedule.cron({ minute: 0, ...date }).expressionString).toThrow(
        "without hour would fire in every hour of the day",
      );
      expect(Schedule.cron({ minute: 0, hour: "*", ...date }).expressionString).toMatch(/^0 \* /);
    }
  });

  it.each([29, 30, 31])("day %i of every month is refused, since some months lack it", (day) => {
    expect(() => Schedule.monthly({ day }).expressionString).toThrow(
      `Not every month has a day ${day}, so this would skip some. Choose another day, or say Schedule.cron({ minute: …, hour: …, day: ${day} })`,
    );
    expect(
      iso(Schedule.cron({ minute: 0, hour: 0, day }).nextFires(new Date("2026-01-31T00:00:00Z"))),
    ).toEqual([`2026-03-${day}T00:00`]);
  });

  it("29 February is no day of every year", () => {
    expect(() => Schedule.annually({ month: 2, day: 29 }).expressionString).toThrow(
      "Not every year has a 29 February",
    );
  });

  it.each([
    [Duration.minutes(45), "45 minutes", "Use 30 minutes or 1 hour, or"],
    [Duration.minutes(7), "7 minutes", "Use 6 minutes or 10 minutes, or"],
    [Duration.seconds(30), "30 seconds", "Use 1 minute, or"],
    [Duration.millis(0), "0 seconds", "Use 1 minute, or"],
    [Duration.seconds(90), "1 minute 30 seconds", "Use 1 minute or 2 minutes, or"],
    [Duration.days(2), "2 days", "Use 1 day or 7 days, or"],
    [Duration.days(30), "30 days", "Use 7 days, or"],
  ])("a rate of %s is refused, with what is near", (interval, words, near) => {
    expect(() => Schedule.rate(interval).expressionString).toThrow(`A schedule cannot fire every ${words}: `);
    expect(() => Schedule.rate(interval).expressionString).toThrow(near);
  });

  it("is recognized, also from another copy of the package, and takes its durations", () => {
    let other: { Schedule: typeof Schedule } | undefined;
    jest.isolateModules(() => {
      other = jest.requireActual("../../../constructs/values/schedule");
    });
    const schedule = other!.Schedule.rate(Duration.minutes(5));
    expect(schedule).not.toBeInstanceOf(Schedule);
    expect(Schedule.isSchedule(schedule)).toBe(true);
    for (const value of [undefined, null, "0 3 * * *", {}]) expect(Schedule.isSchedule(value)).toBe(false);
  });
});
