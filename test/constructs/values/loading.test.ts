import { Duration } from "../../../constructs/values/duration";
import { Schedule } from "../../../constructs/values/schedule";

const loaded = () =>
  Object.keys(require.cache).flatMap((file) => /node_modules.(croner|cronstrue)\b/.exec(file)?.[1] ?? []);

it("the libraries for schedules are loaded by those who need them only", () => {
  expect(Schedule.rate(Duration.minutes(5)).expressionString).toBe("*/5 * * * *");
  expect(loaded()).toEqual([]);
  const schedule = Schedule.expression("0 3 * * *");
  expect(loaded()).toEqual(["croner"]);
  schedule.describe();
  expect(loaded()).toEqual(["croner", "cronstrue"]);
});
