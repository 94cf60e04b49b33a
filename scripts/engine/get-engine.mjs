import { mkdirSync } from "node:fs";
import path from "node:path";

import { UserError } from "../lib/errors.mjs";
import { withLock } from "../lib/lock.mjs";
import { duration } from "../lib/log.mjs";
import { exitOnSignal } from "../lib/run.mjs";
import { buildEngine } from "./build.mjs";
import { downloadEngine } from "./download.mjs";
import { checkEngine, findEngine } from "./find.mjs";
import { ENGINE_VERSION, versionsFolder } from "./layout.mjs";

/**
 * Finds the Pulumi CLI, or gets it: from PATH, from the folder of installed versions, by download, or else by
 * a build from Go modules. Says what it did and how long that took.
 * @param {{ log: import("../lib/log.mjs").Log }} options
 * @returns {Promise<import("./find.mjs").Engine>}
 */
export async function getEngine({ log }) {
  const start = performance.now();
  const found = (await findEngine((reason) => log.line(`engine: ${reason}`))) ?? (await installEngine(log));
  log.line(`engine: pulumi v${found.version} ${found.how} (${duration(performance.now() - start)})`);
  return found;
}

/**
 * @param {import("../lib/log.mjs").Log} log
 * @returns {Promise<import("./find.mjs").Engine>}
 */
async function installEngine(log) {
  const folder = versionsFolder();
  mkdirSync(folder, { recursive: true });
  const destination = path.join(folder, ENGINE_VERSION);
  return exitOnSignal(() =>
    withLock(
      path.join(folder, `.build-${ENGINE_VERSION}.lock`),
      async () => {
        // Another run may have done it while this one waited.
        const found = await findEngine(() => undefined);
        if (found) return found;
        const how = await downloadOrBuild(destination, log);
        const bin = path.join(destination, "bin");
        const checked = await checkEngine(bin);
        if ("problem" in checked)
          throw new UserError(`The engine in ${bin} cannot be used: ${checked.problem}.`);
        return { bin, how, version: checked.version };
      },
      (holder) => log.line(`engine: another run is getting the Pulumi CLI (${holder}); waiting for it …`),
    ),
  );
}

/**
 * @param {string} destination
 * @param {import("../lib/log.mjs").Log} log
 * @returns {Promise<string>} How it was got, for people.
 */
async function downloadOrBuild(destination, log) {
  log.line(
    `engine: no Pulumi CLI on PATH or in ${path.dirname(destination)}; trying to download ${ENGINE_VERSION} …`,
  );
  const start = performance.now();
  const problem = await downloadEngine(destination);
  if (!problem) return `downloaded into ${destination}`;
  log.line(`engine: not downloaded: ${problem} (${duration(performance.now() - start)})`);
  await buildEngine(destination, log, problem);
  return `built into ${destination}`;
}
