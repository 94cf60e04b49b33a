import path from "node:path";

import { UserError } from "./errors.mjs";
import { binFolder, homeFolder, withPath } from "./paths.mjs";
import { become, run } from "./run.mjs";

/** The oldest Node that the project's dependencies run on. */
const MINIMUM_NODE = [22, 19];

/**
 * Goes on under a Node that is new enough: this one, or the one that the npm package `node` has installed, to
 * which this function hands over for good. From then on `node` is that package's for every child process.
 */
export async function useProjectNode() {
  const env = withPath([binFolder]);
  process.env.PATH = env.PATH;
  process.env.HOME = homeFolder();
  if (isNewEnough(process.version)) return;
  const node = path.join(binFolder, "node");
  const { stdout } = await run(node, ["--version"]);
  if (!isNewEnough(stdout.trim())) {
    throw new UserError(
      `Node ${MINIMUM_NODE.join(".")} or newer is needed: this is ${process.version}, and the npm package ` +
        `"node" did not bring one for this platform. Install a newer Node from https://nodejs.org and run again.`,
    );
  }
  await become(node, process.argv.slice(1), process.env);
}

/** @param {string} version Such as v24.1.0. */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}
