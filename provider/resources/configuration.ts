import * as pulumi from "@pulumi/pulumi";
import { COMMAND_KEYS, SETTING_KEYS } from "../api/settings";
import * as errors from "../errors";
import { nearest } from "../schema/validation";
import { perRun } from "./per-run";
import { refuse } from "./problems";

const PREFIX = "mags:";

/**
 * Judges the keys of the stack's configuration, once per run. With a misspelt token or endpoint another account would
 * be changed, so that is refused; of any other key that nobody reads it is only told.
 */
export const judgeConfiguration = perRun<{ refusal?: Promise<never> }>(() => {
  const known: readonly string[] = SETTING_KEYS;
  const unknown = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length))
    .filter((key) => ![...known, ...COMMAND_KEYS].includes(key));
  const misspelt: string[] = [];
  for (const key of unknown) {
    const near = nearest(key, known);
    const { message } = errors.configUnknown(key, near, known);
    if (near !== undefined) misspelt.push(message);
    // The keys of a project with that name are the program's own.
    else if (pulumi.getProject() !== "mags") void pulumi.log.warn(message);
  }
  return misspelt.length > 0 ? { refusal: refuse("Configuration", misspelt) } : {};
});
