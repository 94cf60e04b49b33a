import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { localEnvironment } from "../lib/env.mjs";
import { UserError } from "../lib/errors.mjs";
import { buildGo, goProblem } from "../lib/go.mjs";
import { withLock } from "../lib/lock.mjs";
import { duration } from "../lib/log.mjs";
import { stateFolder } from "../lib/paths.mjs";
import { exitOnSignal, lastLines, run } from "../lib/run.mjs";

/** The provider that go.mod pins; a test says so when it is another. */
export const PROVIDER_VERSION = "1.20.0";
const PROVIDER_PACKAGE = "github.com/Mastercard/terraform-provider-restapi";
const PROGRAM = path.basename(PROVIDER_PACKAGE);

/** The provider's name in a configuration: `source = "mastercard/restapi"`. */
export const PROVIDER_SOURCE = "mastercard/restapi";

/** The oldest Go that the provider's dependencies are built with. */
const MINIMUM_GO = /** @type {const} */ ([1, 21]);

/** How long fetching the modules, and compiling them, may take each, in milliseconds. */
const BUILD_LIMIT = 5 * 60_000;

/** How long terraform may take to say what it and the provider are, in milliseconds. */
const CHECK_LIMIT = 60_000;

/**
 * @typedef {object} Terraform
 * @property {string} version
 * @property {string} provider The folder that holds the built provider; see {@link useProvider}.
 */

/**
 * The terraform on PATH, with the generic REST provider, which is built from its Go module the first time; or why
 * there is none.
 * @param {object} options
 * @param {import("../lib/log.mjs").Log} options.log
 * @param {string} [options.cache] Where the built provider is kept. Default: a folder that git ignores.
 * @returns {Promise<Terraform | { absent: string }>}
 */
export async function getTerraform({ log, cache = stateFolder("terraform") }) {
  const { code, stdout } = await run("terraform", ["version", "-json"], {
    env: terraformEnvironment(),
    timeout: CHECK_LIMIT,
  });
  if (code === 127) return { absent: "there is no terraform on PATH" };
  if (code !== 0) return { absent: `the terraform on PATH does not run (exit code ${code})` };
  const folder = path.join(cache, `restapi-${PROVIDER_VERSION}`);
  const problem = await ensureProvider(folder, log);
  // On one line, as a cell of a table and the name of a skipped test are.
  if (problem !== undefined) return { absent: problem.trim().replaceAll(/\s*\n\s*/g, " ") };
  return { version: JSON.parse(stdout).terraform_version, provider: folder };
}

/**
 * @param {string} folder
 * @param {import("../lib/log.mjs").Log} log
 * @returns {Promise<string | undefined>} Why there is none.
 */
async function ensureProvider(folder, log) {
  if (existsSync(folder)) return checkProvider(folder);
  const go = await goProblem(MINIMUM_GO);
  if (go !== undefined) {
    return `building its REST provider needs Go ${MINIMUM_GO.join(".")} or newer, and ${go}`;
  }
  try {
    await exitOnSignal(() =>
      withLock(
        `${folder}.lock`,
        // Another run may have done it while this one waited.
        async () => (existsSync(folder) ? undefined : await buildProvider(folder, log)),
        (holder) => log.line(`terraform: another run is building the provider (${holder}); waiting for it …`),
      ),
    );
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return checkProvider(folder);
}

/**
 * Builds the provider into `folder`, completely or not at all.
 * @param {string} folder
 * @param {import("../lib/log.mjs").Log} log
 */
async function buildProvider(folder, log) {
  const start = performance.now();
  const work = `${folder}.build`;
  const out = path.join(work, "out");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  log.line(
    `Building Terraform's REST provider ${PROVIDER_VERSION} from Go modules; ` +
      `this happens once and takes half a minute on two quiet cores …`,
  );
  await buildGo(
    {
      name: "Terraform's REST provider",
      folder: import.meta.dirname,
      packages: [PROVIDER_PACKAGE],
      pinned: path.join("github.com/!mastercard", `${PROGRAM}@v${PROVIDER_VERSION}`),
      ldflags: "-s -w",
      out,
      work,
      limit: BUILD_LIMIT,
    },
    log,
  );
  renameSync(out, folder);
  // Four hundred megabytes that nothing needs any more.
  rmSync(work, { recursive: true, force: true });
  log.line(`terraform: REST provider ${PROVIDER_VERSION} built (${duration(performance.now() - start)})`);
}

/**
 * The environment with which terraform, in `project`, takes the built provider: without `terraform init`, and without
 * asking anybody on the network.
 * @param {string} project A folder, which gets terraform's settings and data.
 * @param {string} provider
 * @returns {NodeJS.ProcessEnv}
 */
export function useProvider(project, provider) {
  const settings = path.join(project, "terraform.tfrc");
  writeFileSync(settings, cliConfig(provider));
  return {
    ...terraformEnvironment(),
    TF_CLI_CONFIG_FILE: settings,
    TF_DATA_DIR: path.join(project, ".terraform"),
  };
}

/**
 * The settings of terraform's command line: the provider is taken from `folder`, and since no way to install
 * another one is named, none is looked for.
 * @param {string} folder
 */
export function cliConfig(folder) {
  return `provider_installation {
  dev_overrides {
    "${PROVIDER_SOURCE}" = ${JSON.stringify(folder)}
  }
}
`;
}

/**
 * Whether terraform can talk to the provider: it is asked what it offers.
 * @param {string} folder
 * @returns {Promise<string | undefined>} Why not.
 */
async function checkProvider(folder) {
  const project = mkdtempSync(path.join(os.tmpdir(), "mags-terraform-"));
  try {
    writeFileSync(
      path.join(project, "main.tf"),
      `terraform {\n  required_providers {\n    restapi = { source = "${PROVIDER_SOURCE}" }\n  }\n}\n`,
    );
    const result = await run("terraform", ["providers", "schema", "-json"], {
      cwd: project,
      env: useProvider(project, folder),
      timeout: CHECK_LIMIT,
    });
    if (result.code === 0 && result.stdout.includes('"restapi_object"')) return undefined;
    const said = lastLines(result.stderr, 5) || `exit code ${result.code}`;
    return `its REST provider in ${folder} cannot be used (remove that folder to have it built anew): ${said}`;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** The environment without the user's settings for terraform; no question is asked, and no update looked for. */
function terraformEnvironment() {
  const kept = Object.entries(localEnvironment()).filter(
    ([name]) => !/^(?:TF|REST_API)_|^API_DATA_IS_SENSITIVE$/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    TF_CLI_CONFIG_FILE: os.devNull,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  };
}
