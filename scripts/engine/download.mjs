import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { lastLines, run } from "../lib/run.mjs";
import { CLI, ENGINE_VERSION } from "./layout.mjs";

/** How long the whole download may take once the server has answered, in milliseconds: some 100 MB. */
const DOWNLOAD_TIMEOUT = 300_000;

/**
 * Downloads the CLI with Pulumi's Automation API into `destination`, completely or not at all. A server that
 * does not answer is given up after ten seconds.
 * @param {string} destination
 * @returns {Promise<string | undefined>} Why it did not work, or undefined when it did.
 */
export async function downloadEngine(destination) {
  mkdirSync(path.dirname(destination), { recursive: true });
  const aside = mkdtempSync(path.join(path.dirname(destination), ".download-"));
  const removeAside = () => rmSync(aside, { recursive: true, force: true });
  process.once("exit", removeAside);
  try {
    const child = fileURLToPath(new URL("download-child.mjs", import.meta.url));
    const result = await run(process.execPath, [child, aside, ENGINE_VERSION], {
      env: { ...process.env, NODE_USE_ENV_PROXY: "1" },
      timeout: DOWNLOAD_TIMEOUT,
    });
    if (result.timedOut) return `the download took longer than ${DOWNLOAD_TIMEOUT / 60_000} minutes`;
    if (result.code !== 0)
      return lastLines(result.stderr, 1) || `the installer ended with code ${result.code}`;
    if (!existsSync(path.join(aside, "bin", CLI))) return "the installer ended without installing the CLI";
    rmSync(destination, { recursive: true, force: true });
    renameSync(aside, destination);
    return undefined;
  } finally {
    process.removeListener("exit", removeAside);
    removeAside();
  }
}
