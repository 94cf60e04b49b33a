#!/usr/bin/env node
import { CliError } from "./errors";
import { EXIT_CODES } from "./lib/exit-codes";
import { program } from "./program";

program()
  .parseAsync()
  .catch((error: unknown) => {
    // A failure on the user's side explains itself; the stack is for whoever asks for it.
    const text = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    process.stderr.write(`mags-iac: ${process.env.MAGS_IAC_DEBUG && stack ? stack : text}\n`);
    process.exitCode = error instanceof CliError ? error.exitCode : EXIT_CODES.failed.code;
  });
