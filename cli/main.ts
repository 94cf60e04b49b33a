#!/usr/bin/env node
import { tellFailure, wantsJson } from "./lib/failure";
import { program } from "./program";

const args = process.argv.slice(2);

// A reader may stop reading, such as `head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

program()
  .parseAsync(args.length > 0 ? args : ["--help"], { from: "user" })
  .catch((error: unknown) => {
    process.exitCode = tellFailure(error, { json: wantsJson(args) });
  });
