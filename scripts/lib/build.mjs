import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { UserError } from "./errors.mjs";
import { withLock } from "./lock.mjs";
import { root, stateFolder } from "./paths.mjs";
import { run } from "./run.mjs";

const dist = path.join(root, "dist");

/**
 * Compiles the sources into dist/, only what has changed since the last time.
 * @param {import("./log.mjs").Log} log
 */
export async function ensureBuilt(log) {
  await withLock(
    path.join(stateFolder("locks"), "build.lock"),
    async () => {
      removeOrphans();
      const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
      const result = await run(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root });
      if (result.code !== 0) {
        throw new UserError(
          `The build failed: TypeScript found errors.\n${result.stdout}${result.stderr}`.trim(),
        );
      }
    },
    (holder) => log.line(`Another run is building (${holder}); waiting for it …`),
  );
}

/**
 * Removes what earlier builds made from sources that are gone, so that nothing requires it by mistake. When
 * something was removed, or dist/ is not complete, the compiler's memory goes too: it would not write those
 * files again.
 */
function removeOrphans() {
  if (!existsSync(dist)) return;
  let orphans = false;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const source = /^(.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(path.relative(dist, file))?.[1];
    if (source === undefined || existsSync(path.join(root, `${source}.ts`))) continue;
    rmSync(file);
    orphans = true;
  }
  if (orphans || !existsSync(path.join(dist, "provider", "index.js"))) {
    rmSync(path.join(dist, ".tsbuildinfo"), { force: true });
  }
}
