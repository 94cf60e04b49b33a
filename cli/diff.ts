import type { Command } from "commander";
import type { Manifest } from "../constructs/manifest";
import { manifestAt } from "./app/files";
import { synthesized } from "./app/run-app";
import type * as Compare from "./diff/compare";
import type * as Words from "./diff/words";
import * as errors from "./errors";
import { command } from "./lib/command";
import { EXIT_CODES } from "./lib/exit-codes";
import { print, printJson } from "./lib/output";

interface Flags {
  app?: string;
  out: string;
  from?: string;
  to?: string;
  exitCode?: true;
  json?: true;
}

/** The command `mags-iac diff`. */
export function diffCommand(): Command {
  return command("diff")
    .description("Say what has changed since the committed manifest, and what a deploy will do about it.")
    .option("--app <program>", "path of the app program, or the command that runs it")
    .option("--out <folder>", "where the committed manifest is", "mags.out")
    .option("--from <file>", "compare with this manifest, or the one in this folder, instead of --out")
    .option("--to <file>", "take this manifest, or the one in this folder, instead of running the app")
    .option("--exit-code", "end with 2 if there are changes")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Ends with 3 if a deploy would refuse one of the changes, since it would lose data.

Examples:
  mags-iac diff --app app.ts --out manifest
  git show main:manifest/mags.manifest.json > /tmp/main.json
  mags-iac diff --from /tmp/main.json --to manifest --exit-code

Secrets and Outputs are in no manifest, so a change of their values is not seen here.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const before = manifestAt(flags.from ?? flags.out);
  const after = await wanted(flags);
  // Loaded late, since they bring the schemas of all kinds.
  const { compare } = require("./diff/compare") as typeof Compare;
  const { inWords, meaningOf } = require("./diff/words") as typeof Words;
  const changes = compare(before, after);
  if (flags.json)
    printJson({ changes: changes.map((change) => ({ ...change, meaning: meaningOf(change.action) })) });
  else print(inWords(changes));
  if (changes.some(({ refused }) => refused !== undefined)) process.exitCode = EXIT_CODES.refused.code;
  else if (flags.exitCode && changes.length > 0) process.exitCode = EXIT_CODES.differs.code;
}

async function wanted({ app, to }: Flags): Promise<Manifest> {
  if (app !== undefined && to === undefined) return (await synthesized(app)).manifest;
  if (to !== undefined && app === undefined) return manifestAt(to);
  throw errors.oneOf(["--app", "--to"]);
}
