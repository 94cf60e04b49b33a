// npm run emulator: starts the local Mags cloud in this very process, so that a signal to it ends everything.
// Nothing but the emulator writes to stdout: with --json that is one line for a program to read.
import path from "node:path";
import { pathToFileURL } from "node:url";

import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { createLog } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root } from "./lib/paths.mjs";

main(async () => {
  const log = createLog(process.stderr);
  await ensureInstalled(log);
  await useProjectNode();
  await ensureBuilt(log);
  const program = path.join(root, "dist", "cli", "main.js");
  process.argv.splice(1, 1, program, "emulator");
  await import(pathToFileURL(program).href);
});
