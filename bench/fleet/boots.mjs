import { result } from "../report/results.mjs";
import { median, pairwise } from "../report/statistics.mjs";

/** How long VMs boot, in milliseconds, and how many operations are under way at once. */
const BOOT = 2_000;
const PARALLEL = 50;

/**
 * A first up of VMs that take their time to boot, against the ideal: as many at once as allowed, and besides that
 * no more than empty resources take.
 * @param {import("./runner.mjs").FleetRunner} runner
 * @param {number} vms
 * @param {number} pairs
 * @returns {Promise<import("../report/results.mjs").Result[]>}
 */
export async function bootResults(runner, vms, pairs) {
  const entries = ["resources", "floor"].flatMap(
    (id) => runner.entries.find((entry) => entry.id === id) ?? [],
  );
  if (entries.length < 2) return [];
  const boots = Math.ceil(vms / PARALLEL) * BOOT;
  /** @type {Record<string, number[]>} */
  const times = { resources: [], floor: [] };
  for (let pair = 1; pair <= pairs; pair++) {
    for (const entry of entries) {
      await runner.with(
        { resources: vms, latency: 0 },
        { entries: [entry], parallel: PARALLEL, emulator: { bootMs: BOOT } },
        async ([{ contestant }]) => {
          runner.progress(`${vms} VMs that boot for ${BOOT / 1000} s: ${entry.title}, ${pair} of ${pairs} …`);
          times[entry.id]?.push((await contestant.firstUp()).milliseconds);
        },
      );
    }
  }
  const { resources = [], floor = [] } = times;
  const [mine, empty] = [resources, floor].map((list) => (median(list) / 1000).toFixed(1));
  return [
    result(
      `First up of ${vms} VMs that boot for ${BOOT / 1000} s`,
      pairwise([resources, floor], (own, least) => own / (boots + least)),
      "times",
      1.3,
      `${mine} s against ${boots / 1000} s of boots, ${PARALLEL} at once, and ${empty} s for empty ones`,
    ),
  ];
}
