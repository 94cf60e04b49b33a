import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { UserError } from "../lib/errors.mjs";
import { buildGo, goProblem } from "../lib/go.mjs";
import { root } from "../lib/paths.mjs";
import { checkEngine } from "./find.mjs";
import { DYNAMIC_PROVIDER, ENGINE_VERSION, LANGUAGE_HOST } from "./layout.mjs";

/** The Go module that pins the CLI, with the sources of the language host. */
const moduleFolder = fileURLToPath(new URL("go", import.meta.url));

const CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The oldest Go that go.mod accepts. */
const MINIMUM_GO = /** @type {const} */ ([1, 26]);

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
  const bin = path.join(out, "bin");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });

  log.line(
    `Building the Pulumi CLI ${ENGINE_VERSION} from Go modules into ${destination}; ` +
      `this happens once and takes about six minutes on two cores …`,
  );
  await buildGo(
    {
      name: "the Pulumi CLI",
      folder: moduleFolder,
      packages: [CLI_PACKAGE, `./${LANGUAGE_HOST}`],
      pinned: path.join("github.com/pulumi/pulumi/pkg", `v3@v${ENGINE_VERSION}`),
      ldflags: `-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`,
      out: bin,
      work,
    },
    log,
  );
  const provider = path.join(root, "node_modules", "@pulumi", "pulumi", DYNAMIC_PROVIDER);
  copyFileSync(provider, path.join(bin, DYNAMIC_PROVIDER));

  const checked = await checkEngine(bin);
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
  const problem = await goProblem(MINIMUM_GO);
  if (problem === undefined) return;
  throw new UserError(
    `The Pulumi CLI is needed and was not found; it could not be downloaded either: ${whyNotDownloaded}. ` +
      `Building it from Go modules needs Go ${MINIMUM_GO.join(".")} or newer, and ${problem}.\n` +
      `Do one of these and run again: install the CLI (https://www.pulumi.com/docs/install/), ` +
      `or install Go (https://go.dev/dl/).`,
  );
}
