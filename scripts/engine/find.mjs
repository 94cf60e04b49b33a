import { accessSync, constants, realpathSync } from "node:fs";
import path from "node:path";

import { run } from "../lib/run.mjs";
import {
  CLI,
  DYNAMIC_PROVIDER,
  LANGUAGE_HOST,
  MINIMUM_VERSION,
  compareVersions,
  installedBins,
  parseVersion,
} from "./layout.mjs";

/**
 * @typedef {object} Engine
 * @property {string} bin The folder that holds the CLI; put it first in PATH.
 * @property {string} version Without a leading "v".
 * @property {string} how Where it came from, for people: "found on PATH".
 */

/** How long a CLI may take to say its version, in milliseconds. */
const VERSION_TIMEOUT = 20_000;

/**
 * Looks for a usable engine: on PATH, then in the folder of installed versions.
 * @param {(reason: string) => void} onUnusable Called with why a CLI that was found is not used.
 * @returns {Promise<Engine | undefined>}
 */
export async function findEngine(onUnusable) {
  const onPath = findOnPath(CLI);
  const candidates = onPath ? [{ bin: path.dirname(onPath), how: "found on PATH" }] : [];
  for (const bin of installedBins()) candidates.push({ bin, how: `found in ${bin}` });
  for (const { bin, how } of candidates) {
    const checked = await checkEngine(bin);
    if ("version" in checked) return { bin, how, version: checked.version };
    onUnusable(`${path.join(bin, CLI)} is not used: ${checked.problem}`);
  }
  return undefined;
}

/**
 * Whether the CLI in `bin` can be used: it runs, it is new enough, and it will find both of its helpers.
 * @param {string} bin
 * @returns {Promise<{ version: string } | { problem: string }>}
 */
export async function checkEngine(bin) {
  const cli = path.join(bin, CLI);
  const result = await run(cli, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: VERSION_TIMEOUT,
  });
  if (result.code !== 0) return { problem: `it does not run (exit code ${result.code})` };
  const text = result.stdout.trim();
  if (!parseVersion(text)) return { problem: `it says no version but "${text.slice(0, 80)}"` };
  const version = text.replace(/^v/, "");
  if (compareVersions(version, MINIMUM_VERSION) < 0) {
    return { problem: `it is version ${version}, and ${MINIMUM_VERSION} or newer is needed` };
  }
  for (const helper of [LANGUAGE_HOST, DYNAMIC_PROVIDER]) {
    // The CLI looks beside its own real file, then on PATH.
    const siblings = [bin, path.dirname(realpathSync(cli))];
    if (!siblings.some((folder) => isExecutable(path.join(folder, helper))) && !findOnPath(helper)) {
      return { problem: `${helper} is neither beside it nor on PATH` };
    }
  }
  return { version };
}

/** @param {string} name */
function findOnPath(name) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.resolve(folder, name)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Missing or not ours to run: either way it is no candidate.
    return false;
  }
}
