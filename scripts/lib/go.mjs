import { existsSync } from "node:fs";
import path from "node:path";

import { UserError } from "./errors.mjs";
import { duration } from "./log.mjs";
import { root } from "./paths.mjs";
import { lastLines, run, signalGroup } from "./run.mjs";

/**
 * Programs that are built from a Go module of ours, which pins them: go.sum decides what is accepted.
 * @typedef {object} GoBuild
 * @property {string} name What it is called in messages: "the Pulumi CLI".
 * @property {string} folder The module's folder.
 * @property {string[]} packages
 * @property {string} pinned The folder, below Go's cache of modules, that is there if the user has built it before.
 * @property {string} ldflags
 * @property {string} out The folder that the programs go into.
 * @property {number} [limit] How long fetching and compiling may take each, in milliseconds. Default: no limit.
 * @property {string} work A folder for what is fetched and compiled; another run goes on from there.
 */

/**
 * Why Go cannot be used here, as half a sentence; undefined when it can.
 * @param {readonly [number, number]} minimum The oldest Go that will do.
 * @returns {Promise<string | undefined>}
 */
export async function goProblem([major, minor]) {
  const { code, stdout } = await run("go", ["env", "GOVERSION"], { cwd: root });
  const found = /^go(\d+)\.(\d+)/.exec(stdout.trim());
  if (code !== 0 || !found) return "there is no `go` on PATH";
  const isOld = (Number(found[1]) - major || Number(found[2]) - minor) < 0;
  return isOld ? `this is ${stdout.trim()}` : undefined;
}

/**
 * Fetches the modules of a build, then compiles it, and says how far it is. Both end with this process, whatever
 * ends that.
 * @param {GoBuild} build
 * @param {import("./log.mjs").Log} log
 */
export async function buildGo(build, log) {
  const env = await goEnvironment(build);
  const total = await fetchModules(build, env, log);
  await compile(build, env, total, log);
}

/**
 * The environment of every Go command: caches of our own, removed at the end, so that nothing of the build
 * stays in the user's home; but the user's caches where they have this module already, which saves the work.
 * @param {GoBuild} build
 */
async function goEnvironment({ pinned, work }) {
  const { stdout } = await run("go", ["env", "GOMODCACHE"], { cwd: root });
  const own = { GOMODCACHE: path.join(work, "modules"), GOCACHE: path.join(work, "objects") };
  const hasModule = existsSync(path.join(stdout.trim(), pinned));
  const flags = (process.env.GOFLAGS ?? "").split(" ").filter((flag) => flag && !flag.startsWith("-mod"));
  return {
    ...process.env,
    ...(hasModule ? {} : own),
    // -modcacherw lets the cache be removed again.
    GOFLAGS: [...flags, "-mod=readonly", "-modcacherw", "-buildvcs=false"].join(" "),
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

/**
 * Fetches the modules that the build needs, and only those: `go mod download` would ask for every module that
 * go.mod names.
 * @param {GoBuild} build
 * @param {NodeJS.ProcessEnv} env
 * @param {import("./log.mjs").Log} log
 * @returns {Promise<number>} How many packages there are to compile.
 */
async function fetchModules({ name, folder, packages, limit }, env, log) {
  const start = performance.now();
  let count = 0;
  const listed = await go(["list", "-x", "-deps", ...packages], folder, env, {
    // -x prints one line per answer of the module proxy; the zip files are what takes the time.
    onOutput: (chunk) => {
      count += chunk.match(/^# get \S+\.zip: 200/gm)?.length ?? 0;
      log.progress(`  fetching Go modules: ${count} so far, ${duration(performance.now() - start)} …`);
    },
    limit,
    failed: `Fetching the Go modules of ${name} failed`,
  });
  const took = duration(performance.now() - start);
  log.line(`  Go modules: ${count > 0 ? `${count} fetched` : "all there"}, checked against go.sum (${took})`);
  return listed.trim().split("\n").length;
}

/**
 * @param {GoBuild} build
 * @param {NodeJS.ProcessEnv} env
 * @param {number} total
 * @param {import("./log.mjs").Log} log
 */
async function compile({ name, folder, packages, ldflags, out, limit }, env, total, log) {
  const start = performance.now();
  let count = 0;
  const report = () =>
    log.progress(
      count < total
        ? `  compiling: ${count} of at most ${total} packages, ${duration(performance.now() - start)} …`
        : `  linking, ${duration(performance.now() - start)} …`,
    );
  // The compiler is silent while it works on one package, and while it links.
  const timer = setInterval(report, 1000);
  try {
    const flags = ["-v", "-trimpath", "-ldflags", ldflags, "-o", `${out}${path.sep}`];
    await go(["build", ...flags, ...packages], folder, env, {
      onOutput: (chunk) => {
        count += chunk.split("\n").length - 1;
        report();
      },
      limit,
      failed: `Building ${name} failed`,
    });
  } finally {
    clearInterval(timer);
  }
  const programs = packages.map((program) => path.basename(program)).join(" and ");
  log.line(`  ${programs} compiled, ${total} packages (${duration(performance.now() - start)})`);
}

/**
 * Runs one Go command.
 * @param {string[]} args
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {{ onOutput: (chunk: string) => void, limit?: number, failed: string }} options
 * @returns {Promise<string>} What it wrote to stdout.
 */
async function go(args, folder, env, { onOutput, limit, failed }) {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const stop = () => child && signalGroup(child, "SIGKILL");
  process.once("exit", stop);
  try {
    const result = await run("go", args, {
      cwd: folder,
      env,
      detached: true,
      timeout: limit,
      onOutput,
      onStart: (started) => (child = started),
    });
    if (result.code === 0) return result.stdout;
    const how = result.timedOut ? "it took too long" : `exit code ${result.code}`;
    throw new UserError(
      `${failed} (${how}). What was fetched and compiled is kept, so that the next run ` +
        `goes on from there. Go said:\n${lastLines(result.stderr.replace(/^(# get .*|cd .*|git .*)$/gm, ""), 15)}`,
    );
  } finally {
    process.removeListener("exit", stop);
  }
}
