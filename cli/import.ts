import { Option, type Command } from "commander";
import { accountOptions, connect, type AccountFlags } from "./account/connect";
import type { FrontEnd } from "./import/program";
import { kindWords } from "./import/select";
import type * as Write from "./import/write";
import { command } from "./lib/command";
import { OpenOption } from "./lib/open-option";
import { printJson, print, say } from "./lib/output";

interface Flags extends AccountFlags {
  as: FrontEnd;
  only: string[];
  out: string;
  force?: true;
  json?: true;
}

/** The command `mags-iac import`. */
export function importCommand(): Command {
  return accountOptions(command("import"))
    .description("Write a program for what is in an account, and the file that takes it into a stack.")
    .addOption(
      new Option("--as <what>", "what the program is made of")
        .choices(["resources", "constructs"])
        .default("resources"),
    )
    .addOption(
      new OpenOption(
        "--only <what>",
        "a kind, a pattern of names, or both, such as job:web-*; may be given several times",
        () =>
          Promise.resolve(kindWords().map(([kind, value]) => ({ value, meaning: `all of kind ${kind}` }))),
      )
        .argParser((value: string, all: string[]) => [...all, value])
        .default([] as string[]),
    )
    .option("--out <folder>", "where index.ts and import.json go", ".")
    .option("--force", "write over files that are there already")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Kinds are workspace, job, alias and cron. Nothing in the account is changed, and no VM is woken.

Examples:
  mags-iac import --out fleet
  mags-iac import --only job --only "workspace:web-*" --as constructs --out fleet
  mags-iac import --stack prod --only "alias:*" --force

What Mags does not show, such as scripts and environments, is added to the program by hand. The
first "pulumi up" then records it as trusted, and restarts, replaces and deletes nothing.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  // Loaded late, since it brings the field tables and the constructs.
  const { importAccount, inWords } = require("./import/write") as typeof Write;
  const result = await importAccount(flags, await connect(flags));
  for (const { kind, name, why } of result.leftOut) say(`left out: ${kind} ${JSON.stringify(name)}: ${why}`);
  for (const note of result.notes) say(`note: ${note}`);
  if (flags.json) printJson(result);
  else print(inWords(result));
}
