import { cpSync } from "node:fs";
import path from "node:path";

import { root } from "../scripts/lib/paths.mjs";
import { median } from "./median.mjs";
import { BenchStack } from "./stack.mjs";

/**
 * How long an update takes that finds nothing to do, for a fleet of this package's resources and for as many
 * empty ones with the same constant-text mechanism, in milliseconds.
 * @param {object} options
 * @param {string} options.bin The engine's folder.
 * @param {{ url: string, token: string }} options.emulator
 * @param {number} options.resources
 * @param {number} options.pairs How often each is run, one after the other.
 * @param {(text: string) => void} options.progress
 */
export async function unchangedUpdates({ bin, emulator, resources, pairs, progress }) {
  const make = (/** @type {string} */ kind) => {
    const stack = new BenchStack({
      name: kind,
      program: path.join(root, "bench", "fleet"),
      bin,
      env: {
        MAGS_API_URL: emulator.url,
        MAGS_API_TOKEN: emulator.token,
        BENCH_KIND: kind,
        BENCH_RESOURCES: String(resources),
        // Writing the state after every one of the creates is not what is measured.
        PULUMI_SKIP_CHECKPOINTS: "true",
      },
    });
    cpSync(path.join(root, "bench", "empty"), path.join(stack.folder, "node_modules", "bench-empty"), {
      recursive: true,
    });
    return stack;
  };
  const stacks = [make("fleet"), make("empty")];
  try {
    for (const stack of stacks) {
      progress(`creating ${resources} resources …`);
      await stack.init();
      await stack.up();
      const made = (await stack.resources()).length;
      if (made !== resources) throw new Error(`the program made ${made} resources, not ${resources}`);
    }
    /** @type {number[][]} */
    const times = [[], []];
    for (let pair = 1; pair <= pairs; pair++) {
      progress(`updates that change nothing: pair ${pair} of ${pairs} …`);
      // Whoever goes first meets colder caches, so they take turns.
      for (const which of pair % 2 === 1 ? [0, 1] : [1, 0]) {
        times[which]?.push(/** @type {number} */ (await stacks[which]?.upUnchanged()));
      }
    }
    const [fleet = [], empty = []] = times;
    const ratios = fleet.map((time, index) => time / /** @type {number} */ (empty[index]));
    return { fleet: median(fleet), empty: median(empty), ratio: median(ratios) };
  } finally {
    for (const stack of stacks) stack.remove();
  }
}
