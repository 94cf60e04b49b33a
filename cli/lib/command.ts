import { Command } from "commander";

/**
 * A command below `mags-iac`, with the habits of all.
 * @param path what is typed for it after `mags-iac`, where it is below another command
 */
export function command(name: string, path = name): Command {
  return new Command(name).showHelpAfterError(`(mags-iac ${path} --help tells more)`);
}
