import { runOrThrow } from "../../scripts/lib/run.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { median } from "../report/statistics.mjs";

/**
 * What loading an entry adds to the start of a Node process, in milliseconds of CPU time, which a busy machine does
 * not make longer: processes with and without it, one after the other.
 * @param {string} entry
 * @param {number} processes How many of each.
 */
export async function entryCost(entry, processes) {
  const bare = [];
  const loaded = [];
  for (let index = 0; index < processes; index++) {
    bare.push(await cpuTime(""));
    loaded.push(await cpuTime(`require("${entry}");`));
  }
  return { bare: median(bare), cost: median(loaded) - median(bare) };
}

/** @param {string} code */
async function cpuTime(code) {
  const program = `${code}process.stdout.write(JSON.stringify(process.cpuUsage()))`;
  const { stdout } = await runOrThrow(`node -e '${code}' failed`, process.execPath, ["-e", program], {
    cwd: root,
  });
  const { user, system } = JSON.parse(stdout);
  return (user + system) / 1000;
}
