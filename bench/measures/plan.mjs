import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { root } from "../../scripts/lib/paths.mjs";
import { runOrThrow } from "../../scripts/lib/run.mjs";
import { median } from "../report/statistics.mjs";
import { result } from "../report/results.mjs";

/**
 * @typedef {object} Cost
 * @property {number} size How many resources.
 * @property {number} mags CPU milliseconds.
 * @property {number} cdk8s CPU milliseconds.
 * @property {number} ratio
 */

/**
 * @param {object} options
 * @param {readonly number[]} options.sizes Numbers of resources, at least two.
 * @param {number} options.pairs How often each is run.
 * @param {(text: string) => void} options.progress
 */
export async function planResults(options) {
  const costs = await planCosts(options);
  const [few, many] = /** @type {[Cost, Cost]} */ ([costs[0], costs.at(-1)]);
  const each = (/** @type {Cost} */ { mags, size }) => (mags / size) * 1000;
  return [
    ...costs.map(({ size, mags, cdk8s, ratio }) =>
      result(
        `Plan and synth of ${size} resources`,
        ratio,
        "times",
        1,
        `${Math.round(mags)} ms against ${Math.round(cdk8s)} ms of cdk8s, CPU time, median of ${options.pairs} pairs`,
      ),
    ),
    result(
      `Each of ${many.size} resources against each of ${few.size}`,
      each(many) / each(few),
      "times",
      1.2,
      `${Math.round(each(many))} µs against ${Math.round(each(few))} µs of CPU time`,
    ),
  ];
}

/**
 * What it takes to plan and synthesize an app, beside cdk8s doing as many API objects: a process each, one after
 * the other, in CPU milliseconds.
 * @param {object} options
 * @param {readonly number[]} options.sizes Numbers of resources.
 * @param {number} options.pairs How often each is run.
 * @param {(text: string) => void} options.progress
 * @returns {Promise<Cost[]>}
 */
async function planCosts({ sizes, pairs, progress }) {
  const results = [];
  for (const size of sizes) {
    /** @type {Record<string, number[]>} */
    const times = { mags: [], cdk8s: [] };
    for (let pair = 1; pair <= pairs; pair++) {
      progress(`plan and synth of ${size} resources: pair ${pair} of ${pairs} …`);
      for (const side of ["mags", "cdk8s"]) times[side]?.push(await cost(side, size));
    }
    const { mags = [], cdk8s = [] } = times;
    const ratios = mags.map((time, index) => time / /** @type {number} */ (cdk8s[index]));
    results.push({ size, mags: median(mags), cdk8s: median(cdk8s), ratio: median(ratios) });
  }
  return results;
}

/**
 * @param {string} side
 * @param {number} size
 */
async function cost(side, size) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mags-bench-"));
  try {
    const program = path.join(root, "bench", "measures", "plan", `${side}.js`);
    const args = [program, String(size), path.join(folder, "out")];
    const { stdout } = await runOrThrow(`${program} failed`, process.execPath, args, { cwd: root });
    const { milliseconds, made } = JSON.parse(stdout);
    if (made !== size) throw new Error(`${side} made ${made} resources, not ${size}`);
    return /** @type {number} */ (milliseconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
