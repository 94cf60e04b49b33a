import { absent, result } from "../report/results.mjs";
import { pairwise } from "../report/statistics.mjs";
import { FIRST_UP_BARE, NO_OP_UP, REFRESH } from "./phases.mjs";

/** What has to grow with the fleet and no faster, and how much more a resource may take in the largest one. */
const PHASES = [FIRST_UP_BARE, NO_OP_UP, REFRESH];
const GOAL = 1.2;

/** Whose growth is measured: ours, and that of the engine by itself beside it. */
export const GROWING = ["resources", "floor"];

/**
 * Measures fleets of growing sizes, without latency.
 * @param {import("./runner.mjs").FleetRunner} runner
 * @param {readonly number[]} sizes
 * @param {number} rounds
 */
export async function measureGrowth(runner, sizes, rounds) {
  const entries = runner.entries.filter(({ id }) => GROWING.includes(id));
  for (const resources of sizes) {
    const key = { resources, latency: 0 };
    await runner.with(key, { checkpoints: false, entries }, async (players) => {
      await runner.turns(players, FIRST_UP_BARE, key, 1);
      await runner.turns(players, NO_OP_UP, key, rounds);
      await runner.turns(players, REFRESH, key, rounds);
      // Nothing is measured of it, so nothing is destroyed: the emulators end.
    });
  }
}

/**
 * @param {import("./records.mjs").FleetRecords} records
 * @returns {import("../report/results.mjs").Result[]}
 */
export function growthResults(records) {
  const sizes = [...new Set(records.list.map(({ resources }) => resources))].sort((a, b) => a - b);
  const [few = 0, many = 0] = [sizes[0], sizes.at(-1)];
  return PHASES.map((phase) => {
    const name = `Growth of ${phase.title}`;
    if (few === many) return absent(name, "measured with --growth");
    const growth = (/** @type {string} */ contestant) => {
      const [small, large] = [few, many].map((resources) =>
        records.find({ resources, latency: 0, phase: phase.id, contestant }),
      );
      if (small === undefined || large === undefined) return undefined;
      return pairwise([large.milliseconds, small.milliseconds], (late, early) => late / many / (early / few));
    };
    const ours = growth("resources");
    if (ours === undefined) return absent(name, "ours did not take part");
    const floor = growth("floor");
    const beside = floor === undefined ? "" : `; ${floor.median.toFixed(2)} for empty ones`;
    return result(name, ours, "times", GOAL, `each of ${many} resources against each of ${few}${beside}`);
  });
}
