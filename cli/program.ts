import { Command } from "commander";
import { completionCommand, hiddenCompleteCommand } from "./completion";
import { diffCommand } from "./diff";
import { doctorCommand } from "./doctor";
import { driftCommand } from "./drift";
import { emulatorCommand } from "./emulator";
import { fleetCommand } from "./fleet";
import { graphCommand } from "./graph";
import { importCommand } from "./import";
import { withHabits } from "./lib/habits";
import { packageAround } from "./lib/package";
import { previewCommand } from "./preview";
import { synthCommand } from "./synth";

/** The command `mags-iac` with everything below it. */
export function program(): Command {
  const root: Command = new Command("mags-iac")
    .description("Mags infrastructure as code, from the command line.")
    .usage("<command> [options]")
    .version(packageAround(__dirname).version)
    .showHelpAfterError("(mags-iac --help lists the commands)")
    .commandsGroup("What is in git:")
    .addCommand(synthCommand())
    .addCommand(diffCommand())
    .addCommand(graphCommand())
    .commandsGroup("What is in the account:")
    .addCommand(fleetCommand())
    .addCommand(importCommand())
    .addCommand(driftCommand())
    .commandsGroup("For each pull request:")
    .addCommand(previewCommand())
    .commandsGroup("What is on this machine:")
    .addCommand(doctorCommand())
    .addCommand(emulatorCommand())
    .addCommand(completionCommand())
    .helpCommand("help [command]", "Say what a command does and takes.")
    .addCommand(
      hiddenCompleteCommand(() => root),
      { hidden: true },
    )
    .addHelpText(
      "after",
      `
Examples:
  mags-iac emulator                      try it, without an account
  mags-iac doctor                        what is missing here, and what mends it
  mags-iac diff --app app.ts             what a change will do
  mags-iac fleet --watch                 what is in the account, kept up to date
  mags-iac preview up --pr 12            a running copy for a pull request
  eval "$(mags-iac completion bash)"     complete commands and options with Tab

Each command has its own examples: mags-iac diff --help`,
    );
  return withHabits(root);
}
