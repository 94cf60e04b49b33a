import { isActive } from "../api/job-status";
import type { JobView } from "../api/wire";
import { carried } from "../schema/job";
import { stillActive } from "./job-find";
import { urlOf } from "./job-ready";
import type { Values } from "../schema/fields";
import type { Context } from "./kind";

/** A status that says: active under our name, but not the request that we recorded. */
export const UNRECORDED = "unrecorded";

/**
 * The job as the cloud shows it: by its recorded request id, else by name. Undefined only when a 404 and a
 * complete list agree that there is nothing. A foreign request under our name has the status UNRECORDED.
 */
export async function observe(
  context: Context,
  name: string,
  requestId: string | undefined,
): Promise<JobView | undefined> {
  const recorded = requestId === undefined ? undefined : await context.client.findJobStatus(requestId);
  if (recorded && isActive(recorded)) return recorded;
  // One walk for all jobs of the run that have ended; who is active by it is asked for.
  const jobs = await context.directory.jobsOfThisRun();
  const sameName = jobs.filter((candidate) => candidate.name === name);
  const [other] = await stillActive(
    context,
    sameName.filter((candidate) => candidate.requestId !== requestId),
  );
  if (other) return requestId === undefined ? other : { ...other, status: UNRECORDED };
  return (
    recorded ??
    jobs.find((candidate) => candidate.requestId === requestId) ??
    (requestId === undefined ? sameName[0] : undefined)
  );
}

/** What the API shows of a job, in our names. `url` only where a port is open. */
export function observed(context: Context, inputs: Values, view: JobView): Values {
  const subdomain =
    view.subdomain ??
    (view.requestId === inputs.requestId ? (inputs.subdomain as string | undefined) : undefined);
  return {
    requestId: view.status === UNRECORDED ? inputs.requestId : view.requestId,
    status: view.status,
    vmId: view.vmId ?? (view.status === "sleeping" ? inputs.vmId : undefined),
    subdomain,
    url: inputs.http === undefined ? undefined : urlOf(context, subdomain),
    workspaceId: inputs.workspaceId ?? view.workspaceId,
    account: context.settings.account,
    ...carried(inputs),
  };
}
