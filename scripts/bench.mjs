// npm run bench: measures what README.md promises; see --help.
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { clientCalls } from "../bench/client.mjs";
import { emulatorStart, emulatorThroughput } from "../bench/emulator.mjs";
import { entryCost } from "../bench/entry.mjs";
import { planResults } from "../bench/plan.mjs";
import { result, tableOf } from "../bench/report.mjs";
import { stateSizes } from "../bench/state.mjs";
import { unchangedUpdates } from "../bench/unchanged.mjs";
import { getEngine } from "./engine/get-engine.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { UserError } from "./lib/errors.mjs";
import { ensureInstalled, npmCommand } from "./lib/install.mjs";
import { createLog, timed } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root } from "./lib/paths.mjs";
import { runOrThrow } from "./lib/run.mjs";

const HELP = `npm run bench [-- OPTIONS]

Measures, on the local emulator, what README.md promises, and prints one table.

  --client   Only the client, beside the vendor's clients where they can be had. Needs no engine.
  --quick    Fewer repetitions of smaller things: a look, not a measurement.
  --json     Print JSON alone on stdout; what goes on is said on stderr.
  --strict   Exit with 1 when a goal is missed.
  --help     Show this text.
`;

/** How long npm start -- --once may take before it counts as hung, in milliseconds. */
const START_LIMIT = 10 * 60_000;

/** How much is measured. */
const FULL = { processes: 9, resources: 300, pairs: 5, vms: 1_000, plans: 5, rounds: 400 };
const QUICK = { processes: 3, resources: 60, pairs: 1, vms: 200, plans: 1, rounds: 100 };

main(async () => {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const log = createLog(options.json ? process.stderr : process.stdout);
  await ensureInstalled(log);
  await useProjectNode();
  await timed(log, "build", () => ensureBuilt(log));
  const size = options.quick ? QUICK : FULL;
  const results = options.client
    ? await measureClient(size, log)
    : [...(await measure(size, (await getEngine({ log })).bin, log)), ...(await measureClient(size, log))];
  const missed = results.filter(({ met }) => !met);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ quick: options.quick, machine: machine(), results }, null, 2)}\n`,
    );
  } else {
    log.line(`\n${tableOf(results)}\n`);
    log.line(`${machine()}${options.quick ? "; quick: a look, not a measurement" : ""}`);
    log.line(
      missed.length === 0 ? "All goals are met." : `Missed: ${missed.map(({ name }) => name).join("; ")}.`,
    );
  }
  return options.strict && missed.length > 0 ? 1 : 0;
});

function parseOptions() {
  const boolean = /** @type {const} */ ({ type: "boolean", default: false });
  try {
    return parseArgs({
      options: { client: boolean, quick: boolean, json: boolean, strict: boolean, help: boolean },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

/**
 * @param {typeof FULL} size
 * @param {string} bin The engine's folder.
 * @param {import("./lib/log.mjs").Log} log
 * @returns {Promise<import("../bench/report.mjs").Result[]>}
 */
async function measure({ processes, resources, pairs, vms, plans }, bin, log) {
  const [entry, constructs] = await timed(log, "loading the entries", async () => [
    await entryCost("pulumi-mags/dynamic", processes),
    await entryCost("pulumi-mags/constructs", processes),
  ]);
  const planned = await timed(log, "plan and synth beside cdk8s", () =>
    planResults({ sizes: [1_000, 10_000], pairs: plans, progress: (text) => log.progress(text) }),
  );
  // The example's scripts really run; in a simulated VM its setup could leave no record behind.
  const state = await timed(log, "state of the example", () =>
    withEmulator({}, (emulator) => stateSizes(bin, emulator)),
  );
  const unchanged = await timed(log, `updates of ${resources} resources that change nothing`, () =>
    withEmulator({ execute: "simulate", bootMs: 0, vmIdMs: 0, stopMs: 0 }, (emulator) =>
      unchangedUpdates({ bin, emulator, resources, pairs, progress: (text) => log.progress(text) }),
    ),
  );
  const emulator = await timed(log, "starts of the emulator", () =>
    emulatorStart(startEmulator(), processes),
  );
  const calls = await timed(log, `${vms} VMs of the emulator`, () =>
    withEmulator({ execute: "simulate" }, (target) => emulatorThroughput(target, vms)),
  );
  const start = await timed(log, "npm start -- --once", startOnce);
  return [
    result("`__provider` in the state", state.text, "bytes", 120, "the longest of the example"),
    result(
      "State per resource",
      state.largest,
      "bytes",
      2500,
      `the largest of the example's ${state.resources}`,
    ),
    result(
      'Loading "pulumi-mags/dynamic"',
      entry.cost,
      "ms",
      60,
      `over bare Node (${Math.round(entry.bare)} ms), CPU time, medians of ${processes} processes`,
    ),
    result(
      'Loading "pulumi-mags/constructs"',
      constructs.cost,
      "ms",
      40,
      `over bare Node (${Math.round(constructs.bare)} ms), CPU time, medians of ${processes} processes`,
    ),
    ...planned,
    result(
      `Unchanged \`up\` of ${resources} resources`,
      unchanged.ratio,
      "times",
      1.15,
      `${seconds(unchanged.fleet)} against ${seconds(unchanged.empty)} for empty ones, median of ${pairs} pairs`,
    ),
    result("Start of the emulator", emulator, "ms", 150, `median of ${processes}, each ready to run scripts`),
    result(
      "A call of the emulator",
      1000 / calls,
      "ms",
      2,
      `${Math.round(calls)} calls/s: ${vms} simulated VMs created, read, listed and stopped, 50 in flight`,
    ),
    result("`npm start -- --once`", start / 1000, "s", 45, "once, everything set up before"),
  ];
}

/**
 * @param {typeof FULL} size
 * @param {import("./lib/log.mjs").Log} log
 */
function measureClient({ rounds, pairs }, log) {
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
 * @template T
 * @param {object} options
 * @param {(emulator: { url: string, token: string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withEmulator(options, work) {
  const emulator = await startEmulator()(options);
  try {
    return await work(emulator);
  } finally {
    await emulator.stop();
  }
}

/** Loaded late: what it is loaded from is built first. */
function startEmulator() {
  return createRequire(import.meta.url)(path.join(root, "dist", "emulator", "index.js")).startEmulator;
}

async function startOnce() {
  const [npm, ...args] = npmCommand();
  const start = performance.now();
  await runOrThrow("npm start -- --once failed", npm, [...args, "start", "--", "--once"], {
    cwd: root,
    timeout: START_LIMIT,
  });
  return performance.now() - start;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function machine() {
  const [one = 0] = os.loadavg();
  return `${os.cpus().length} CPUs, load ${one.toFixed(1)}, ${process.platform} ${process.arch}, Node ${process.version}`;
}
