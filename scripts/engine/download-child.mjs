// Downloads the CLI, in a process of its own, so that a download that hangs can be ended with all that it
// started. The last line on stderr says what went wrong.
import { createRequire } from "node:module";

/** How long to wait for the server of Pulumi's releases before giving up, in milliseconds. */
const REACH_TIMEOUT = 10_000;

/** The script that the Automation API runs to install a CLI. */
const INSTALL_SCRIPT = "https://get.pulumi.com/install.sh";

const [, , destination, version] = process.argv;
try {
  await reach();
  await install();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function reach() {
  let response;
  try {
    response = await fetch(INSTALL_SCRIPT, { signal: AbortSignal.timeout(REACH_TIMEOUT) });
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`${INSTALL_SCRIPT} cannot be reached (${reason.message || reason.code || reason})`, {
      cause: error,
    });
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${INSTALL_SCRIPT} answered ${response.status}`);
}

async function install() {
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  // The class that the Automation API takes is that of the SDK's own semver.
  const sdk = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
  const { SemVer } = createRequire(sdk)("semver");
  await PulumiCommand.install({ root: destination, version: new SemVer(version) });
}
