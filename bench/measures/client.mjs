import path from "node:path";

import { runOrThrow } from "../../scripts/lib/run.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { vendorClients } from "./clients/vendor.mjs";
import { median } from "../report/statistics.mjs";
import { absent, result } from "../report/results.mjs";

/** Calls of one round, as the workers make them. */
const CALLS = 7;
const IN_FLIGHT = 16;
/** How long one measurement may take, in milliseconds. */
const LIMIT = 5 * 60_000;

/**
 * Calls per second of our client beside those of the vendor's, where they can be had: in turns, each in a
 * process of its own on an emulator of its own.
 * @param {object} options
 * @param {<T>(work: (emulator: { url: string, token: string }) => Promise<T>) => Promise<T>} options.withEmulator
 * @param {number} options.rounds
 * @param {number} options.pairs How often each is measured.
 * @param {(text: string) => void} options.progress
 * @returns {Promise<import("../report/results.mjs").Result[]>}
 */
export async function clientCalls({ withEmulator, rounds, pairs, progress }) {
  const entry = path.join(root, "dist", "provider", "client", "index.js");
  const ours = [process.execPath, path.join(import.meta.dirname, "clients", "worker.mjs"), entry];
  /** @param {string[]} command */
  const measure = ([command = "", ...args]) =>
    withEmulator(async ({ url, token }) => {
      const env = { ...process.env, MAGS_API_URL: url, MAGS_API_TOKEN: token, NO_PROXY: "127.0.0.1" };
      const numbers = [String(rounds), String(IN_FLIGHT)];
      const { stdout } = await runOrThrow("a client failed", command, [...args, ...numbers], {
        env,
        timeout: LIMIT,
      });
      return /** @type {{ sequential: number, together: number }} */ (JSON.parse(stdout));
    });
  const results = [];
  for (const { name, command, absent: why } of await vendorClients()) {
    if (command === undefined) {
      results.push(absent(`Client beside ${name}`, String(why)));
      continue;
    }
    /** @type {{ sequential: number, together: number }[][]} */
    const times = [[], []];
    for (let pair = 1; pair <= pairs; pair++) {
      progress(`our client and ${name}: pair ${pair} of ${pairs} …`);
      for (const which of pair % 2 === 1 ? [0, 1] : [1, 0])
        times[which]?.push(await measure(which === 0 ? ours : command));
    }
    for (const [way, how] of /** @type {const} */ ([
      ["sequential", "one after another"],
      ["together", `${IN_FLIGHT} in flight`],
    ])) {
      const [mine = [], theirs = []] = times.map((list) => list.map((time) => time[way]));
      const ratio = median(mine.map((time, index) => time / /** @type {number} */ (theirs[index])));
      const [fast, slow] = [mine, theirs].map((list) => Math.round((rounds * CALLS * 1000) / median(list)));
      results.push(
        result(
          `Time of a client's call beside ${name}, ${how}`,
          ratio,
          "times",
          1,
          `${fast} calls/s against ${slow}, median of ${pairs} pairs`,
        ),
      );
    }
  }
  return results;
}
