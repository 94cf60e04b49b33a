import * as fc from "fast-check";
import { Duration } from "../../../constructs/values/duration";
import { ConstructsError } from "../../../constructs/errors";

const UNITS = [
  ["millis", "toMilliseconds", 1],
  ["seconds", "toSeconds", 1_000],
  ["minutes", "toMinutes", 60_000],
  ["hours", "toHours", 3_600_000],
  ["days", "toDays", 86_400_000],
] as const;
const unit = fc.constantFrom(...UNITS);
const milliseconds = fc.integer({ min: 0, max: 10_000 * 86_400_000 });

describe("laws of durations", () => {
  it("a whole amount of a unit comes back from that unit", () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000 }), unit, (amount, [make, read]) => {
        expect(Duration[make](amount)[read]()).toBe(amount);
      }),
    );
  });

  it("a conversion is exact, or an error that names both and offers what would do", () => {
    fc.assert(
      fc.property(milliseconds, unit, (total, [, read, factor]) => {
        const duration = Duration.millis(total);
        if (total % factor === 0) {
          expect(duration[read]() * factor).toBe(total);
        } else {
          expect(() => duration[read]()).toThrow(ConstructsError);
          expect(() => duration[read]()).toThrow(
            new RegExp(
              `^A duration of ${duration.toHumanString()} is not a whole number of .*Use \\d+ [a-z]+( or \\d+ [a-z]+)?\\.$`,
            ),
          );
        }
      }),
    );
  });

  it("what an error offers is whole", () => {
    fc.assert(
      fc.property(milliseconds, unit, (total, [make, read, factor]) => {
        fc.pre(total % factor !== 0);
        let text = "";
        try {
          Duration.millis(total)[read]();
        } catch (error) {
          text = (error as Error).message;
        }
        const offered = [...text.slice(text.indexOf("Use ")).matchAll(/\d+/g)].map(Number);
        expect(offered.length).toBeGreaterThan(0);
        for (const amount of offered) {
          expect(Duration[make](amount)[read]()).toBe(amount);
          expect(Math.abs(amount * factor - total)).toBeLessThan(factor);
        }
      }),
    );
  });

  it("parse reads what toIsoString writes", () => {
    fc.assert(
      fc.property(milliseconds, (total) => {
        const duration = Duration.millis(total);
        expect(Duration.parse(duration.toIsoString())).toEqual(duration);
      }),
    );
  });

  it("plus and minus undo each other", () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, (a, b) => {
        const [first, second] = [Duration.millis(a), Duration.millis(b)];
        expect(first.plus(second).minus(second)).toEqual(first);
        expect(first.plus(second).toMilliseconds()).toBe(a + b);
      }),
    );
  });

  it("decimal fractions are taken as written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (tenths) => {
        expect(Duration.seconds(tenths / 10).toMilliseconds()).toBe(tenths * 100);
        expect(Duration.hours(tenths / 10).toMinutes()).toBe(tenths * 6);
      }),
    );
  });
});

describe("Duration", () => {
  it("offers what is near when it refuses to round", () => {
    expect(() => Duration.seconds(90).toMinutes()).toThrow(
      "A duration of 1 minute 30 seconds is not a whole number of minutes, and is not rounded silently. Use 1 minute or 2 minutes.",
    );
    expect(() => Duration.seconds(30).toMinutes()).toThrow(/Use 1 minute\.$/);
  });

  it("gives a fraction only to those who ask for it", () => {
    expect(Duration.seconds(90).toMinutes({ integral: false })).toBe(1.5);
    expect(() => Duration.seconds(90).toMinutes({ integral: true })).toThrow(ConstructsError);
  });

  it.each([-1, NaN, Infinity, 0.0001, 2 ** 53, "5" as never, undefined as never])(
    "an amount of %p seconds is refused",
    (amount) => {
      expect(() => Duration.seconds(amount).toSeconds()).toThrow(
        `A duration of ${String(amount)} seconds cannot be`,
      );
    },
  );

  it.each([
    ["PT0S", 0],
    ["PT1H30M", 5_400_000],
    ["P7D", 604_800_000],
    ["P2W", 1_209_600_000],
    ["P1DT2H3M4.005S", 93_784_005],
  ])("parse reads %s", (text, total) => expect(Duration.parse(text).toMilliseconds()).toBe(total));

  it.each([
    "",
    "P",
    "PT",
    "P1DT",
    "1h",
    "90",
    "P1Y",
    "P1M",
    "PT1M1H",
    "-PT1S",
    "PT1.5H",
    "pt1h",
    " PT1H",
    5 as never,
  ])("parse refuses %p", (text) =>
    expect(() => Duration.parse(text).toSeconds()).toThrow(/is no duration: write it as ISO 8601 does/),
  );

  it.each([
    [Duration.millis(0), "0 seconds", "PT0S"],
    [Duration.millis(1), "1 millisecond", "PT0.001S"],
    [Duration.minutes(90), "1 hour 30 minutes", "PT1H30M"],
    [Duration.days(1), "1 day", "P1D"],
    [Duration.hours(50), "2 days 2 hours", "P2DT2H"],
  ])("%s in words and in ISO 8601", (duration, words, iso) => {
    expect(duration.toHumanString()).toBe(words);
    expect(String(duration)).toBe(words);
    expect(duration.toIsoString()).toBe(iso);
    expect(JSON.stringify({ duration })).toBe(`{"duration":"${iso}"}`);
  });

  it("cannot be less than nothing", () => {
    expect(() => Duration.minutes(1).minus(Duration.minutes(2))).toThrow(
      "1 minute less 2 minutes would be less than nothing.",
    );
  });

  it("is recognized, also from another copy of the package", () => {
    let other: unknown;
    jest.isolateModules(() => {
      other = (
        jest.requireActual("../../../constructs/values/duration") as { Duration: typeof Duration }
      ).Duration.days(1);
    });
    expect(other).not.toBeInstanceOf(Duration);
    expect(Duration.isDuration(other)).toBe(true);
    expect(Duration.isDuration(Duration.days(1))).toBe(true);
    for (const value of [undefined, null, 5, "PT1H", {}]) expect(Duration.isDuration(value)).toBe(false);
  });

  it("is equal to another of the same length, and to no other", () => {
    expect(Duration.minutes(60)).toEqual(Duration.hours(1));
    expect(Duration.minutes(61)).not.toEqual(Duration.hours(1));
  });
});
