import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import type { Manifest, Tree } from "../constructs/manifest";
import { manifestAt, treeAt } from "./app/files";
import { synthesized } from "./app/run-app";
import * as errors from "./errors";
import { itemsOf, modelOf } from "./graph/model";
import type * as Svg from "./graph/svg";
import { command } from "./lib/command";
import { makeFolder } from "./lib/folders";
import { many, print, printJson } from "./lib/output";

interface Flags {
  app?: string;
  from?: string;
  svg?: string;
  json?: true;
}

/** The command `mags-iac graph`. */
export function graphCommand(): Command {
  return command("graph")
    .description("Draw the resources of an app, and what they refer to, as SVG.")
    .option("--app <program>", "path of the app program, or the command that runs it")
    .option("--from <folder>", "what synth has written, instead of running the app")
    .option("--svg <file>", "where to write the picture; without, it goes to stdout")
    .option("--json", "print JSON alone on stdout; needs --svg")
    .addHelpText(
      "after",
      `
Examples:
  mags-iac graph --from manifest --svg docs/fleet.svg
  mags-iac graph --app app.ts > fleet.svg

The picture has a light and a dark look, chosen by the reader's browser. The same app gives the
same bytes.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { manifest, tree } = await source(flags);
  if (flags.json && flags.svg === undefined) throw errors.jsonNeedsFile();
  const model = modelOf(tree.root, manifest);
  // Loaded where it is needed: the layout takes as long to load as all the rest.
  const { svgOf } = require("./graph/svg") as typeof Svg;
  const svg = svgOf(model);
  if (flags.svg === undefined) {
    print(svg);
    return;
  }
  write(flags.svg, svg);
  const resources = itemsOf(model.root).length;
  const { references } = model;
  if (flags.json) printJson({ svg: flags.svg, resources, references });
  else print(`${flags.svg}: ${many(resources, "resource")}, ${many(references, "reference")}\n`);
}

async function source({ app, from }: Flags): Promise<{ manifest: Manifest; tree: Tree }> {
  if (app !== undefined && from === undefined) return synthesized(app);
  if (from !== undefined && app === undefined) return { manifest: manifestAt(from), tree: treeAt(from) };
  throw errors.oneOf(["--app", "--from"]);
}

function write(file: string, text: string): void {
  try {
    makeFolder(path.dirname(file));
    writeFileSync(file, text);
  } catch (error) {
    throw errors.fileUnwritable(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}
