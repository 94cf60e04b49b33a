import { inShort, inUtc } from "../../../cli/lib/time";

it.each([
  [0, "0s"],
  [-5_000, "0s"],
  [119_999, "119s"],
  [120_000, "2m"],
  [7_199_999, "119m"],
  [7_200_000, "2h"],
  [172_799_999, "47h"],
  [172_800_000, "2d"],
  [86_400_000 * 400, "400d"],
  [Number.NaN, ""],
])("a span of %i ms is %j", (milliseconds, words) => expect(inShort(milliseconds)).toBe(words));

it("a time is told in UTC, to the minute", () =>
  expect(inUtc(Date.parse("2026-01-06T01:02:59+01:00"))).toBe("2026-01-06 00:02 UTC"));
