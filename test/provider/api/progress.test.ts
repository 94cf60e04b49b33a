import { progress } from "../../../provider/api/progress";
import { AutoClock } from "../../support/clock";

it("says what is waited for at most every ten seconds, and nothing of a short wait", () => {
  const clock = new AutoClock();
  const said: string[] = [];
  const say = progress({ clock, say: (message) => said.push(message) });
  const told: boolean[] = [];
  for (let second = 0; second <= 25; second++) {
    told.push(say(() => `for second ${second}`));
    clock.pass(1_000);
  }
  expect(said).toEqual(["waiting for second 10, 10 s so far", "waiting for second 20, 20 s so far"]);
  expect(told.filter(Boolean)).toHaveLength(2);
});
