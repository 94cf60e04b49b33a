import { isActive } from "../api/client";
import { isConflict, isNotFound } from "../api/errors";
import type { Settings } from "../api/settings";
import type { JobPatch, JobView } from "../api/wire";
import * as errors from "../errors";
import { changesBetween, has, recordOf, type Change } from "./diff";
import { UNKNOWN, hasUnknown, type FieldTable, type Values } from "./fields";
import { jobFields } from "./job-fields";
import { uploadFiles } from "./job-files";
import { activeJobsNamed, activeJobsOn, label } from "./job-find";
import { openPorts, portsOf, urlOf, waitUntilHealthy, waitUntilReady } from "./job-ready";
import { refuseDataLoss, stopAndWait, stopSafely } from "./job-stop";
import { jobRequest, submitJob } from "./job-submit";
import { isOurs, keeping, type Context, type Kind } from "./kind";
import type { Problem } from "./validation";

/** A status that says: active under our name, but not the request that we recorded. */
const UNRECORDED = "unrecorded";

export const job: Kind = {
  name: "Job",
  fields: jobFields,
  nameField: "name",
  nameMaxLength: 63,
  timeouts: { create: 600, update: 900, delete: 300 },

  /** Without a workspace the vendor's `new()` sends the name as workspace and `no_sync`; so do we. */
  derive(inputs: Values, _settings: Settings): Values {
    return inputs.workspaceId === undefined
      ? { ...inputs, workspaceId: inputs.name, localDisk: true }
      : inputs;
  },

  problems(inputs: Values): Problem[] {
    const problems: Problem[] = [];
    const both = Object.keys(asMap(inputs.environment)).filter((key) => key in asMap(inputs.secrets));
    if (both.length > 0) {
      problems.push({
        property: "",
        reason: `environment and secrets both set ${both.join(", ")}: keep one of them.`,
      });
    }
    if (inputs.idleTimeout !== undefined && "__MAGS_IDLE_MIN" in asMap(inputs.environment)) {
      problems.push({
        property: "idleTimeout",
        reason: "idleTimeout and environment.__MAGS_IDLE_MIN say the same: keep one of them.",
      });
    }
    if (inputs.idleTimeout !== undefined && inputs.noSleep === true) {
      problems.push({
        property: "idleTimeout",
        reason: "idleTimeout has no meaning with noSleep: true: a VM that never sleeps is never idle.",
      });
    }
    if (inputs.waitFor === "healthy" && inputs.http === undefined) {
      problems.push({
        property: "waitFor",
        reason: `waitFor "healthy" needs http: without a port there is nothing to ask.`,
      });
    }
    return problems;
  },

  guard(recorded: Values, wanted: Values, changes: readonly Change[]): void {
    const name = String(recorded.name);
    if (!has(changes, "restart", "resize", "replace")) return;
    const [from, to] = [recorded.diskGb ?? 2, wanted.diskGb ?? 2];
    if (!has(changes, "replace") && typeof from === "number" && typeof to === "number" && to < from) {
      throw errors.diskShrinks(name, from, to);
    }
    if (
      hasUnknown(wanted.allowDataLoss) ||
      allowsDataLoss({ ...wanted, ...carried(recorded) }) ||
      !recorded.localDisk
    )
      return;
    const fields: FieldTable = jobFields;
    const asking = changes.filter(
      (change) => has([change], "restart", "resize", "replace") && !fields[change.field]?.derived,
    );
    throw errors.localDiskWouldBeLost(
      name,
      asking.map((change) => change.field),
    );
  },

  needsRepair(recorded: Values): boolean {
    return recorded.notReady !== undefined || !isActive({ status: String(recorded.status) });
  },

  async create(context, inputs) {
    const name = inputs.name as string;
    const existing = await activeJobsNamed(context, name, true);
    if (existing.length > 0) return { id: name, outputs: await takeOver(context, inputs, existing) };
    await refuseMissingWorkspace(context, inputs);
    await refuseBusyWorkspace(context, inputs, true);
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
      await refuseBusyWorkspace(context, inputs, false);
      // Nobody is active any more: what was in the way is just being stopped.
      requestId = await submit(true);
    }
    return { id: name, outputs: await settle(context, { ...inputs, ownsRecord }, requestId, fileIds) };
  },

  async read(context, id, recorded) {
    const requestId = recorded.requestId as string | undefined;
    const listed = requestId === undefined ? undefined : await context.directory.listedActive(requestId);
    // The list shows no VM: what is recorded of it stands until something else says that it changed.
    const view = listed
      ? { ...listed, vmId: listed.vmId ?? (recorded.vmId as string | undefined) }
      : await observe(context, String(recorded.name ?? id), requestId);
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

/**
 * The job as the cloud shows it: by its recorded request id, else by name. Undefined only when a 404 and a
 * complete list agree that there is nothing. A foreign request under our name has the status UNRECORDED.
 */
async function observe(
  context: Context,
  name: string,
  requestId: string | undefined,
): Promise<JobView | undefined> {
  const recorded = requestId === undefined ? undefined : await context.client.findJobStatus(requestId);
  if (recorded && isActive(recorded)) return recorded;
  const jobs = await context.directory.jobs();
  const sameName = jobs.filter((candidate) => candidate.name === name);
  const other = sameName.find(isActive);
  if (other && requestId === undefined) return (await context.client.findJobStatus(other.requestId)) ?? other;
  if (other && other.requestId !== requestId) return { ...other, status: UNRECORDED };
  return (
    recorded ??
    jobs.find((candidate) => candidate.requestId === requestId) ??
    (requestId === undefined ? sameName[0] : undefined)
  );
}

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
  throw errors.workspaceMissing(String(inputs.name), workspaceId);
}

