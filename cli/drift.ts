import type { Command } from "commander";
import { accountOptions, type AccountFlags } from "./account/connect";
import type * as DriftOf from "./drift/drift";
import type * as Findings from "./drift/finding";
import type * as Words from "./drift/words";
import { command } from "./lib/command";
import { EXIT_CODES } from "./lib/exit-codes";
import { print, printJson, say } from "./lib/output";

interface Flags extends AccountFlags {
  json?: true;
}

/** The command `mags-iac drift`. */
export function driftCommand(): Command {
  return accountOptions(command("drift"))
    .description("Say where the cloud is not as the state of a stack has it. Changes neither.")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Ends with 2 if there is drift, and with 1 if a resource could not be asked for. The state is
read without a lock, so that this works beside a running update, and with a backend that may
only be read.

Examples:
  mags-iac drift --stack prod
  mags-iac drift --stack prod --json | jq '.resources[] | select(.standing != "same")'

A job that sleeps is no drift. What Mags does not show, such as scripts of jobs, is not compared.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  // Loaded late, since they bring the kinds and the HTTP client.
  const { driftOf } = require("./drift/drift") as typeof DriftOf;
  const { isDrift } = require("./drift/finding") as typeof Findings;
  const { inWords } = require("./drift/words") as typeof Words;
  const { findings, pending } = await driftOf(flags);
  for (const { type, urn } of pending)
    say(`An interrupted run was ${type} ${urn.split("::").at(-1)}; the next "pulumi up" goes on with it.`);
  if (flags.json) printJson({ resources: findings, pending });
  else print(inWords(findings));
  if (findings.some(({ standing }) => standing === "unreachable")) process.exitCode = EXIT_CODES.failed.code;
  else if (findings.some(isDrift)) process.exitCode = EXIT_CODES.differs.code;
}
