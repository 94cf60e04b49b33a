#!/usr/bin/env node
import { readFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { emulatorCommand } from "./emulator";

/** The version of the package, read where npm has it: two folders above dist/cli. */
function packageVersion(): string {
  const file = path.join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

const program = new Command("mags-iac")
  .description("Tools for Mags infrastructure as code.")
  .version(packageVersion())
  .showHelpAfterError("(mags-iac --help lists the commands)");

program.addCommand(emulatorCommand());

program.parseAsync().catch((error: unknown) => {
  // A failure on the user's side explains itself; the stack is for whoever asks for it.
  const text = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`mags-iac: ${process.env.MAGS_IAC_DEBUG && stack ? stack : text}\n`);
  process.exitCode = 1;
});
