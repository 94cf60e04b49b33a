#!/usr/bin/env node
import { tellFailure } from "./lib/failure";
import { asked } from "./lib/habits";
import { tolerateClosedReader } from "./lib/output";
import { program } from "./program";

const args = process.argv.slice(2);

// Of help, too, which commander prints.
tolerateClosedReader();

const root = program();

root
  .parseAsync(args.length > 0 ? asked(root, args) : ["--help"], { from: "user" })
  .catch((error: unknown) => {
    process.exitCode = tellFailure(error, args);
  });
