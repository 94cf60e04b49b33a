import { existsSync } from "node:fs";
import path from "node:path";

import { localEnvironment } from "../lib/env.mjs";
import { UserError } from "../lib/errors.mjs";
import { homeFolder } from "../lib/paths.mjs";
import { startEmulator } from "./emulator.mjs";

/** What is tried out must go away again, so the example's workspaces are left unprotected. */
const UNPROTECTED = { "always-on-service:protectData": "false" };

/**
 * The cloud that the fleet is brought up in.
 * @typedef {object} Cloud
 * @property {string} name
 * @property {string} url Where a person can look at it.
 * @property {NodeJS.ProcessEnv} env What the program and the CLI run with.
 * @property {Record<string, string>} config Settings of the stack.
 * @property {(() => Promise<string[]>) | undefined} holdings What the account still holds, where it is ours alone.
 * @property {() => string | undefined} failure What to add when something failed.
 * @property {() => Promise<void>} stop
 */

/**
 * A Mags cloud on this machine, empty, and gone when it is stopped.
 * @returns {Promise<Cloud>}
 */
export async function localCloud() {
  const emulator = await startEmulator();
  return {
    name: `emulator at ${emulator.url}`,
    url: emulator.url,
    // The state ends with this cloud, however that is: nothing can be in one and not in the other for long.
    env: { ...localEnvironment(), MAGS_API_TOKEN: emulator.token, PULUMI_SKIP_CHECKPOINTS: "true" },
    config: { ...UNPROTECTED, "mags:endpoint": emulator.url, "mags:domain": "localhost" },
    holdings: () => emulator.holdings(),
    failure: () => emulator.lastWords(),
    stop: () => emulator.stop(),
  };
}

/**
 * The real cloud, with the user's own token and settings.
 * @returns {Cloud}
 */
export function liveCloud() {
  const tokenFile = path.join(homeFolder(), ".mags", "config.json");
  if (!process.env.MAGS_API_TOKEN && !process.env.MAGS_TOKEN && !existsSync(tokenFile)) {
    throw new UserError(
      `--live needs a Mags API token, and there is none in MAGS_API_TOKEN, MAGS_TOKEN or ${tokenFile}. ` +
        `Set MAGS_API_TOKEN and run again, or leave --live out to use the local emulator.`,
    );
  }
  const url = process.env.MAGS_API_URL || "https://api.magpiecloud.com";
  const mags = Object.entries(process.env).filter(([name]) => name.startsWith("MAGS_"));
  return {
    name: `Mags cloud at ${url}`,
    url,
    env: { ...localEnvironment(), ...Object.fromEntries(mags) },
    config: { ...UNPROTECTED, ...(process.env.MAGS_API_URL ? { "mags:endpoint": url } : {}) },
    // The account may hold things of others; the CLI removes a stack only when nothing is left of it.
    holdings: undefined,
    failure: () => undefined,
    stop: () => Promise.resolve(),
  };
}
