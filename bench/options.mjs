import { parseArgs } from "node:util";

import { UserError } from "../scripts/lib/errors.mjs";
import { CONTESTANT_IDS } from "./fleet/fleet.mjs";

export const HELP = `npm run bench [-- OPTIONS]

Measures fleets of jobs on the local emulator, side by side with what a user would pick instead, and what
else README.md promises. Prints one table and writes one JSON file. Takes about 35 minutes on two quiet
cores; docs/performance.md tells what is measured and how.

  --quick              100 resources, in three interleaved rounds, below three minutes: a look, not a measurement.
  --json               Print JSON alone on stdout; what goes on is said on stderr. npm writes two lines of its own
                       before that, unless it is asked not to: npm run --silent bench -- --json
  --out FILE           Where the JSON file goes. Default: a new file in .mags/bench/results, whose path is
                       printed; with --json or --quick none.
  --strict             Exit with 1 when a goal is missed.

  --fleet              Only the fleets.
  --client             Only the client, beside the vendor's clients where they can be had. Needs no engine.
  --sizes N,N          Resources of the fleets. Default: 100,300,1000.
  --latencies MS,MS    Milliseconds that each API call takes. Default: 0,20. The largest fleet is refreshed at 100
                       besides.
  --only NAME,NAME     Only these contestants: ${CONTESTANT_IDS.join(", ")}.
  --rounds N           How often each thing is measured. Default: up to five times, slow ones once.
  --growth             Also how time grows with the fleet. Takes some twenty minutes more.
  --growth-sizes N,N   Sizes for that. Default: 1000,3000,10000.

  --docs               Afterwards, write the figures into docs/performance.md and the plots into docs/images.
  --plot FILE          Only that, from a JSON file of an earlier run.
  -h, --help           Show this text.
`;

/**
 * @typedef {object} BenchOptions
 * @property {boolean} quick
 * @property {boolean} json
 * @property {boolean} strict
 * @property {boolean} fleet
 * @property {boolean} client
 * @property {boolean} docs
 * @property {boolean} help
 * @property {string} [out]
 * @property {string} [plot]
 * @property {readonly number[]} sizes
 * @property {readonly number[]} latencies
 * @property {readonly string[]} only
 * @property {number} [rounds]
 * @property {readonly number[]} growth Sizes; empty where growth is not asked for.
 */

/**
 * Reads the command line, and says everything that is wrong with it at once.
 * @param {string[]} args
 * @returns {BenchOptions}
 */
export function parseOptions(args) {
  const values = parsed(args);
  const problems = [];
  /**
   * @param {string} name
   * @param {string} text
   * @param {number} least
   */
  const numbers = (name, text, least) => {
    const list = text.split(",").map((one) => (/^\d{1,6}$/.test(one.trim()) ? Number(one) : NaN));
    if (list.some((one) => !(one >= least)))
      problems.push(
        `--${name} takes whole numbers from ${least} to 999999, separated by commas, not "${text}".`,
      );
    return [...new Set(list)].sort((a, b) => a - b);
  };
  const sizes = numbers("sizes", values.sizes ?? (values.quick ? "100" : "100,300,1000"), 1);
  const latencies = numbers("latencies", values.latencies ?? (values.quick ? "20" : "0,20"), 0);
  const rounds = values.rounds === undefined ? [undefined] : numbers("rounds", values.rounds, 1);
  if (rounds.length !== 1) problems.push(`--rounds takes one number, not "${values.rounds}".`);
  const only = values.only === undefined ? CONTESTANT_IDS : values.only.split(",").map((name) => name.trim());
  const unknown = only.filter((name) => !CONTESTANT_IDS.includes(name)).map((name) => name || '""');
  if (unknown.length > 0)
    problems.push(`--only knows ${CONTESTANT_IDS.join(", ")}, not ${unknown.join(", ")}.`);
  const growing = values.growth || values["growth-sizes"] !== undefined;
  const growth = growing ? numbers("growth-sizes", values["growth-sizes"] ?? "1000,3000,10000", 1) : [];
  if (growing && growth.length < 2) problems.push("--growth-sizes takes at least two sizes.");
  if (values.fleet && values.client) problems.push("--fleet and --client exclude each other.");
  if (values.client && values.docs) problems.push("--docs needs fleets, which --client leaves out.");
  if (values.plot !== undefined && args.length > (args[0] === "--plot" ? 2 : 1))
    problems.push("--plot measures nothing, so it takes no other option.");
  if (problems.length > 0 && !values.help) throw new UserError(`${problems.join("\n")}\n\n${HELP}`);
  const { quick, json, strict, fleet, client, docs, help, out, plot } = values;
  return {
    ...{ quick, json, strict, fleet, client, docs, help, out, plot },
    ...{ sizes, latencies, only, rounds: rounds[0], growth },
  };
}

/** @param {string[]} args */
function parsed(args) {
  const boolean = /** @type {const} */ ({ type: "boolean", default: false });
  const help = /** @type {const} */ ({ type: "boolean", default: false, short: "h" });
  const string = /** @type {const} */ ({ type: "string" });
  try {
    return parseArgs({
      args,
      options: {
        ...{ quick: boolean, json: boolean, strict: boolean, fleet: boolean, client: boolean },
        ...{ growth: boolean, docs: boolean, help, out: string, plot: string },
        ...{ sizes: string, latencies: string, only: string, rounds: string, "growth-sizes": string },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}
