import { writeSync } from "node:fs";
import { itIf } from "../support/skip";
import { CHECKS } from "./checks";
import { SeenRoutes } from "./support/client";
import { liveAbilities, liveTarget, recordedLine, whyNotLive } from "./support/live-target";
import { CONTRACT_ROUTES } from "./support/routes";
import { ABILITIES } from "./support/target";
import type { Target } from "./support/target";

const reason = whyNotLive(process.env);
const seen = new SeenRoutes();

/** Longest time of one check against the cloud, its clean-up included, in milliseconds. */
const LIMIT = 600_000;

// Straight to the stream: the runner decorates what goes through console.
afterAll(() => {
  writeSync(2, `${recordedLine(seen.count, process.env)}\n`);
  if (reason === undefined && seen.missing().length > 0) {
    writeSync(2, `not recorded: ${seen.missing().join(", ")}\n`);
  }
});

if (reason !== undefined) {
  itIf(false, reason)("the cloud answers as the contract says", () => undefined);
} else {
  describe("the live cloud", () => {
    const abilities = liveAbilities(process.env);
    let target: Target;

    beforeAll(() => {
      target = liveTarget(process.env, seen);
    });
    afterEach(async () => {
      expect(await target.cleanUp()).toEqual([]);
    }, LIMIT);

    for (const { area, name, needs, run } of CHECKS) {
      const missing = needs.filter((need) => !abilities.includes(need));
      const why = missing.map((need) => ABILITIES[need]).join("; ");
      itIf(missing.length === 0, `not so in the cloud: ${why}`)(`${area}: ${name}`, () => run(target), LIMIT);
    }
  });
}

describe("when the cloud is asked", () => {
  test("only with the flag and a token", () => {
    expect(whyNotLive({ MAGS_API_TOKEN: "t" })).toMatch(/MAGS_LIVE=1/);
    expect(whyNotLive({ MAGS_LIVE: "1" })).toMatch(/MAGS_API_TOKEN/);
    expect(whyNotLive({ MAGS_LIVE: "1", MAGS_API_TOKEN: "" })).toMatch(/MAGS_API_TOKEN/);
    expect(whyNotLive({ MAGS_LIVE: "1", MAGS_API_TOKEN: "t" })).toBeUndefined();
  });

  test("what was recorded is summed up, and only what the cloud answered counts", () => {
    const all = CONTRACT_ROUTES.length;
    expect(recordedLine(0, {})).toBe(`0 of ${all} routes recorded live`);
    expect(recordedLine(5, {})).toBe(`5 of ${all} routes recorded live`);
    expect(recordedLine(5, { MAGS_API_URL: "http://127.0.0.1:4000/" })).toBe(
      `0 of ${all} routes recorded live (5 answered at http://127.0.0.1:4000, which is not the cloud)`,
    );
  });
});
