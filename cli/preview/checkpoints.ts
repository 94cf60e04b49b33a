import type { EngineEvent } from "@pulumi/pulumi/automation";
import { fromHost } from "../../provider/host/json";
import { kindOfToken } from "../../provider/schema/tokens";

/** Has the engine write the state once, at the end of a run, rather than twice for each resource. */
export const SKIP_CHECKPOINTS = "PULUMI_SKIP_CHECKPOINTS";

/**
 * Looks at a plan for a stack that holds nothing: whether everything in it would be found again if the run that
 * carries it out were killed and left no state. That is proven, by the crash matrix, for names that were generated,
 * with the namespace that every preview has, but not for what runs inside a job, since that is started anew when it is
 * found, nor for what is on a local disk; and nothing is known of the resources of others.
 */
export class FoundAgain {
  private doubt = false;

  /** Takes an event of the plan. */
  readonly onEvent = ({ resourcePreEvent }: EngineEvent): void => {
    if (!resourcePreEvent) return;
    const { op, type, urn, new: planned } = resourcePreEvent.metadata;
    if (op === "read" || op === "same") return;
    if (type === "pulumi:pulumi:Stack") return;
    // One that the program configures may have another namespace, or another account.
    if (type.startsWith("pulumi:providers:")) this.doubt ||= !/::default[^:]*$/.test(urn);
    else if (op !== "create" || planned === undefined) this.doubt = true;
    else if (planned.custom) this.doubt ||= !isFoundAgain(type, planned.inputs);
  };

  /** Whether there is no doubt about anything in the plan. */
  get all(): boolean {
    return !this.doubt;
  }
}

function isFoundAgain(type: string, planned: Readonly<Record<string, unknown>>): boolean {
  const kind = kindOfToken(type);
  if (kind === undefined) return false;
  const inputs = fromHost(planned);
  // A run proves itself what it is, whatever its name.
  if (kind === "Run") return inputs.jobName === undefined;
  return inputs.generatedName === true && inputs.localDisk !== true;
}
