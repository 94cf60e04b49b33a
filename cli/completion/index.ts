import { Argument, Command } from "commander";
import { command } from "../lib/command";
import { print, printJson } from "../lib/output";
import { candidates } from "./candidates";
import { COMPLETE_COMMAND, SCRIPTS, type Shell } from "./scripts";

/** The command `mags-iac completion`. */
export function completionCommand(): Command {
  return command("completion")
    .description("Print a script that completes commands, options and their values with Tab.")
    .addArgument(new Argument("<shell>", "the shell that is to do it").choices(Object.keys(SCRIPTS)))
    .option("--json", "print JSON alone on stdout")
    .addHelpText(
      "after",
      `
Examples:
  eval "$(mags-iac completion bash)"                                    in ~/.bashrc
  eval "$(mags-iac completion zsh)"                                     in ~/.zshrc, after compinit
  mags-iac completion fish > ~/.config/fish/completions/mags-iac.fish   once

The script asks the command itself, so it need not be renewed with a new release.`,
    )
    .action((shell: Shell, { json }: { json?: true }) => {
      const script = SCRIPTS[shell];
      if (json) printJson({ shell, script });
      else print(script);
    });
}

/** What the scripts call: prints what may stand in place of the last word, each with what it means. */
export function hiddenCompleteCommand(root: () => Command): Command {
  return new Command(COMPLETE_COMMAND)
    .argument("[words...]", "the words after the command, up to the one that is being typed")
    .action(async (words: string[]) => {
      const found = await candidates(root(), words);
      if (found === "files") print(":files\n");
      else print(found.map(({ value, meaning }) => `${value}\t${meaning}\n`).join(""));
    });
}
