import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { diffCommand } from "./diff";
import { emulatorCommand } from "./emulator";
import { graphCommand } from "./graph";
import { previewCommand } from "./preview";
import { synthCommand } from "./synth";

/** The command `mags-iac` with everything below it. */
export function program(): Command {
  return new Command("mags-iac")
    .description("Tools for Mags infrastructure as code.")
    .version(packageVersion())
    .showHelpAfterError("(mags-iac --help lists the commands)")
    .addCommand(synthCommand())
    .addCommand(diffCommand())
    .addCommand(graphCommand())
    .addCommand(previewCommand())
    .addCommand(emulatorCommand());
}

/** The version of the package, of whose folder this file is part, compiled or not. */
function packageVersion(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    try {
      return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
