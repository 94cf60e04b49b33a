import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { UserError, hasCode } from "./errors.mjs";
import { withLock } from "./lock.mjs";
import { duration } from "./log.mjs";
import { root, stateFolder } from "./paths.mjs";
import { END_SIGNALS, runOrThrow } from "./run.mjs";

/** How often a long installation says that it is still at work, in milliseconds. */
const PROGRESS_EVERY = 10_000;

/**
 * Makes node_modules hold exactly what package-lock.json says, by `npm ci`, if it does not already.
 * @param {import("./log.mjs").Log} log
 */
export async function ensureInstalled(log) {
  if (installedMatchesLock(root)) return;
  await withLock(
    path.join(stateFolder("locks"), "install.lock"),
    async () => {
      if (installedMatchesLock(root)) return;
      log.line(
        existsSync(path.join(root, "node_modules"))
          ? "Installing packages with npm ci, since package-lock.json asks for others than are there …"
          : "Installing packages with npm ci; the first time this takes about half a minute …",
      );
      const start = performance.now();
      const took = () => duration(performance.now() - start);
      const progress = setInterval(() => log.line(`  still installing, ${took()} …`), PROGRESS_EVERY);
      try {
        await npmCi();
      } finally {
        clearInterval(progress);
      }
      log.line(`packages: installed by npm ci (${took()})`);
    },
    (holder) => log.line(`Another run is installing packages (${holder}); waiting for it …`),
  );
}

/**
 * Runs `npm ci` out of reach of the terminal's Ctrl-C, which is handed on to it once: npm then takes back what it
 * has begun, and only after that this process ends too.
 */
async function npmCi() {
  let interrupted = false;
  const note = () => (interrupted = true);
  for (const signal of END_SIGNALS) process.once(signal, note);
  const [command, ...args] = npmCommand();
  try {
    await runOrThrow("npm ci failed", command, [...args, "ci", "--no-audit", "--no-fund"], {
      cwd: root,
      detached: true,
      forwardSignals: true,
    });
  } catch (error) {
    if (interrupted) throw new UserError("Interrupted. The next run installs the packages anew.");
    throw error;
  } finally {
    for (const signal of END_SIGNALS) process.removeListener(signal, note);
  }
}

/**
 * Whether what npm noted as installed is what the lockfile asks for. Optional packages may be missing: they
 * are those of other platforms.
 * @param {string} folder
 */
export function installedMatchesLock(folder) {
  const wanted = readPackages(path.join(folder, "package-lock.json"));
  const installed = readPackages(path.join(folder, "node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  for (const [location, entry] of Object.entries(wanted)) {
    if (!location.includes("node_modules/")) continue;
    const found = installed[location];
    if (found ? found.version !== entry.version || found.link !== entry.link : !entry.optional) return false;
  }
  return Object.keys(installed).every((location) => location in wanted);
}

/**
 * npm as the command and its first arguments: the same npm that runs this script, if one does.
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith(".js") ? [process.execPath, script] : ["npm"];
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, link?: boolean, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
