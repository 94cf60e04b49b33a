import { isActive } from "../api/job-status";
import * as errors from "../errors";
import type { Values } from "../schema/fields";
import { activeJobsOn, label } from "./job-find";
import type { Context } from "./kind";
import { progress } from "../api/progress";

/** In looks at the job that is in the way: how long it may take to leave, once the program says that it will. */
const LEAVE_POLLS = 180;
/** How long the program may take to say so: it may declare that job a moment later, on a busy machine more than one. */
const DECLARE_POLLS = 5;
const DECLARE_MS = 5_000;

/**
 * Returns when no job is active on the workspace of a job to be made. One that this run is about to move
 * elsewhere is waited for, so that jobs can swap their workspaces; any other is an error.
 * @param thisRun whether a list from earlier in this run is good enough for a first look
 * @param refusal says that the workspace is not free, where that is not told to a job
 */
export async function awaitFreeWorkspace(
  context: Context,
  inputs: Values,
  thisRun: boolean,
  refusal?: (job: string, status: string) => Error,
): Promise<void> {
  const workspaceId = String(inputs.workspaceId);
  const { clock } = context;
  const startedAt = clock.now();
  const say = progress(context);
  for (let first = true; ; first = false) {
    // Later looks must not be told of a stop that is over by now: whoever is listed is asked for.
    const [busy] = await activeJobsOn(context, workspaceId, thisRun || !first);
    if (!busy) return;
    const goesTo = () => (busy.name === undefined ? undefined : context.claims.workspaceOf(busy.name));
    const patience = () =>
      goesTo() === undefined
        ? Math.max(DECLARE_POLLS * context.pollMs, DECLARE_MS)
        : LEAVE_POLLS * context.pollMs;
    const isOver = () => clock.now() >= Math.min(startedAt + patience(), context.deadline);
    const { job } = await context.watcher.watch(
      busy.requestId,
      (seen) => {
        say(() => `for job ${label(busy)} to leave the workspace "${workspaceId}" for "${goesTo()}"`);
        return seen === undefined || !isActive(seen) || goesTo() === workspaceId || isOver();
      },
      context.deadline - clock.now(),
    );
    if (!job || !isActive(job)) continue;
    const place = goesTo();
    if (refusal && (place === undefined || place === workspaceId)) throw refusal(label(busy), job.status);
    if (place === undefined) throw errors.workspaceBusy(workspaceId, label(busy), job.status);
    if (place === workspaceId) throw errors.twoJobsOnWorkspace(workspaceId, busy.name!, String(inputs.name));
    throw errors.workspaceNotLeft(workspaceId, label(busy), place, seconds(clock.now() - startedAt));
  }
}

const seconds = (ms: number) => Math.round(ms / 1000);
