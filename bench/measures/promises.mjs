import { createRequire } from "node:module";
import path from "node:path";

import { npmCommand } from "../../scripts/lib/install.mjs";
import { timed } from "../../scripts/lib/log.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { runOrThrow } from "../../scripts/lib/run.mjs";
import { result } from "../report/results.mjs";
import { clientCalls } from "./client.mjs";
import { emulatorStart, emulatorThroughput } from "./emulator.mjs";
import { entryCost } from "./entry.mjs";
import { planResults } from "./plan.mjs";
import { stateSizes } from "./state.mjs";

/** @typedef {import("../report/results.mjs").Result} Result */
/** @typedef {import("../../scripts/lib/log.mjs").Log} Log */

/** How long npm start -- --once may take before it counts as hung, in milliseconds. */
const START_LIMIT = 10 * 60_000;

/** How often each thing is measured. */
const FULL = { processes: 9, vms: 1_000, plans: 5, rounds: 400, pairs: 5 };
const QUICK = { processes: 3, vms: 200, plans: 1, rounds: 100, pairs: 1 };

/**
 * What README.md promises besides fleets. A quick look leaves out what takes longest.
 * @param {{ bin: string, log: Log, quick: boolean }} options
 * @returns {Promise<Result[]>}
 */
export async function promiseResults({ bin, log, quick }) {
  const size = quick ? QUICK : FULL;
  const results = [...(await loading(size, log)), ...(await state(bin, log))];
  if (quick) return results;
  const planned = await timed(log, "plan and synth beside cdk8s", () =>
    planResults({ sizes: [1_000, 10_000], pairs: size.plans, progress: (text) => log.progress(text) }),
  );
  return [
    ...results,
    ...planned,
    ...(await emulator(size, log)),
    await start(log),
    ...(await clientResults(log)),
  ];
}

/**
 * Our client beside the vendor's.
 * @param {Log} log
 * @param {boolean} [quick]
 */
export function clientResults(log, quick = false) {
  const { rounds, pairs } = quick ? QUICK : FULL;
  return timed(log, "the client beside the vendor's", () =>
    clientCalls({
      withEmulator: (work) => withEmulator({ execute: "simulate", bootMs: 0, vmIdMs: 0, stopMs: 0 }, work),
      rounds,
      pairs,
      progress: (text) => log.progress(text),
    }),
  );
}

/**
 * @param {typeof FULL} size
 * @param {Log} log
 */
async function loading({ processes }, log) {
  return timed(log, "loading the entries", async () => {
    const cost = async (/** @type {string} */ entry, /** @type {number} */ goal) => {
      const { bare, cost: added } = await entryCost(entry, processes);
      const how = `over bare Node (${Math.round(bare)} ms), CPU time, medians of ${processes} processes`;
      return result(`Loading "${entry}"`, added, "ms", goal, how);
    };
    return [await cost("pulumi-mags/dynamic", 60), await cost("pulumi-mags/constructs", 40)];
  });
}

/**
 * @param {string} bin
 * @param {Log} log
 */
async function state(bin, log) {
  // The example's scripts really run; in a simulated VM its setup could leave no record behind.
  const { text, largest, resources } = await timed(log, "state of the example", () =>
    withEmulator({}, (target) => stateSizes(bin, target)),
  );
  return [
    result("`__provider` in the state", text, "bytes", 120, "the longest of the example"),
    result("State per resource", largest, "bytes", 2500, `the largest of the example's ${resources}`),
  ];
}

/**
 * @param {typeof FULL} size
 * @param {Log} log
 */
async function emulator({ processes, vms }, log) {
  const started = await timed(log, "starts of the emulator", () => emulatorStart(startEmulator(), processes));
  const calls = await timed(log, `${vms} VMs of the emulator`, () =>
    withEmulator({ execute: "simulate" }, (target) => emulatorThroughput(target, vms)),
  );
  const how = `${Math.round(calls)} calls/s: ${vms} simulated VMs created, read, listed and stopped, 50 in flight`;
  return [
    result("Start of the emulator", started, "ms", 150, `median of ${processes}, each ready to run scripts`),
    result("A call of the emulator", 1000 / calls, "ms", 2, how),
  ];
}

/** @param {Log} log */
async function start(log) {
  const [npm, ...args] = npmCommand();
  const begun = performance.now();
  await timed(log, "npm start -- --once", () =>
    runOrThrow("npm start -- --once failed", npm, [...args, "start", "--", "--once"], {
      cwd: root,
      timeout: START_LIMIT,
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  return result("`npm start -- --once`", seconds, "s", 45, "once, everything set up before");
}

/**
 * @template T
 * @param {object} options
 * @param {(emulator: { url: string, token: string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withEmulator(options, work) {
  const target = await startEmulator()(options);
  try {
    return await work(target);
  } finally {
    await target.stop();
  }
}

/** Loaded late: what it is loaded from is built first. */
function startEmulator() {
  return createRequire(import.meta.url)(path.join(root, "dist", "emulator", "index.js")).startEmulator;
}
