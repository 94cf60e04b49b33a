import path from "node:path";
import type { Command } from "commander";
import { MANIFEST_FILE, type Manifest } from "../constructs/manifest";
import { readManifest } from "../constructs/manifest-text";
import { store } from "../constructs/synth";
import { runApp } from "./app/run-app";
import * as errors from "./errors";
import { command } from "./lib/command";
import { EXIT_CODES } from "./lib/exit-codes";
import { many, print, printJson, say, styled } from "./lib/output";

interface Flags {
  app?: string;
  out: string;
  check?: true;
  json?: true;
}

/** The command `mags-iac synth`. */
export function synthCommand(): Command {
  return command("synth")
    .description("Write the manifest of an app of constructs, for review in git.")
    .option("--app <program>", "path of the app program, or the command that runs it")
    .option("--out <folder>", "where the manifest is", "mags.out")
    .option("--check", "write nothing; end with 2 if what is there is not what the program gives")
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Examples:
  mags-iac synth --app app.ts --out manifest
  mags-iac synth --app "npm run --silent app" --out manifest --check

The program has to call app.synth() on its App. A path that ends in .ts runs through ts-node if
the project has it.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  if (flags.app === undefined) throw errors.appUnset();
  const result = await runApp(flags.app);
  for (const { level, path: place, message } of result.annotations) say(`${level}: [${place}] ${message}`);
  // Read first: nothing is written that cannot be read back.
  const resources = Object.values(readManifest(MANIFEST_FILE, result.files[MANIFEST_FILE]!).resources);
  const stale = store(result.files, flags.out, flags);
  if (flags.json) {
    const { annotations } = result;
    printJson({
      out: flags.out,
      [flags.check ? "stale" : "written"]: stale,
      resources: counts(resources),
      annotations,
    });
  } else {
    const files = stale.map((name) => path.join(flags.out, name)).join(", ");
    const outcome =
      stale.length === 0
        ? styled("green", "up to date")
        : flags.check
          ? styled("red", `stale: ${files}`)
          : `written: ${files}`;
    print(`${many(resources.length, "resource")}; ${outcome}\n`);
    if (flags.check && stale.length > 0)
      say(`Run "mags-iac synth" without --check, and commit what it writes.`);
  }
  if (flags.check && stale.length > 0) process.exitCode = EXIT_CODES.differs.code;
}

function counts(resources: readonly Manifest["resources"][string][]): Record<string, number> {
  const byKind: Record<string, number> = {};
  for (const { kind } of resources) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return byKind;
}
