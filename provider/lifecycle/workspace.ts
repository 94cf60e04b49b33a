import { isActive } from "../api/job-status";
import { isNotFound } from "../api/errors";
import { logTail } from "../api/job-ready";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import { retryFor } from "../api/attempt";
import { recordOf } from "../schema/diff";
import type { Values } from "../schema/fields";
import { activeJobsNamed, activeJobsOn, label } from "./job-find";
import { lostItsMachine, stopAndWait, stopSafely } from "../api/job-stop";
import { submitJob } from "./job-submit";
import { isOurs, keeping, type Context, type Kind } from "./kind";
import { isListed, refuseMissingBase } from "./listed";
import { progress } from "../api/progress";
import { READ_RECORD, parseRecord, setupScript, type SetupRecord } from "./workspace-setup";
import { isSameScope } from "../schema/naming";
import { isProtected, setupJobName, workspaceSchema } from "../schema/workspace";
import { workspaceFields } from "../schema/workspace-fields";
import type { JobRequest } from "../api/wire";

/** A workspace is listed some time after its first job began to use it. */
const LISTED_PATIENCE_MS = 25_000;

export const workspace: Kind = {
  ...workspaceSchema,

  async create(context, inputs) {
    const name = inputs.name as string;
    const [found, setupJobs] = await Promise.all([
      context.directory.underName("workspaces", (workspace) => workspace.workspaceId === name),
      activeJobsNamed(context, setupJobName(name), true),
    ]);
    const exists = found.length > 0 || setupJobs.length > 0;
    if (exists && inputs.adopt === true) {
      context.say(`adopted workspace "${name}" as it is; its setup was not run`);
      // A run that was interrupted may have left the VM that makes it: nothing else would ever stop that.
      const [making] = await activeJobsNamed(context, setupJobName(name));
      if (making) await provision(context, inputs, making, { retry: false, asItIs: true });
      return { id: name, outputs: record(context, inputs) };
    }
    if (exists && !isOurs(context, inputs)) {
      throw errors.alreadyExists("workspace", name, {
        status: setupJobs[0] && `being set up by job ${label(setupJobs[0])}`,
      });
    }
    if (!exists)
      await refuseMissingBase(context, inputs.baseWorkspaceId, (base) =>
        errors.baseWorkspaceMissing(String(inputs.name), base),
      );
    const users = exists
      ? (await activeJobsOn(context, name)).filter((job) => job.name !== setupJobName(name))
      : [];
    if (users[0]) {
      context.say(`workspace "${name}" is in use by job ${label(users[0])}; taken over as it is`);
      return { id: name, outputs: record(context, inputs) };
    }
    return { id: name, outputs: await provision(context, inputs, setupJobs[0], { retry: false }) };
  },

  async read(context, id, recorded) {
    const found = await context.directory.inEither("workspaces", (list) =>
      list.find(({ workspaceId }) => workspaceId === id),
    );
    return (
      found && { outputs: { ...recorded, name: id, workspaceId: id, account: context.settings.account } }
    );
  },

  async update(context, id, recorded, inputs) {
    const outputs = record(context, inputs);
    if (recorded.notReady === undefined) {
      if (recorded.setup !== outputs.setup && inputs.setup !== undefined) {
        context.say(
          `the setup of workspace "${id}" was ${recorded.setup === undefined ? "added" : "edited"}; a setup runs when its workspace is made and does not run again. Use a Run for changes to live data`,
        );
      }
      return outputs;
    }
    const [setupJob] = await activeJobsNamed(context, setupJobName(id));
    return provision(context, inputs, setupJob, { retry: true });
  },

  async delete(context, id, recorded) {
    if (isProtected(recorded)) throw errors.workspaceProtected(id);
    const active = await activeJobsOn(context, id);
    const others = active.filter(
      (job) => job.name !== setupJobName(id) && !isLeftover(context, recorded, job),
    );
    if (others.length > 0) throw errors.workspaceInUse(id, others.map(label));
    for (const job of active) {
      if (job.name !== setupJobName(id))
        context.say(`job ${label(job)}, which an interrupted run left on workspace "${id}", is stopped`);
      await stopAndWait(context, job, String(job.name));
    }
    context.directory.forgetWorkspace(id);
    try {
      await context.client.deleteWorkspace(id);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
};

/**
 * The engine has every job of the stack that works on a workspace stopped before. One of our names that is
 * active all the same was made by a run that did not live to record it.
 */
function isLeftover(context: Context, recorded: Values, { name }: JobView): boolean {
  return (
    name !== undefined &&
    isOurs(context, recorded) &&
    isSameScope(name, String(recorded.name)) &&
    context.claims.workspaceOf(name) !== recorded.workspaceId
  );
}

function record(context: Context, inputs: Values): Values {
  context.directory.noteWorkspace(String(inputs.name));
  return {
    ...recordOf(workspaceFields, inputs),
    workspaceId: inputs.name,
    account: context.settings.account,
  };
}

interface Provisioning {
  /** Run a setup that is recorded as failed again. */
  retry: boolean;
  /** Whatever the setup came to is accepted, and said; nothing is run that is not running already. */
  asItIs?: boolean;
}

/** Runs the provisioning job to its end: setup recorded, synced, stopped, workspace listed. */
async function provision(
  context: Context,
  inputs: Values,
  running: JobView | undefined,
  options: Provisioning,
): Promise<Values> {
  const name = inputs.name as string;
  const outputs = record(context, inputs);
  const requestId =
    running?.requestId ??
    (await submitJob(context, provisioningRequest(inputs, options), { waitOutConflicts: true }));
  return keeping(
    context,
    name,
    () => ({ ...outputs, notReady: "its setup was not finished" }),
    async () => {
      const job = await waitUntilScriptEnded(context, name, requestId, inputs.setup !== undefined);
      // What an interrupted run began may be on its way to its end: the record in the workspace knows the rest.
      const afresh = async () => (options.asItIs ? outputs : provision(context, inputs, undefined, options));
      if (!isActive(job) && running) return afresh();
      if (!isActive(job)) {
        throw errors.setupUnknown(
          name,
          `the VM that makes it ended with status ${job.status}`,
          await logTail(context, requestId),
        );
      }
      let found: SetupRecord | undefined;
      try {
        if (inputs.setup !== undefined) found = await readRecord(context, name, requestId);
      } catch (error) {
        if (!running || !lostItsMachine(error)) throw error;
        await stopAndWait(context, job, setupJobName(name));
        return afresh();
      }
      const synced = (await context.client.findJobStatus(requestId)) ?? job;
      await stopSafely(context, synced, { name: setupJobName(name), synced: true, allowDataLoss: false });
      await retryFor(
        context,
        { everyMs: context.pollMs * 5, forMs: LISTED_PATIENCE_MS, mayRetry: () => true },
        async () => {
          if (!(await isListed(context, name, 0))) throw errors.workspaceNotListed(name);
        },
      );
      const failure = found && setupFailure(name, found);
      if (failure && !options.asItIs) throw failure;
      if (failure) context.say(failure.message);
      return outputs;
    },
  );
}

function setupFailure(name: string, found: SetupRecord): Error | undefined {
  if (found.state !== "done") return errors.setupInterrupted(name);
  return found.exitCode === 0 ? undefined : errors.setupFailed(name, found.exitCode, found.logTail);
}

function provisioningRequest(inputs: Values, options: Provisioning): JobRequest {
  const { name, setup, baseWorkspaceId, rootfsType, diskGb } = inputs as Record<string, string | undefined>;
  return {
    name: setupJobName(String(name)),
    script: setup === undefined ? "true" : setupScript(setup, options),
    type: "inline",
    persistent: true,
    workspace_id: String(name),
    ...(baseWorkspaceId === undefined ? {} : { base_workspace_id: baseWorkspaceId }),
    ...(rootfsType === undefined ? {} : { rootfs_type: rootfsType }),
    ...(diskGb === undefined ? {} : { disk_gb: Number(diskGb) }),
  };
}

/** A persistent job whose script has ended is asleep, never `completed` (observed). */
async function waitUntilScriptEnded(
  context: Context,
  name: string,
  requestId: string,
  hasSetup: boolean,
): Promise<JobView> {
  const startedAt = context.clock.now();
  const say = progress(context);
  const { job, timedOut } = await context.watcher.watch(
    requestId,
    (seen) => {
      say(() => `for the setup of workspace "${name}": ${seen?.status ?? "not listed yet"}`);
      return (
        seen !== undefined &&
        seen.status !== "pending" &&
        (seen.status !== "running" || (!hasSetup && seen.vmId !== undefined))
      );
    },
    context.deadline - startedAt,
    { boots: !hasSetup },
  );
  if (!job || timedOut) {
    throw errors.jobNotReady(
      setupJobName(name),
      Math.round((context.clock.now() - startedAt) / 1000),
      job?.status ?? "not found",
      await logTail(context, requestId),
    );
  }
  return job;
}

async function readRecord(context: Context, name: string, requestId: string): Promise<SetupRecord> {
  const result = await context.client.exec(requestId, READ_RECORD);
  const found = parseRecord(result.stdout);
  if (!found)
    throw errors.setupUnknown(
      name,
      `its record could not be read (exit code ${result.exitCode})`,
      await logTail(context, requestId),
    );
  return found;
}
