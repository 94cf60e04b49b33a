import { readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";

import { watchParents } from "../../scripts/lib/parents.mjs";
import { stateFolder } from "../../scripts/lib/paths.mjs";
import { END_SIGNALS, isAlive } from "../../scripts/lib/run.mjs";
import { endDescendants } from "./processes.mjs";

/** What is undone when a signal ends the run: latest first. @type {Set<() => unknown>} */
const undos = new Set();

let ending = false;

/** Whether the run was asked to end: what fails from then on was ended, and nothing new is begun. */
export function isEnding() {
  return ending;
}

/**
 * Remembers how something is undone, in case a signal comes. Returns the function that undoes it now.
 * @param {() => unknown} undo
 */
export function owning(undo) {
  undos.add(undo);
  return async () => {
    undos.delete(undo);
    await undo();
  };
}

/**
 * From now on a signal, or the end of the npm that runs this, ends every process that was started, undoes what is
 * owned, and ends this one. Programs that the engine starts lead process groups of their own, so the terminal's
 * Ctrl-C does not reach them.
 */
export function cleanUpOnSignals() {
  const end = (/** @type {NodeJS.Signals} */ signal) => {
    if (ending) return;
    ending = true;
    process.stderr.write("\nStopping what was started …\n");
    void endDescendants(process.pid)
      .then(async () => {
        for (const undo of [...undos].reverse()) await undo();
      })
      .finally(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of END_SIGNALS) process.on(signal, () => end(signal));
  watchParents(() => end("SIGHUP"));
}

/**
 * Removes the folders of runs that were killed. Their names end in the run's process id and a number.
 */
export function removeLeftovers() {
  const folder = stateFolder("bench");
  for (const name of readdirSync(folder)) {
    const pid = /-(\d+)-\d+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
