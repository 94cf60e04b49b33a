// What docs/cli.md has of the command line, from the command line itself.
import { createRequire } from "node:module";
import path from "node:path";

import { root } from "../lib/paths.mjs";
import { table } from "./markdown.mjs";

const require = createRequire(import.meta.url);

const HELP_WIDTH = 100;

/**
 * The help of every command, and the table of exit codes. The sources have to be loadable.
 * @returns {string}
 */
export function commandReference() {
  const { program } = require(path.join(root, "cli", "program.ts"));
  const { EXIT_CODES } = require(path.join(root, "cli", "lib", "exit-codes.ts"));
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
  return `## Exit codes

${table(["Code", "Meaning"], rows)}

## Commands

${commandsOf(program(), "mags-iac")
  .map(([name, help]) => `### ${name}\n\n\`\`\`\n${help.trimEnd()}\n\`\`\``)
  .join("\n\n")}`;
}

/**
 * Commands with something to do, each with its help, in the order in which --help lists them.
 * @param {any} command
 * @param {string} name
 * @returns {[string, string][]}
 */
function commandsOf(command, name) {
  const visible = command.createHelp().visibleCommands(command);
  const named = visible.filter((/** @type {any} */ one) => command.commands.includes(one));
  const inner = named.flatMap((/** @type {any} */ one) => commandsOf(one, `${name} ${one.name()}`));
  return command.parent ? [[name, helpOf(command)], ...inner] : inner;
}

/** @param {any} command */
function helpOf(command) {
  let text = "";
  command.configureOutput({
    writeOut: (/** @type {string} */ part) => (text += part),
    getOutHelpWidth: () => HELP_WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}
