import { isActive } from "../api/job-status";
import type { JobPatch, JobView } from "../api/wire";
import * as errors from "../errors";
import { recordOf, type Change } from "../schema/diff";
import type { Values } from "../schema/fields";
import { jobFields } from "../schema/job-fields";
import { uploadFiles } from "./job-files";
import { allowsDataLoss, carried, pick } from "../schema/job";
import { UNRECORDED, observed } from "./job-observe";
import { openPorts, portsOf, portsToOpen, waitUntilHealthy, waitUntilReady } from "./job-ready";
import { refuseDataLoss, stopSafely } from "../api/job-stop";
import { jobRequest, startupCommandOf, submitJob } from "./job-submit";
import { keeping, type Context } from "./kind";
import { refuseMissingBase } from "./listed";

/**
 * Sync, stop, wait, submit with all settings, open every port again. What can fail without harm comes first;
 * from the stop on, a failure keeps the old record, so that the next run goes on where this one ended.
 */
export async function restart(
  context: Context,
  inputs: Values,
  recorded: Values,
  active: JobView | undefined,
): Promise<Values> {
  const name = inputs.name as string;
  const allowDataLoss = allowsDataLoss(inputs);
  if (active)
    await refuseMissingBase(context, inputs.baseWorkspaceId, (base) => errors.jobBaseMissing(name, base));
  const fileIds = await uploadFiles(context, inputs);
  const stopOptions = { name, synced: !recorded.localDisk, allowDataLoss };
  if (active) {
    const job = active.status === UNRECORDED ? { ...active, status: "running" } : active;
    if (!allowDataLoss && recorded.localDisk) throw errors.localDiskWouldBeLost(name, ["its settings"]);
    if (!allowDataLoss) await refuseDataLoss(context, job, name);
    // Looking at /data wakes a sleeping VM.
    const now = (await context.client.findJobStatus(job.requestId)) ?? job;
    await stopSafely(context, now, stopOptions);
  }
  const stopped = {
    ...recorded,
    status: "stopped",
    vmId: undefined,
    notReady: "stopped for a restart that is not finished",
  };
  const requestId = await keeping(
    context,
    name,
    () => stopped,
    () => submitJob(context, jobRequest(inputs, fileIds), { waitOutConflicts: true }),
  );
  return settle(context, inputs, requestId, fileIds);
}

/** Changes what the API can change on the live job. */
export async function patch(
  context: Context,
  id: string,
  recorded: Values,
  inputs: Values,
  changes: readonly Change[],
  active: JobView,
): Promise<Values> {
  const fields = changes
    .filter((change) => change.effect === "patch" && change.field !== "http")
    .map((change) => change.field);
  if (fields.length > 0) await context.client.patchJob(active.requestId, patchOf(inputs, fields));
  const patched = {
    ...recorded,
    ...pick(recordOf(jobFields, inputs), fields),
    ...observed(context, recorded, active),
  };
  for (const field of fields) if (inputs[field] === undefined) delete patched[field];
  const opened = new Set(recorded.notReady === undefined ? portsOf(recorded) : []);
  const newPorts = portsToOpen(inputs, opened);
  const touched =
    newPorts.length > 0 || changes.some((change) => change.field === "waitFor" || change.field === "http");
  return keeping(
    context,
    id,
    () => ({ ...patched, notReady: "an update was not finished" }),
    async () => {
      if (recorded.notReady === undefined && !touched)
        return { ...recordOf(jobFields, inputs), ...observed(context, recorded, active) };
      const ready =
        recorded.notReady === undefined
          ? active
          : await waitUntilReady(context, id, active.requestId, inputs);
      const view = { ...ready, subdomain: ready.subdomain ?? (recorded.subdomain as string | undefined) };
      return reachable(context, inputs, active.requestId, view, newPorts);
    },
  );
}

