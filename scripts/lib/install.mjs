import { readFileSync } from "node:fs";
import path from "node:path";

import { hasCode } from "./errors.mjs";
import { withLock } from "./lock.mjs";
import { duration } from "./log.mjs";
import { root, stateFolder } from "./paths.mjs";
import { runOrThrow } from "./run.mjs";

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
      log.line("Installing packages with npm ci: node_modules is not what package-lock.json asks for …");
      const start = performance.now();
      const [command, ...args] = npmCommand();
      await runOrThrow("npm ci failed", command, [...args, "ci", "--no-audit", "--no-fund"], { cwd: root });
      log.line(`packages: installed by npm ci (${duration(performance.now() - start)})`);
    },
    (holder) => log.line(`Another run is installing packages (${holder}); waiting for it …`),
  );
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
