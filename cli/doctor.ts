import type { Command } from "commander";
import { accountOptions, endpointNamed, withFlags, type AccountFlags } from "./account/connect";
import type * as Cloud from "./doctor/cloud";
import type * as Machine from "./doctor/machine";
import type * as Objects from "./doctor/objects";
import type * as Stack from "./doctor/stack";
import type * as Words from "./doctor/words";
import type { Finding } from "./doctor/finding";
import { command } from "./lib/command";
import { EXIT_CODES } from "./lib/exit-codes";
import { print, printJson } from "./lib/output";
import { waiting } from "./lib/waiting";

interface Flags extends AccountFlags {
  json?: true;
}

/** The command `mags-iac doctor`. */
export function doctorCommand(): Command {
  return accountOptions(command("doctor"))
    .description(
      "Say what is wrong here, on this machine, in the stack and in the account, and what mends it.",
    )
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Examples:
  mags-iac doctor
  mags-iac doctor --stack prod
  mags-iac doctor --json | jq '.findings[] | select(.level == "error")'

Looks at Node.js, Pulumi, the packages, endpoint, token, clock, project, backend, stack, lock,
secrets and namespace, and for objects under names of the project's stacks that are there twice,
or in no state. Changes nothing. Without --stack it is about the stack that is selected, and
without a project about what there is without one.

Ends with 1 if something is wrong that a deploy would fail of, and with 2 if there are warnings
alone.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const findings = await waiting("Looking…", () => examine(flags));
  if (flags.json) printJson({ findings });
  else {
    const { inWords } = require("./doctor/words") as typeof Words;
    print(inWords(findings, process.stdout.isTTY ? process.stdout.columns : undefined));
  }
  const has = (level: Finding["level"]) => findings.some((one) => one.level === level);
  if (has("error")) process.exitCode = EXIT_CODES.failed.code;
  else if (has("warning")) process.exitCode = EXIT_CODES.differs.code;
}

async function examine(flags: Flags): Promise<Finding[]> {
  // Loaded late: they bring the schemas of all kinds.
  const { engine, node, packages } = require("./doctor/machine") as typeof Machine;
  const { surroundings } = require("./doctor/stack") as typeof Stack;
  const { cloud } = require("./doctor/cloud") as typeof Cloud;
  const { objects } = require("./doctor/objects") as typeof Objects;
  const [pulumi, around] = await Promise.all([engine(), surroundings(flags)]);
  const account = await cloud(withFlags(around.configuration, flags), endpointNamed(flags));
  return [
    node(),
    pulumi,
    packages(flags.cwd),
    ...account.findings,
    ...around.findings,
    ...(await objects(account, around, flags)),
  ];
}
