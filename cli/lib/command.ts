import { Command } from "commander";

/** A command below `mags-iac`, with the habits of all. */
export function command(name: string): Command {
  return new Command(name).showHelpAfterError(`(mags-iac ${name} --help tells more)`);
}
