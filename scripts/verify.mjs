// npm run verify: every check that needs no engine. All of them are run; what failed is listed at the end.
import { readFileSync } from "node:fs";
import path from "node:path";

import { ensureInstalled, npmCommand } from "./lib/install.mjs";
import { createLog, duration } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

/** Checks of the documentation, run where package.json has them. */
const DOCS_SCRIPTS = ["docs:check", "docs:api"];

const log = createLog(process.stdout);

main(async () => {
  await ensureInstalled(log);
  await useProjectNode();
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const [npm, ...npmArgs] = npmCommand();
  /** @type {[string, string, string[]][]} */
  const checks = [
    ["build", process.execPath, ["scripts/build.mjs"]],
    ["format", "prettier", ["--check", "--log-level", "warn", "."]],
    ["lint", "eslint", ["."]],
    ["types", "tsc", ["-p", "tsconfig.json"]],
    ["unit tests", process.execPath, ["scripts/test.mjs", "--unit"]],
    ["dead code", "knip", []],
    ["package", "publint", ["--strict"]],
    ...DOCS_SCRIPTS.filter((name) => name in scripts).map(
      (name) =>
        /** @type {[string, string, string[]]} */ ([name, npm, [...npmArgs, "run", "--silent", name]]),
    ),
  ];
  const failed = [];
  for (const [name, command, args] of checks) {
    const start = performance.now();
    const { code } = await run(command, args, { cwd: root, output: "inherit", forwardSignals: true });
    log.line(`${name}: ${code === 0 ? "passed" : "FAILED"} (${duration(performance.now() - start)})`);
    if (code !== 0) failed.push(name);
  }
  log.line(failed.length === 0 ? "verify: all checks passed" : `verify: failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
});
