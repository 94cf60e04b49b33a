import type { Settings } from "../api/settings";
import * as errors from "../errors";
import { changesBetween, has, type Change } from "./diff";
import { UNKNOWN, type Values } from "./fields";
import type { Making, Schema } from "./schema";
import { generatedName, type Identity } from "./naming";
import { previewProblems } from "./preview";
import { trustedText, trusting } from "./trust";
import { problemsOf, type Problem } from "./validation";

/** Everything here is pure: no I/O, so that a plan costs nothing and says all that the program's values can tell. */

/** What only the constructor knows and check needs. Kept nowhere. */
export interface Origin extends Identity {
  /** A text that no other run has. Absent in a preview, which makes nothing. */
  run?: string;
  /** `workspaceGeneration` of the workspace, or the job, that the resource refers to. */
  workspaceGeneration?: unknown;
}

export interface Checked {
  inputs: Values;
  problems: Problem[];
}

/**
 * Validates the arguments and completes them: the name (given, else the recorded one, else generated), and
 * what is derived from them. A generated name is sticky, so a renamed stack or an aliased rename keeps it.
 */
export function check(
  schema: Schema,
  settings: Settings,
  recorded: Values,
  args: Values,
  origin?: Origin,
): Checked {
  const problems = [
    ...problemsOf(schema.fields, args, recorded),
    ...(settings.preview === undefined ? [] : previewProblems(schema, settings, args, origin)),
  ];
  const inputs = definedOf(args);
  if (inputs[schema.nameField] === undefined) {
    const sticky = recorded[schema.nameField];
    if (sticky !== undefined) {
      inputs[schema.nameField] = sticky;
      if (recorded.generatedName === true) inputs.generatedName = true;
    } else if (origin) {
      inputs[schema.nameField] = generatedName(origin, settings.namespace, schema.nameMaxLength);
      inputs.generatedName = true;
    } else {
      problems.push({
        property: schema.nameField,
        reason: `${schema.nameField} is missing and nothing to generate it from was given.`,
      });
    }
  }
  // Cross-field rules read the fields, so they wait until each is well-formed.
  if (problems.length > 0) return { inputs, problems };
  const derived = schema.derive(inputs, settings, makingOf(schema, recorded, origin));
  const trusted = trustedText(schema.fields, recorded, derived);
  return { inputs: definedOf({ ...derived, trusted }), problems: schema.problems(inputs) };
}

function definedOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Where nothing is recorded, the engine is about to make the resource, or to make it anew. */
function makingOf(schema: Schema, recorded: Values, origin: Origin | undefined): Making {
  const exists = recorded[schema.nameField] !== undefined;
  const { workspaceGeneration } = recorded;
  const told = origin?.workspaceGeneration;
  // To a preview every output that a resource does not have is unknown, so this one may be none at all.
  const none = told === UNKNOWN && exists && workspaceGeneration === undefined;
  return {
    own: exists ? workspaceGeneration : origin && (origin.run ?? UNKNOWN),
    workspace: none ? undefined : told,
  };
}

export interface Difference {
  changes: Change[];
  /** Nothing in the inputs changed, but what is recorded shows something to repair. */
  repair: boolean;
  replaces: string[];
}

/** What an update would do, or an error when it must not be done. */
export function difference(
  schema: Schema,
  settings: Settings,
  id: string,
  recorded: Values,
  wanted: Values,
): Difference {
  assertAccount(schema, settings, id, recorded);
  const changes = changesBetween(schema.fields, recorded, wanted);
  schema.guard?.(trusting(schema.fields, recorded, wanted), wanted, changes);
  return {
    changes,
    repair: schema.needsRepair(recorded),
    replaces: changes.filter((change) => has([change], "replace")).map((change) => change.field),
  };
}

/** Whether an update that is allowed loses files on the disk of a VM. */
export function losesFiles(
  schema: Schema,
  recorded: Values,
  wanted: Values,
  changes: readonly Change[],
): boolean {
  try {
    schema.guard?.(recorded, { ...wanted, allowDataLoss: false }, changes);
    return false;
  } catch (error) {
    if (error instanceof errors.MagsError) return true;
    throw error;
  }
}

/** A resource is only ever touched through the account that it was recorded in. */
export function assertAccount(schema: Schema, settings: Settings, id: string, recorded: Values): void {
  const { account } = recorded;
  if (typeof account !== "string" || account === settings.account || settings.allowAccountMove) return;
  throw errors.accountMismatch(schema.name, id, account, settings.account);
}
