// npm run bench: measures fleets beside what a user would pick instead, and what README.md promises; see --help.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { measureFleet } from "../bench/fleet/fleet.mjs";
import { cleanUpOnSignals, isEnding, removeLeftovers } from "../bench/lib/cleanup.mjs";
import { clientResults, promiseResults } from "../bench/measures/promises.mjs";
import { HELP, parseOptions } from "../bench/options.mjs";
import { writePages } from "../bench/report/pages.mjs";
import { isReport, textOf } from "../bench/report/text.mjs";
import { getEngine } from "./engine/get-engine.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { UserError, hasCode } from "./lib/errors.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { createLog, timed } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { stateFolder } from "./lib/paths.mjs";

/** @typedef {import("../bench/options.mjs").BenchOptions} BenchOptions */
/** @typedef {import("./lib/log.mjs").Log} Log */

main(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const log = createLog(options.json ? process.stderr : process.stdout);
  if (options.plot !== undefined) {
    writePages(readReport(options.plot), log);
    return 0;
  }
  const file = outFile(options);
  if (file !== undefined) tryToWrite(file);
  await ensureInstalled(log);
  await useProjectNode();
  cleanUpOnSignals();
  removeLeftovers();
  await timed(log, "build", () => ensureBuilt(log));
  const report = await measure(options, log).catch((error) => {
    // What fails after a signal was ended by it: the process ends when all is undone.
    if (isEnding()) return new Promise(() => undefined);
    throw error;
  });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (options.json) process.stdout.write(text);
  else log.line(`\n${textOf(report)}\n`);
  if (file !== undefined) {
    writeFileSync(file, text);
    log.line(`JSON: ${file}`);
  }
  if (options.docs) writePages(report, log);
  const failed = (report.fleet?.failures.length ?? 0) > 0;
  return failed || (options.strict && report.results.some(({ met }) => met === false)) ? 1 : 0;
});

/**
 * @param {BenchOptions} options
 * @param {Log} log
 * @returns {Promise<import("../bench/report/text.mjs").Report>}
 */
async function measure(options, log) {
  const about = { date: new Date().toISOString(), quick: options.quick, machine: machine() };
  if (options.client) return { ...about, results: await clientResults(log, options.quick) };
  const { bin } = await getEngine({ log });
  const others = options.fleet ? [] : await promiseResults({ bin, log, quick: options.quick });
  const { fleet, results } = await measureFleet(options, { bin, log });
  return { ...about, fleet, results: [...results, ...others] };
}

/** @param {string} file */
function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    if (isReport(report)) return report;
  } catch (error) {
    if (!(error instanceof SyntaxError || hasCode(error, "ENOENT") || hasCode(error, "EISDIR"))) throw error;
  }
  throw new UserError(`${file} is no JSON file of npm run bench. It is written by --out FILE.`);
}

/**
 * Before anything is measured: that takes long.
 * @param {string} file
 */
function tryToWrite(file) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const isThere = existsSync(file);
    writeFileSync(file, "", { flag: "a" });
    if (!isThere) rmSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UserError(`The results could not be written to ${file}: ${error.message}.`);
    throw error;
  }
}

/** @param {BenchOptions} options */
function outFile({ out, json, quick }) {
  if (out !== undefined) return path.resolve(out);
  if (json || quick) return undefined;
  return path.join(stateFolder("bench", "results"), `${new Date().toISOString().replaceAll(":", "-")}.json`);
}

function machine() {
  const [one = 0] = os.loadavg();
  return `${os.cpus().length} CPUs, load ${one.toFixed(1)}, ${process.platform} ${process.arch}, Node ${process.version}`;
}
