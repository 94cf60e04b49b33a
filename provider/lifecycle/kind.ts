import type { Task } from "../api/account";
import type { Settings } from "../api/settings";
import { explain } from "../api/explain";
import type { ProvenScripts } from "./proven-scripts";
import type { RunClaims } from "./run-claims";
import type { Values } from "../schema/fields";
import type { Schema } from "../schema/schema";

/** What a lifecycle operation may use. */
export interface Context extends Task {
  settings: Settings;
  claims: RunClaims;
  proven: ProvenScripts;
  /** What to keep if the operation has to be given up now; absent while no object is known to exist. */
  kept?: (reason: string) => PartialError;
}

/** One kind of resource: its schema, and what its operations mean. */
export interface Kind extends Schema {
  /** The id under which Pulumi knows it, from inputs (names) where it can be. */
  create(context: Context, inputs: Values): Promise<{ id: string; outputs: Values }>;
  /** Undefined when it is certainly gone. `inputs` only where the API shows them. */
  read(
    context: Context,
    id: string,
    recorded: Values,
  ): Promise<{ outputs: Values; inputs?: Values } | undefined>;
  update(context: Context, id: string, recorded: Values, inputs: Values): Promise<Values>;
  delete(context: Context, id: string, recorded: Values): Promise<void>;
}

/** Version of the shape of outputs. Handlers accept every shape ever written; `migrate` lifts older ones. */
export const SCHEMA_VERSION = 3;

/**
 * The object exists under `id` but something was not reached. `outputs` say what is true now, with the old
 * values for what did not get done, so that the next run goes on from there.
 */
export class PartialError extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Values,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n"));
    this.name = "PartialError";
  }
}

/** Adds `id` and `outputs` to whatever goes wrong once the object is known to exist, also to running out of time. */
export async function keeping<T>(
  context: Context,
  id: string,
  outputs: () => Values,
  work: () => Promise<T>,
): Promise<T> {
  const outer = context.kept;
  context.kept = (reason) => new PartialError(id, outputs(), [reason]);
  try {
    return await work();
  } catch (error) {
    if (error instanceof PartialError) throw error;
    throw new PartialError(id, outputs(), [explain(error).message]);
  } finally {
    context.kept = outer;
  }
}

/** Whether an object found under the name of these inputs is provably ours. */
export function isOurs(context: Context, inputs: Values): boolean {
  return (
    inputs.generatedName === true && (context.settings.namespace !== undefined || context.settings.recover)
  );
}
