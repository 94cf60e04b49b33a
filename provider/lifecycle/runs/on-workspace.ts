import { isActive } from "../../api/job-status";
import { isConflict } from "../../api/errors";
import type { JobRequest, JobView } from "../../api/wire";
import * as errors from "../../errors";
import { IDLE_KEY } from "../../schema/job";
import { DEFAULT_SCRIPT } from "../../schema/job-fields";
import { runEnvironment } from "../../schema/run";
import { uploadFiles } from "../job-files";
import { activeJobsNamed } from "../job-find";
import { waitUntilReady } from "../job-ready";
import { lostItsMachine, stopAndWait, stopSafely } from "../../api/job-stop";
import { machineRequest, optional, submitJob } from "../job-submit";
import type { Context } from "../kind";
import { awaitFreeWorkspace } from "../workspace-free";
import { carryOutIn, stopIn } from "./inside";
import type { RunOrder, RunPlace } from "./place";

/** A VM can end at once through no fault of ours (observed), or be one that is just being stopped. */
const TRIES = 2;
/** The VM outlives the time limit by so much without anybody asking it: somebody may run again to look. */
const SPARE_MINUTES = 60;

/**
 * A VM of its own on a workspace: a job like any other, inside which the run is carried out, so that the
 * workspace remembers it and its files are synced, which those of a job that is not persistent may not be
 * (documented in two ways). It is stopped when the run is over.
 */
export const onWorkspace: RunPlace = {
  async begin(context, order) {
    const [vm] = await activeJobsNamed(context, order.runId);
    if (vm) return vm;
    await refuse(context, order);
    try {
      return await submit(context, order, false);
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Somebody was faster, perhaps an earlier call of ours whose effect came late; or what is in the way is being stopped.
      const [faster] = await activeJobsNamed(context, order.runId);
      if (faster) return faster;
      await refuse(context, order);
      return submit(context, order, true);
    }
  },

  async finish(context, order, vm, result) {
    const { runId } = order;
    let unknown: Error | undefined;
    for (let tries = 1; ; tries++) {
      try {
        result.vmId = (await waitUntilReady(context, runId, result.requestId, {})).vmId;
        unknown = await carryOutIn(context, order, result, true);
        break;
      } catch (error) {
        const now = await context.client.findJobStatus(result.requestId);
        const lost = lostItsMachine(error) || !now || !isActive(now);
        if (!lost) throw error;
        if (tries === TRIES) throw errors.runUnreachable(order.name, (error as Error).message);
        context.say(`the VM of run "${order.name}" ended; looking with another one`);
        if (now && isActive(now)) await stopAndWait(context, now, runId);
        result.requestId = (await submit(context, order, true)).requestId;
      }
    }
    const exitCode = result.exitCode;
    // Until the VM is stopped the run is not over: the next update has to come back to it.
    delete result.exitCode;
    await stopVm(context, order, (await context.client.findJobStatus(result.requestId)) ?? vm);
    if (unknown) throw unknown;
    result.exitCode = exitCode;
  },

  async stop(context, order) {
    for (const vm of await activeJobsNamed(context, order.runId)) {
      await stopIn(context, order, vm.requestId);
      await stopVm(context, order, (await context.client.findJobStatus(vm.requestId)) ?? vm);
    }
  },
};

async function stopVm(context: Context, { runId }: RunOrder, vm: JobView): Promise<void> {
  if (isActive(vm)) await stopSafely(context, vm, { name: runId, synced: true, allowDataLoss: false });
}

/** Nothing is begun on a workspace that is not there, or on which somebody works. */
async function refuse(context: Context, { name, inputs }: RunOrder): Promise<void> {
  const workspaceId = String(inputs.workspaceId);
  if (!(await context.directory.hasWorkspace(workspaceId)))
    throw errors.workspaceMissing(`Run "${name}"`, workspaceId);
  await awaitFreeWorkspace(context, inputs, false, (job, status) =>
    errors.runWorkspaceBusy(name, workspaceId, job, status),
  );
}

async function submit(context: Context, order: RunOrder, waitOutConflicts: boolean): Promise<JobView> {
  const request = vmRequest(context, order, await uploadFiles(context, order.inputs));
  return { requestId: await submitJob(context, request, { waitOutConflicts }), status: "pending" };
}

function vmRequest(context: Context, { runId, inputs }: RunOrder, fileIds: string[]): JobRequest {
  // A script may be silent for as long as it likes, and nobody may be there to ask.
  const minutes = Math.ceil((context.deadline - context.clock.now()) / 60_000) + SPARE_MINUTES;
  return {
    name: runId,
    script: DEFAULT_SCRIPT,
    type: "inline",
    persistent: true,
    workspace_id: String(inputs.workspaceId),
    ...optional("base_workspace_id", inputs.baseWorkspaceId),
    ...machineRequest(inputs, { [IDLE_KEY]: String(minutes), ...runEnvironment(inputs) }, fileIds),
  };
}
