import { isActive } from "../api/job-status";
import { isConflict, isNotFound } from "../api/errors";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import { changesBetween, has, recordOf } from "../schema/diff";
import type { Values } from "../schema/fields";
import { adopt, patch, restart, settle } from "./job-converge";
import { jobFields } from "../schema/job-fields";
import { uploadFiles } from "./job-files";
import { activeJobsNamed } from "./job-find";
import { allowsDataLoss, carried, jobSchema } from "../schema/job";
import { UNRECORDED, observe, observed } from "./job-observe";
import { stopAndWait, stopSafely } from "../api/job-stop";
import { jobRequest, submitJob } from "./job-submit";
import { isOurs, type Context, type Kind } from "./kind";
import { isListed } from "./listed";
import { awaitFreeWorkspace } from "./workspace-free";

export const job: Kind = {
  ...jobSchema,

  async create(context, inputs) {
    const name = inputs.name as string;
    const existing = await activeJobsNamed(context, name, true);
    if (existing.length > 0) return { id: name, outputs: await takeOver(context, inputs, existing) };
    await refuseMissingWorkspace(context, inputs);
    await awaitFreeWorkspace(context, inputs, true);
    const ownsRecord = await willOwnRecord(context, inputs);
    const fileIds = await uploadFiles(context, inputs);
    const submit = (waitOutConflicts: boolean) =>
      submitJob(context, jobRequest(inputs, fileIds), { waitOutConflicts });
    let requestId: string;
    try {
      requestId = await submit(false);
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Somebody was faster, perhaps an earlier call of ours whose effect came late.
      const faster = await activeJobsNamed(context, name);
      if (faster.length > 0) return { id: name, outputs: await takeOver(context, inputs, faster) };
      await awaitFreeWorkspace(context, inputs, false);
      // Nobody is active any more: what was in the way is just being stopped.
      requestId = await submit(true);
    }
    return { id: name, outputs: await settle(context, { ...inputs, ownsRecord }, requestId, fileIds) };
  },

  async read(context, id, recorded) {
    const requestId = recorded.requestId as string | undefined;
    const listed = requestId === undefined ? undefined : await context.reads.active(requestId);
    // The list shows no VM: what is recorded of it stands until something else says that it changed.
    const view = listed
      ? { ...listed, vmId: listed.vmId ?? (recorded.vmId as string | undefined) }
      : ((await observe(context, String(recorded.name ?? id), requestId)) ??
        // The list that does not show it may be older than our own write that made it.
        (await context.directory.jobs(Infinity)).find((job) => job.requestId === requestId));
    if (!view) return undefined;
    // One that is only looked up has no inputs: its URL is shown if it has one.
    const source = recorded.requestId === undefined ? { ...recorded, http: {} } : recorded;
    return { outputs: { ...recorded, name: id, ...observed(context, source, view) } };
  },

  async update(context, id, recorded, inputs) {
    const changes = changesBetween(jobFields, recorded, inputs);
    const wanted = { ...inputs, ...carried(recorded) };
    const view = await observe(context, id, recorded.requestId as string | undefined);
    if (view && view.status === UNRECORDED && !isOurs(context, inputs))
      throw errors.unrecordedJobActive(id, view.requestId);
    const active = view && (isActive(view) || view.status === UNRECORDED) ? view : undefined;
    if (!active || active.status === UNRECORDED || has(changes, "restart", "resize")) {
      return restart(context, wanted, recorded, active);
    }
    return patch(context, id, recorded, wanted, changes, active);
  },

  async delete(context, id, recorded) {
    const view = await observe(context, id, recorded.requestId as string | undefined);
    if (view?.status === UNRECORDED && !isOurs(context, recorded)) {
      context.say(
        `a job "${id}" is active that this stack did not start (request ${view.requestId}); it was left alone`,
      );
      return;
    }
    const options = { name: id, synced: !recorded.localDisk, allowDataLoss: allowsDataLoss(recorded) };
    if (view?.status === UNRECORDED) await stopSafely(context, { ...view, status: "running" }, options);
    else if (view && isActive(view)) await stopSafely(context, view, options);
    if (isOurs(context, recorded)) {
      const others = (await activeJobsNamed(context, id, true)).filter(
        (job) => job.requestId !== view?.requestId,
      );
      for (const other of others) await stopSafely(context, other, options);
    }
    if (recorded.ownsRecord === true) await removeRecord(context, id);
  },
};

/** What to do with active jobs found under the name of one to be created, oldest first. */
async function takeOver(
  context: Context,
  inputs: Values,
  [existing, ...duplicates]: JobView[],
): Promise<Values> {
  const name = inputs.name as string;
  if (isOurs(context, inputs)) {
    await stopDuplicates(context, name, duplicates);
    context.say(
      `job "${name}" is active already from an interrupted run; restarting it with the declared settings`,
    );
    const wanted = { ...inputs, ownsRecord: inputs.localDisk };
    return restart(context, wanted, recordOf(jobFields, inputs), existing);
  }
  if (inputs.adopt === true) return adopt(context, { ...inputs, adopted: true }, existing!);
  const since = existing!.startedAt ?? existing!.createdAt;
  throw errors.alreadyExists("job", name, { status: existing!.status, since });
}

/** The API would make a workspace of any name it does not know: a typing error would be an empty one that nobody owns. */
async function refuseMissingWorkspace(context: Context, inputs: Values): Promise<void> {
  const workspaceId = String(inputs.workspaceId);
  if (inputs.localDisk || (await context.directory.hasWorkspace(workspaceId))) return;
  throw errors.workspaceMissing(`Job "${String(inputs.name)}"`, workspaceId);
}

/**
 * A job without a workspace is sent with its own name as workspace (`no_sync`), so the API lists one. Whether
 * that record is ours to remove is decided before it can exist: one that was there may hold somebody's files.
 */
async function willOwnRecord(context: Context, inputs: Values): Promise<boolean | undefined> {
  if (!inputs.localDisk) return undefined;
  const name = String(inputs.name);
  const found = await context.directory.underName("workspaces", ({ workspaceId }) => workspaceId === name);
  const listed = found.length > 0;
  if (listed && inputs.generatedName !== true) throw errors.localDiskNameTaken(name);
  return !listed || isOurs(context, inputs);
}

async function removeRecord(context: Context, name: string): Promise<void> {
  const listed = await isListed(context, name);
  if (!listed) return;
  try {
    await context.client.deleteWorkspace(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function stopDuplicates(context: Context, name: string, duplicates: JobView[]): Promise<void> {
  for (const duplicate of duplicates) {
    context.say(
      `two jobs "${name}" are active; keeping the older one, stopping request ${duplicate.requestId}`,
    );
    await stopAndWait(context, duplicate, name);
  }
}
