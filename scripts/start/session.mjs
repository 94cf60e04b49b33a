import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { isAlive } from "../lib/run.mjs";
import { stateFolder } from "../lib/paths.mjs";

/**
 * @typedef {object} Session
 * @property {string} folder Holds the stack's state and settings; nothing of them reaches the example's folder.
 * @property {string} passphrase What the stack's secrets are encrypted with.
 * @property {Record<string, string>} config Settings of the stack that belong to the session.
 * @property {() => void} end
 */

/**
 * The session of a run against the local cloud: as short-lived as its emulator, and apart from all others. What
 * runs that were killed have left behind is removed first.
 * @returns {Session}
 */
export function localSession() {
  const parent = stateFolder("start");
  for (const name of readdirSync(parent)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const folder = path.join(parent, `run-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  stateFolder("start", `run-${process.pid}`, "state");
  const end = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return { folder, passphrase: randomBytes(16).toString("hex"), config: {}, end };
}

/**
 * The session of the real cloud. Its state names real resources, so it stays until they are destroyed.
 * @returns {Session}
 */
export function liveSession() {
  const folder = stateFolder("live");
  stateFolder("live", "state");
  return {
    folder,
    passphrase: kept(path.join(folder, "passphrase")),
    // By it, what a run that was cut off has made is recognized as ours.
    config: { "mags:namespace": `npm-start-${kept(path.join(folder, "namespace"))}` },
    end: () => undefined,
  };
}

/**
 * A random text that stays the same from run to run.
 * @param {string} file
 */
function kept(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString("hex"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8");
}
