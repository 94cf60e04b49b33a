// npm test: installs, builds, gets the engine, runs every test, and ends with
// "N passed, N failed, N skipped". With --unit: only the tests that need no engine. With --live: leaves
// MAGS_* and PULUMI_* in the environment, for the tests that may touch the real cloud. Anything else goes to
// jest.
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { getEngine } from "./engine/get-engine.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { localEnvironment, pulumiSettings } from "./lib/env.mjs";
import { describe, hasCode } from "./lib/errors.mjs";
import { findFocusedTests } from "./lib/focus.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { createLog, timed } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root, stateFolder, withPath } from "./lib/paths.mjs";
import { summarize, totals } from "./lib/report.mjs";
import { run } from "./lib/run.mjs";

const log = createLog(process.stdout);
const args = process.argv.slice(2);
const unit = take("--unit");
const live = take("--live");
const filtered = args.some((arg) => /^(?:-t|--testNamePattern)/.test(arg));

main(async () => {
  let summary = { passed: 0, failed: 1, skipped: 0 };
  let problems = [];
  try {
    await ensureInstalled(log);
    await useProjectNode();
    await timed(log, "build", () => ensureBuilt(log));
    const outcome = await runTests(await testEnvironment());
    summary = outcome.summary;
    problems = outcome.problems;
  } catch (error) {
    problems.push(describe(error));
  }
  for (const problem of problems) log.line(problem);
  log.line(totals(summary));
  return problems.length > 0 || summary.failed > 0 ? 1 : 0;
});

/** @param {string} flag */
function take(flag) {
  const index = args.indexOf(flag);
  if (index >= 0) args.splice(index, 1);
  return index >= 0;
}

async function testEnvironment() {
  const base = live ? { ...process.env, MAGS_LIVE: "1" } : localEnvironment();
  const env = { ...base, ...pulumiSettings(stateFolder("test", "pulumi-home")) };
  if (unit) return env;
  const engine = await getEngine({ log });
  return withPath([engine.bin], { ...env, PULUMI_MAGS_ENGINE: engine.bin });
}

/** @param {NodeJS.ProcessEnv} env */
async function runTests(env) {
  const file = path.join(stateFolder("test"), `report-${process.pid}.json`);
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  // Last, since it takes every word that follows it.
  const projects = unit ? ["--selectProjects", "unit"] : [];
  const { code } = await run(
    process.execPath,
    [jest, "--json", `--outputFile=${file}`, ...args, ...projects],
    {
      cwd: root,
      env,
      output: "inherit",
      forwardSignals: true,
    },
  );
  const report = readReport(file);
  rmSync(file, { force: true });
  const problems = (await findFocusedTests(path.join(root, "test"))).map(
    (place) => `${path.relative(root, place)}: a focused test leaves out the others; remove .only`,
  );
  if (!report) {
    const crash = `jest ended with code ${code} and left no report: see its last words above`;
    return { summary: { passed: 0, failed: 1, skipped: 0 }, problems: [...problems, crash] };
  }
  const summary = summarize(report);
  for (const skip of summary.skips) log.line(`skipped: ${skip}`);
  if (!filtered) {
    for (const name of summary.unexplained) {
      problems.push(`${name}: skipped without a reason; use itIf or describeIf of test/support/skip.ts`);
    }
  }
  if (summary.passed + summary.failed === 0) problems.push("no test was run");
  if (code !== 0 && summary.failed === 0)
    problems.push(`jest ended with code ${code} although no test failed`);
  return { summary, problems };
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
