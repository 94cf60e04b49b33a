import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { UserError } from "../lib/errors.mjs";
import { duration } from "../lib/log.mjs";
import { root } from "../lib/paths.mjs";
import { lastLines, run, signalGroup } from "../lib/run.mjs";
import { checkEngine } from "./find.mjs";
import { CLI, DYNAMIC_PROVIDER, ENGINE_VERSION, LANGUAGE_HOST } from "./layout.mjs";

/** The Go module that pins the CLI, with the sources of the language host. */
const moduleFolder = fileURLToPath(new URL("go", import.meta.url));

const CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const PACKAGES = [CLI_PACKAGE, `./${LANGUAGE_HOST}`];
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The oldest Go that go.mod accepts. */
const MINIMUM_GO = [1, 26];

/**
 * Builds the engine from Go modules into `destination`, completely or not at all.
 * @param {string} destination
 * @param {import("../lib/log.mjs").Log} log
 * @param {string} whyNotDownloaded
 */
export async function buildEngine(destination, log, whyNotDownloaded) {
  await requireGo(whyNotDownloaded);
  const work = path.join(path.dirname(destination), `.build-${ENGINE_VERSION}`);
  const out = path.join(work, "out");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(path.join(out, "bin"), { recursive: true });
  const env = await goEnvironment(work);

  log.line(
    `Building the Pulumi CLI ${ENGINE_VERSION} from Go modules into ${destination}; ` +
      `this happens once and takes about six minutes on two cores …`,
  );
  const total = await fetchModules(env, log);
  await compile(env, path.join(out, "bin"), total, log);
  const provider = path.join(root, "node_modules", "@pulumi", "pulumi", DYNAMIC_PROVIDER);
  copyFileSync(provider, path.join(out, "bin", DYNAMIC_PROVIDER));

  const checked = await checkEngine(path.join(out, "bin"));
  if ("problem" in checked) {
    throw new UserError(
      `The Pulumi CLI was built, but cannot be used: ${checked.problem}. Please report this.`,
    );
  }
  rmSync(destination, { recursive: true, force: true });
  renameSync(out, destination);
  // Four gigabytes that nothing needs any more.
  rmSync(work, { recursive: true, force: true });
}

/** @param {string} whyNotDownloaded */
async function requireGo(whyNotDownloaded) {
  const { code, stdout } = await run("go", ["env", "GOVERSION"], { cwd: root });
  const found = /^go(\d+)\.(\d+)/.exec(stdout.trim());
  const isOld = found && (Number(found[1]) - MINIMUM_GO[0] || Number(found[2]) - MINIMUM_GO[1]) < 0;
  if (code === 0 && found && !isOld) return;
  throw new UserError(
    `The Pulumi CLI is needed and was not found; it could not be downloaded either: ${whyNotDownloaded}. ` +
      `Building it from Go modules needs Go ${MINIMUM_GO.join(".")} or newer, and ` +
      `${code === 0 && found ? `this is ${stdout.trim()}` : "there is no `go` on PATH"}.\n` +
      `Do one of these and run again: install the CLI (https://www.pulumi.com/docs/install/), ` +
      `or install Go (https://go.dev/dl/).`,
  );
}

/**
 * The environment of every Go command: caches of our own, removed at the end, so that nothing of the build
 * stays in the user's home; but the user's caches where they have this module already, which saves the work.
 * @param {string} work
 */
async function goEnvironment(work) {
  const { stdout } = await run("go", ["env", "GOMODCACHE"], { cwd: root });
  const own = { GOMODCACHE: path.join(work, "modules"), GOCACHE: path.join(work, "objects") };
  const hasModule = existsSync(
    path.join(stdout.trim(), "github.com/pulumi/pulumi/pkg", `v3@v${ENGINE_VERSION}`),
  );
  const flags = (process.env.GOFLAGS ?? "").split(" ").filter((flag) => flag && !flag.startsWith("-mod"));
  return {
    ...process.env,
    ...(hasModule ? {} : own),
    // go.sum decides what is accepted; -modcacherw lets the cache be removed again.
    GOFLAGS: [...flags, "-mod=readonly", "-modcacherw", "-buildvcs=false"].join(" "),
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

/**
 * Fetches the modules that the build needs, and only those: `go mod download` would ask for every module that
 * go.mod names.
 * @param {NodeJS.ProcessEnv} env
 * @param {import("../lib/log.mjs").Log} log
 * @returns {Promise<number>} How many packages there are to compile.
 */
async function fetchModules(env, log) {
  const start = performance.now();
  let count = 0;
  const listed = await go(["list", "-x", "-deps", ...PACKAGES], env, {
    // -x prints one line per answer of the module proxy; the zip files are what takes the time.
    onOutput: (chunk) => {
      count += chunk.match(/^# get \S+\.zip: 200/gm)?.length ?? 0;
      log.progress(`  fetching Go modules: ${count} so far, ${duration(performance.now() - start)} …`);
    },
    failed: "Fetching the Go modules of the Pulumi CLI failed",
  });
  const took = duration(performance.now() - start);
  log.line(`  Go modules: ${count > 0 ? `${count} fetched` : "all there"}, checked against go.sum (${took})`);
  return listed.trim().split("\n").length;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} bin
 * @param {number} total
 * @param {import("../lib/log.mjs").Log} log
 */
async function compile(env, bin, total, log) {
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
    const ldflags = `-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`;
    await go(["build", "-v", "-trimpath", "-ldflags", ldflags, "-o", `${bin}${path.sep}`, ...PACKAGES], env, {
      onOutput: (chunk) => {
        count += chunk.split("\n").length - 1;
        report();
      },
      failed: "Building the Pulumi CLI failed",
    });
  } finally {
    clearInterval(timer);
  }
  log.line(
    `  ${CLI} and ${LANGUAGE_HOST} compiled, ${total} packages (${duration(performance.now() - start)})`,
  );
}

/**
 * Runs one Go command in the module's folder. It ends with this process, whatever ends that.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ onOutput: (chunk: string) => void, failed: string }} options
 * @returns {Promise<string>} What it wrote to stdout.
 */
async function go(args, env, { onOutput, failed }) {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const stop = () => child && signalGroup(child, "SIGKILL");
  process.once("exit", stop);
  try {
    const result = await run("go", args, {
      cwd: moduleFolder,
      env,
      detached: true,
      onOutput,
      onStart: (started) => (child = started),
    });
    if (result.code === 0) return result.stdout;
    throw new UserError(
      `${failed} (exit code ${result.code}). What was fetched and compiled is kept, so that the next run ` +
        `goes on from there. Go said:\n${lastLines(result.stderr.replace(/^(# get .*|cd .*|git .*)$/gm, ""), 15)}`,
    );
  } finally {
    process.removeListener("exit", stop);
  }
}
