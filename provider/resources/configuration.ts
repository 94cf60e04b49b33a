import * as pulumi from "@pulumi/pulumi";
import { COMMAND_KEYS, SETTING_KEYS, resolveSettings, type ConfigLookup } from "../api/settings";
import * as errors from "../errors";
import { nearest } from "../schema/validation";
import { explicitProvider } from "./explicit-provider";
import { perRun } from "./per-run";
import { refuse } from "./problems";

const PREFIX = "mags:";

/** Why no resource can be made with the stack's configuration as it is; undefined where one can. */
export function configurationRefusal(options: pulumi.CustomResourceOptions): Promise<never> | undefined {
  const { keys, values } = judgedConfiguration();
  // A provider of its own sees none of the stack's values.
  return keys ?? (explicitProvider(options) === undefined ? values() : undefined);
}

/**
 * Judges it once per run. With a misspelt token or endpoint another account would be changed, so that is refused, as is
 * a value that cannot be right; of any other key that nobody reads it is only told.
 */
const judgedConfiguration = perRun(() => {
  const known: readonly string[] = SETTING_KEYS;
  const config = pulumi.runtime.allConfig();
  const unknown = Object.keys(config)
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
  let values: { refusal: Promise<never> | undefined } | undefined;
  return {
    keys: refusalOf(misspelt),
    values: () => (values ??= { refusal: refusalOf(wrongValues((key) => config[PREFIX + key])) }).refusal,
  };
});

function refusalOf(problems: string[]): Promise<never> | undefined {
  return problems.length > 0 ? refuse("Configuration", problems) : undefined;
}

/** The first of them is told: each is looked at as by the provider. */
function wrongValues(lookup: ConfigLookup): string[] {
  try {
    resolveSettings(lookup);
    return [];
  } catch (error) {
    if (error instanceof errors.MagsError) return [error.message];
    throw error;
  }
}
