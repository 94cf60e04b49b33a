#!/usr/bin/env node
import { tellFailure, wantsJson } from "./lib/failure";
import { tolerateClosedReader } from "./lib/output";
import { program } from "./program";

const args = process.argv.slice(2);

// Of help, too, which commander prints.
tolerateClosedReader();

program()
  .parseAsync(args.length > 0 ? args : ["--help"], { from: "user" })
  .catch((error: unknown) => {
    process.exitCode = tellFailure(error, { json: wantsJson(args) });
  });
