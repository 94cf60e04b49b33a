import { isActive } from "../api/job-status";
import { defined } from "../api/defined";
import type { JobView } from "../api/wire";
import type { Context } from "./kind";

/**
 * The active jobs of a name, oldest first. The list shows ended jobs under the same name too (recorded), so
 * status decides. `thisRun` accepts a walk from earlier in this run, which saves one walk per name.
 */
export async function activeJobsNamed(context: Context, name: string, thisRun = false): Promise<JobView[]> {
  const jobs = thisRun ? await context.directory.jobsOfThisRun() : await context.directory.jobs();
  return verified(
    context,
    jobs.filter((job) => job.name === name),
    thisRun,
  );
}

/** The active jobs on a workspace, oldest first. */
export async function activeJobsOn(
  context: Context,
  workspaceId: string,
  thisRun = false,
): Promise<JobView[]> {
  const jobs = thisRun ? await context.directory.jobsOfThisRun() : await context.directory.jobs();
  return verified(
    context,
    jobs.filter((job) => job.workspaceId === workspaceId),
    thisRun,
  );
}

/** The list is newest first (assumed). What an older walk shows as active is asked for once more. */
async function verified(context: Context, jobs: JobView[], askAgain: boolean): Promise<JobView[]> {
  return askAgain ? stillActive(context, jobs) : jobs.filter(isActive).reverse();
}

/** Of what an older walk shows as active, that which is active now, oldest first. */
export async function stillActive(context: Context, jobs: JobView[]): Promise<JobView[]> {
  const active = jobs.filter(isActive).reverse();
  const now = await Promise.all(
    active.map(async (job) => {
      const status = await context.client.findJobStatus(job.requestId);
      return status && { ...job, ...defined(status) };
    }),
  );
  return now.filter((job): job is JobView => job !== undefined && isActive(job));
}

/** How a job is called in messages. */
export function label(job: JobView): string {
  return job.name ? `"${job.name}" (request ${job.requestId})` : `request ${job.requestId}`;
}
