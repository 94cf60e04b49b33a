import { styleText } from "node:util";
import type { Command } from "commander";

/** The command and all below it, in the order in which help lists them. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Gives every command what commander does not hand on to those that were made apart. */
export function withHabits(root: Command): Command {
  for (const command of everyCommand(root)) {
    command
      // Failures end in one place, where they can be told as JSON too.
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "mags-iac: ")) })
      // Commander takes colours away again where help does not go to a terminal, and with NO_COLOR.
      .configureHelp({
        subcommandTerm: (one) => one.name(),
        styleTitle: (text) => styleText("bold", text, { validateStream: false }),
        styleCommandText: (text) => styleText("cyan", text, { validateStream: false }),
        styleSubcommandText: (text) => styleText("cyan", text, { validateStream: false }),
        styleOptionText: (text) => styleText("cyan", text, { validateStream: false }),
      });
  }
  return root;
}

/** What a command line asks for: help on a command that is not there is as wrong as that command itself. */
export function asked(root: Command, args: readonly string[]): readonly string[] {
  const [first, topic] = args;
  if (first !== "help" || topic === undefined || topic.startsWith("-")) return args;
  return root.commands.some((one) => one.name() === topic) ? args : [topic];
}