/** Takes the object as it is: patches what can be patched, never restarts, and says what it had to trust. */
export async function adopt(context: Context, inputs: Values, existing: JobView): Promise<Values> {
  const name = inputs.name as string;
  const view = (await context.client.findJobStatus(existing.requestId)) ?? existing;
  if (view.workspaceId !== undefined && view.workspaceId !== inputs.workspaceId) {
    throw errors.adoptedElsewhere(name, String(view.workspaceId), String(inputs.workspaceId));
  }
  const trusted = Object.keys(recordOf(jobFields, inputs)).filter(
    (field) => jobFields[field as keyof typeof jobFields].effect === "restart",
  );
  context.say(
    `adopted job "${name}" as it is; not shown by the API and trusted: ${["script", ...trusted.filter((f) => f !== "script"), "diskGb"].join(", ")}`,
  );
  const outputs = { ...recordOf(jobFields, inputs), ...observed(context, inputs, view) };
  return keeping(
    context,
    name,
    () => ({ ...outputs, notReady: "adoption was not completed" }),
    async () => {
      await context.client.patchJob(existing.requestId, patchOf(inputs, ["noSleep", "startupCommand"]));
      return reachable(context, inputs, existing.requestId, view);
    },
  );
}

/** From a request id on: every failure keeps the resource, visibly not ready. */
export async function settle(
  context: Context,
  inputs: Values,
  requestId: string,
  fileIds: string[],
  firstTry = true,
): Promise<Values> {
  const name = inputs.name as string;
  const record: Values = {
    ...recordOf(jobFields, inputs),
    ...carried(inputs),
    requestId,
    account: context.settings.account,
    status: "pending",
  };
  return keeping(
    context,
    name,
    () => ({ ...record, notReady: "it did not become ready" }),
    async () => {
      if (inputs.waitFor === "none" && portsOf(inputs).length === 0) {
        const view = await context.client.findJobStatus(requestId);
        return { ...record, ...(view ? observed(context, inputs, view) : {}) };
      }
      try {
        const view = await waitUntilReady(context, name, requestId, inputs);
        Object.assign(record, observed(context, inputs, view));
        return await reachable(context, inputs, requestId, view);
      } catch (error) {
        // A failed start stays visible as what it is after a refresh too.
        const view = await context.client.findJobStatus(requestId).catch(() => undefined);
        if (view) Object.assign(record, observed(context, inputs, view));
        // A VM can end at once through no fault of the script (observed); one more try is worth it.
        if (!firstTry || !view || isActive(view) || view.exitCode !== undefined) throw error;
        context.say(`job "${name}" ended with status ${view.status} before it was ready; trying once more`);
        const again = await submitJob(context, jobRequest(inputs, fileIds), { waitOutConflicts: true });
        return settle(context, inputs, again, fileIds, false);
      }
    },
  );
}

/** Opens ports and waits for health where that is asked for. */
async function reachable(
  context: Context,
  inputs: Values,
  requestId: string,
  view: JobView,
  ports = portsOf(inputs),
): Promise<Values> {
  const name = inputs.name as string;
  const opened = await openPorts(context, name, requestId, ports);
  const now = opened === undefined && ports.length > 0 ? await context.client.jobStatus(requestId) : view;
  const seen = { ...now, subdomain: opened ?? now.subdomain };
  const outputs: Values = { ...recordOf(jobFields, inputs), ...observed(context, inputs, seen) };
  if (inputs.waitFor === "healthy" && typeof outputs.url === "string") {
    const { healthPath = "/" } = inputs.http as { healthPath?: string };
    await keeping(
      context,
      name,
      () => ({ ...outputs, notReady: "its URL did not answer 2xx" }),
      () => waitUntilHealthy(context, name, requestId, outputs.url as string, healthPath),
    );
  }
  return outputs;
}

function patchOf(inputs: Values, fields: string[]): JobPatch {
  const body: JobPatch = {};
  if (fields.includes("noSleep")) body.no_sleep = inputs.noSleep === true;
  // An empty text clears it (assumed).
  if (fields.includes("startupCommand")) body.startup_command = startupCommandOf(inputs);
  return body;
}
