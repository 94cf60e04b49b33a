import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { homeFolder } from "../lib/paths.mjs";

/** The version that is downloaded or built; `go/go.mod` and `go/go.sum` pin the same one. */
export const ENGINE_VERSION = "3.259.0";

/** The oldest CLI that is used when one is found: as old as the oldest SDK in the package's peer range. */
export const MINIMUM_VERSION = "3.216.0";

/** The CLI, the host that runs Node.js programs, and the host of dynamic resources. */
export const CLI = "pulumi";
export const LANGUAGE_HOST = "pulumi-language-nodejs";
export const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";

/** The folder that holds one folder per engine version, shared with Pulumi's own Automation API. */
export function versionsFolder() {
  return path.join(process.env.PULUMI_HOME || path.join(homeFolder(), ".pulumi"), "versions");
}

/**
 * The bin folders below {@link versionsFolder}, newest version first. Other names, such as those of builds
 * under way, are no versions.
 */
export function installedBins() {
  const folder = versionsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => ({ name, version: parseVersion(name) }))
    .filter(({ version }) => version !== undefined)
    .sort((a, b) => compareVersions(b.name, a.name))
    .map(({ name }) => path.join(folder, name, "bin"))
    .filter((bin) => existsSync(path.join(bin, CLI)));
}

/**
 * Major, minor and patch of `3.259.0` or `v3.259.0`; undefined for anything else.
 * @param {string} text
 * @returns {[number, number, number] | undefined}
 */
export function parseVersion(text) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+][\w.+-]+)?$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/**
 * Negative when `a` is the older version, positive when it is the newer one.
 * @param {string} a
 * @param {string} b
 */
export function compareVersions(a, b) {
  const left = parseVersion(a) ?? [0, 0, 0];
  const right = parseVersion(b) ?? [0, 0, 0];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
