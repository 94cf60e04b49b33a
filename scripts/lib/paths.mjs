import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Where npm puts the commands of installed packages; first in PATH for everything that the scripts start. */
export const binFolder = path.join(root, "node_modules", ".bin");

/** State of local runs: stacks, reports, locks. Git ignores it, and deleting it loses nothing of value. */
export const stateRoot = path.join(root, ".mags");

/**
 * A folder below {@link stateRoot}, made if it is not there.
 * @param {...string} parts
 */
export function stateFolder(...parts) {
  const folder = path.join(stateRoot, ...parts);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The user's home folder, also where HOME is set but empty (as some build machines have it). */
export function homeFolder() {
  return process.env.HOME ? os.homedir() : os.userInfo().homedir;
}

/**
 * A copy of the environment with `folders` in front of PATH.
 * @param {string[]} folders
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function withPath(folders, env = process.env) {
  const rest = (env.PATH ?? "").split(path.delimiter).filter((entry) => entry && !folders.includes(entry));
  return { ...env, PATH: [...folders, ...rest].join(path.delimiter) };
}
