import { runOrThrow } from "../scripts/lib/run.mjs";
import { root } from "../scripts/lib/paths.mjs";
import { median } from "./median.mjs";

/**
 * What loading an entry adds to the start of a Node process, in milliseconds: processes with and without it, one
 * after the other, so that a busy machine slows both alike.
 * @param {string} entry
 * @param {number} processes How many of each.
 */
export async function entryCost(entry, processes) {
  const bare = [];
  const loaded = [];
  for (let index = 0; index < processes; index++) {
    bare.push(await processTime("0"));
    loaded.push(await processTime(`require("${entry}")`));
  }
  return { bare: median(bare), cost: median(loaded) - median(bare) };
}

/** @param {string} code */
async function processTime(code) {
  const start = performance.now();
  await runOrThrow(`node -e '${code}' failed`, process.execPath, ["-e", code], { cwd: root });
  return performance.now() - start;
}
