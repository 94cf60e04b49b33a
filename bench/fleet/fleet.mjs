import { UserError } from "../../scripts/lib/errors.mjs";
import { timed } from "../../scripts/lib/log.mjs";
import { CONTESTANTS } from "../contestants/contestants.mjs";
import { bootResults } from "./boots.mjs";
import { goalResults } from "./goals.mjs";
import { growthResults, measureGrowth } from "./growth.mjs";
import { FleetRecords } from "./records.mjs";
import { FleetRunner } from "./runner.mjs";

/** The latency of the second refresh: that of an API far away, in milliseconds per call. */
const FAR = 100;
/** VMs that boot slowly. */
const BOOTING = 200;
/** From so many resources on, checkpoints take longer than all else. */
const LARGE = 1_000;

/**
 * What is measured side by side.
 * @typedef {object} FleetSize
 * @property {readonly number[]} sizes
 * @property {readonly number[]} latencies Milliseconds per call.
 * @property {readonly string[]} only Ids of contestants.
 * @property {number} [rounds] Of everything. Default: more of what is quick or has a goal.
 * @property {boolean} quick
 * @property {readonly number[]} growth Sizes of growing fleets; none when growth is not measured.
 *
 * @typedef {object} FleetReport
 * @property {{ id: string, title: string }[]} contestants Those that took part.
 * @property {{ id: string, absent: string }[]} absent Those that could not, and why.
 * @property {import("./records.mjs").FleetRecord[]} records
 * @property {{ contestant: string, resources: number, bytes: number }[]} states
 * @property {import("./records.mjs").FleetRecord[]} growth
 * @property {{ at: string, why: string }[]} failures What went wrong; none is as it should be.
 */

/**
 * Measures fleets side by side.
 * @param {FleetSize} size
 * @param {object} options
 * @param {string} options.bin The engine's folder.
 * @param {import("../../scripts/lib/log.mjs").Log} options.log
 * @returns {Promise<{ fleet: FleetReport, results: import("../report/results.mjs").Result[] }>}
 */
export async function measureFleet(size, { bin, log }) {
  const { sizes, latencies, only, quick, growth, rounds } = size;
  const { entries, absent } = await present(only, log);
  const records = new FleetRecords();
  const progress = (/** @type {string} */ text) => log.progress(text);
  const runner = new FleetRunner({ bin, entries, records, progress });
  const [largest, slowest] = [Math.max(...sizes), Math.max(...latencies)];
  const refreshAt = quick ? [] : [FAR].filter((other) => !latencies.includes(other));
  /**
   * What goes wrong in one part leaves the others as they are.
   * @param {string} title
   * @param {() => Promise<void>} work
   */
  const part = async (title, work) => {
    try {
      await timed(log, title, work);
    } catch (error) {
      runner.note(title, error);
    }
  };
  for (const resources of sizes) {
    for (const latency of latencies) {
      const judged = resources === largest && latency === slowest;
      await part(`fleets of ${resources} at ${latency} ms per call`, () =>
        runner.cell(
          { resources, latency, refreshAt: judged ? refreshAt : [] },
          repetitions({ resources, judged, quick, rounds }),
        ),
      );
    }
  }
  /** @type {import("../report/results.mjs").Result[]} */
  const boots = [];
  await part("VMs that boot slowly", async () => {
    boots.push(...(await bootResults(runner, Math.min(BOOTING, largest), rounds ?? (quick ? 1 : 3))));
  });
  const growing = new FleetRunner({ bin, entries, records: new FleetRecords(), progress });
  if (growth.length > 0) {
    await part(`growth from ${growth[0]} to ${growth.at(-1)}`, () =>
      measureGrowth(growing, growth, rounds ?? 2),
    );
  }
  const failures = [...runner.failures, ...growing.failures];
  for (const { at, why } of failures) log.line(`failed: ${at}: ${why}`);
  return {
    fleet: {
      contestants: entries.map(({ id, title }) => ({ id, title })),
      absent,
      records: records.list,
      states: records.states,
      growth: growing.records.list,
      failures,
    },
    results: [
      ...goalResults(records, { resources: largest, latency: slowest, refreshAt, absent }),
      ...boots,
      ...growthResults(growing.records),
    ],
  };
}

/** The ids that `only` may hold. */
export const CONTESTANT_IDS = CONTESTANTS.map(({ id }) => id);

/**
 * @param {readonly string[]} only
 * @param {import("../../scripts/lib/log.mjs").Log} log
 */
async function present(only, log) {
  const entries = [];
  const absent = [];
  for (const entry of CONTESTANTS.filter(({ id }) => only.includes(id))) {
    const why = await entry.absent?.(log);
    if (why === undefined) entries.push(entry);
    else absent.push({ id: entry.id, absent: why });
  }
  for (const { id, absent: why } of absent) log.line(`${id} does not take part: ${why}`);
  if (entries.length === 0) throw new UserError("Nobody is there to be measured.");
  return { entries, absent };
}

/**
 * With checkpoints, a thousand resources take a minute, whatever a call takes: they are made so at one latency only.
 * @param {{ resources: number, judged: boolean, quick: boolean, rounds: number | undefined }} cell
 * @returns {import("./runner.mjs").Repetitions}
 */
function repetitions({ resources, judged, quick, rounds }) {
  const small = resources < LARGE;
  const checkpoints = small || judged ? 1 : 0;
  if (rounds !== undefined)
    return { checkpoints, ups: rounds, unchanged: rounds, changes: rounds, refreshes: rounds };
  if (judged && !quick) return { checkpoints, ups: 2, unchanged: 5, changes: 1, refreshes: 3 };
  return { checkpoints, ups: 1, unchanged: small ? 3 : 2, changes: 1, refreshes: quick ? 3 : 2 };
}