async function refuseBusyWorkspace(context: Context, inputs: Values, thisRun: boolean): Promise<void> {
  const workspaceId = inputs.workspaceId as string;
  const [busy] = await activeJobsOn(context, workspaceId, thisRun);
  if (busy) throw errors.workspaceBusy(workspaceId, label(busy), busy.status);
}

/**
 * A job without a workspace is sent with its own name as workspace (`no_sync`), so the API lists one. Whether
 * that record is ours to remove is decided before it can exist: one that was there may hold somebody's files.
 */
async function willOwnRecord(context: Context, inputs: Values): Promise<boolean | undefined> {
  if (!inputs.localDisk) return undefined;
  const name = String(inputs.name);
  const listed = (await context.directory.workspaces()).some(({ workspaceId }) => workspaceId === name);
  if (listed && inputs.generatedName !== true) throw errors.localDiskNameTaken(name);
  return !listed || isOurs(context, inputs);
}

async function removeRecord(context: Context, name: string): Promise<void> {
  const listed = (await context.directory.workspaces()).some(({ workspaceId }) => workspaceId === name);
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

/** Takes the object as it is: patches what can be patched, never restarts, and says what it had to trust. */
async function adopt(context: Context, inputs: Values, existing: JobView): Promise<Values> {
  const name = inputs.name as string;
  const view = (await context.client.findJobStatus(existing.requestId)) ?? existing;
  if (view.workspaceId !== undefined && view.workspaceId !== inputs.workspaceId) {
    throw errors.workspaceBusy(String(view.workspaceId), label(existing), existing.status);
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

/**
 * Sync, stop, wait, submit with all settings, open every port again. What can fail without harm comes first;
 * from the stop on, a failure keeps the old record, so that the next run goes on where this one ended.
 */
async function restart(
  context: Context,
  inputs: Values,
  recorded: Values,
  active: JobView | undefined,
): Promise<Values> {
  const name = inputs.name as string;
  const allowDataLoss = allowsDataLoss(inputs);
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
async function patch(
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
  const newPorts = portsOf(inputs).filter((port) => !opened.has(port));
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

/** From a request id on: every failure keeps the resource, visibly not ready. */
async function settle(
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

/** What the API shows of a job, in our names. `url` only where a port is open. */
function observed(context: Context, inputs: Values, view: JobView): Values {
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

/** What is known since the creation and no input says. */
function carried(values: Values): Values {
  return pick(values, ["adopted", "ownsRecord"]);
}

function patchOf(inputs: Values, fields: string[]): JobPatch {
  const body: JobPatch = {};
  if (fields.includes("noSleep")) body.no_sleep = inputs.noSleep === true;
  // An empty text clears it (assumed).
  if (fields.includes("startupCommand"))
    body.startup_command = (inputs.startupCommand as string | undefined) ?? "";
  return body;
}

function allowsDataLoss(inputs: Values): boolean {
  if (inputs.allowDataLoss !== undefined) return inputs.allowDataLoss === true;
  // What was on the disk of an adopted job before us is not ours to give up.
  return inputs.localDisk === true && inputs.adopted !== true;
}

function pick(values: Values, keys: string[]): Values {
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}

function asMap(value: unknown): Values {
  return typeof value === "object" && value !== null && (value as unknown) !== UNKNOWN
    ? (value as Values)
    : {};
}
