import * as pulumi from "./sdk";
import { COMMAND_KEYS, SETTING_KEYS, resolveSettings } from "../api/settings";
import * as errors from "../errors";
import { nearest } from "../schema/validation";
import { explicitProvider } from "./explicit-provider";
import { perRun } from "./per-run";
import { refuse } from "./problems";

const PREFIX = "mags:";

/** Why no resource can be made with the stack's configuration as it is; undefined where one can. */
export function configurationRefusal(options: pulumi.CustomResourceOptions): Promise<never> | undefined {
  // A provider of its own sees none of the stack's values.
  return judgedKeys().refusal ?? (explicitProvider(options) ? undefined : judgedValues().refusal);
}

/** What comes of judging, which is done once per run. */
interface Judged {
  refusal: Promise<never> | undefined;
}

/**
 * With a misspelt token or endpoint another account would be changed, so that is refused; of any other key that nobody
 * reads it is only told.
 */
const judgedKeys = perRun<Judged>(() => {
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
  return judgedBy(misspelt);
});

/** A value that cannot be right is refused. The first of them is told: each is looked at as by the provider. */
const judgedValues = perRun<Judged>(() => {
  const config = pulumi.runtime.allConfig();
  try {
    resolveSettings((key) => config[PREFIX + key]);
    return judgedBy([]);
  } catch (error) {
    if (error instanceof errors.MagsError) return judgedBy([error.message]);
    throw error;
  }
});

function judgedBy(problems: string[]): Judged {
  return { refusal: problems.length > 0 ? refuse("Configuration", problems) : undefined };
}
