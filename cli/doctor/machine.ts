import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { MINIMUM_NODE, isTooOld } from "../../provider/api/transport";
import { PulumiNotStartedError } from "../errors";
import { packageAround } from "../lib/package";
import { optionsOf, quoted } from "../lib/shell";
import { askPulumi } from "../pulumi/run";
import { saying } from "../lib/saying";
import { ok, unchecked, warning, wrong, type Finding } from "./finding";

const GET_PULUMI = "curl -fsSL https://get.pulumi.com | sh";

/** The Node.js that this runs on. Pulumi starts the one that is first in PATH, which is this one in a shell. */
export function node(version = process.versions.node): Finding {
  return isTooOld(version)
    ? wrong(
        "node",
        `Node.js ${version} is too old: Pulumi's SDK and this package need ${MINIMUM_NODE} or newer.`,
        "nvm install --lts   # or put a newer node first in PATH",
      )
    : ok("node", version);
}

/** Pulumi's CLI. */
export async function engine(): Promise<Finding> {
  try {
    const version = (await askPulumi(["version"], {})).trim().replace(/^v/, "");
    const least = leastPulumi();
    return isOlder(version, least)
      ? wrong("engine", `Pulumi ${version} is too old: ${least} or newer is needed.`, GET_PULUMI)
      : ok("engine", `Pulumi ${version}`);
  } catch (error) {
    const missing = error instanceof PulumiNotStartedError;
    return wrong("engine", saying(error), missing ? GET_PULUMI : undefined);
  }
}

/** The packages that a program in this folder would load, against those that this command is of. */
export function packages(cwd?: string): Finding {
  const folder = cwd ?? ".";
  const install = `npm install${optionsOf({ prefix: cwd })}`;
  const own = packageAround(__dirname);
  const ours = versionIn(folder, "pulumi-mags");
  if (ours === undefined) {
    return unchecked(
      "packages",
      `pulumi-mags is not installed in ${folder}; this command is ${own.version}.`,
    );
  }
  const found = [`pulumi-mags ${ours.version}`];
  for (const [name, range] of Object.entries(own.peerDependencies ?? {})) {
    const peer = versionIn(folder, name);
    const least = range.replace(/^\D+/, "");
    const needed = name === "@pulumi/pulumi";
    if (peer === undefined && !needed) continue;
    if (peer === undefined)
      return wrong(
        "packages",
        `${name} is not installed, which pulumi-mags needs.`,
        `${install} ${name}@^${least}`,
      );
    if (isOlder(peer.version, least) || major(peer.version) !== major(least))
      return wrong(
        "packages",
        `${name} is ${peer.version}, and ${range} is needed.`,
        `${install} ${name}@^${least}`,
      );
    found.push(`${name} ${peer.version}`);
  }
  if (ours.version !== own.version) {
    return warning(
      "packages",
      `The project has pulumi-mags ${ours.version}, and this command is ${own.version}: they may judge differently.`,
      cwd === undefined ? "npx mags-iac doctor" : `cd ${quoted(cwd)} && npx mags-iac doctor`,
    );
  }
  return ok("packages", found.join(", "));
}

/** The oldest Pulumi whose SDK we take is the oldest whose CLI we know. */
function leastPulumi(): string {
  return (packageAround(__dirname).peerDependencies?.["@pulumi/pulumi"] ?? "").replace(/^\D+/, "");
}

/** A package as a program in a folder would load it; `exports` may hide its package.json, so the folders are asked. */
function versionIn(folder: string, name: string): { version: string } | undefined {
  const require = createRequire(path.join(path.resolve(folder), "index.js"));
  for (const place of require.resolve.paths(name) ?? []) {
    try {
      const file = path.join(realpathSync(path.join(place, name)), "package.json");
      return JSON.parse(readFileSync(file, "utf8")) as { version: string };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    }
  }
  return undefined;
}

const partsOf = (version: string) => version.split(/[.-]/, 3).map(Number);
const major = (version: string) => partsOf(version)[0];

function isOlder(version: string, least: string): boolean {
  const [one, other] = [partsOf(version), partsOf(least)];
  const at = [0, 1, 2].find((each) => one[each] !== other[each]);
  return at !== undefined && (one[at] ?? 0) < (other[at] ?? 0);
}
