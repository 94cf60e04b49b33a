import { isActive } from "../api/job-status";
import type { JobView } from "../api/wire";
import * as errors from "../errors";
import { changesBetween, has, recordOf } from "../schema/diff";
import { Sensitive, type Values } from "../schema/fields";
import { pick } from "../schema/job";
import { isVmOfRun, runIdOf, runSchema } from "../schema/run";
import { runFields } from "../schema/run-fields";
import { isOurs, keeping, type Context, type Kind } from "./kind";
import { alone } from "./runs/alone";
import { inside } from "./runs/inside";
import { onWorkspace } from "./runs/on-workspace";
import { messageTail, type RunOrder, type RunPlace, type RunResult } from "./runs/place";
import { inTurn } from "./runs/in-turn";

/** What outputs say of a run: the latest one, or as `last` the one before it that went well. */
const RESULT = ["runId", "requestId", "vmId", "exitCode", "logTail"];

/**
 * A script that is carried out at most once for what it is given. Outputs with `notReady` are of a run that
 * failed or was not seen to end; the arguments that they mirror are those of the one before it then.
 */
export const run: Kind = {
  ...runSchema,

  async create(context, inputs) {
    return { id: String(inputs.name), outputs: await carryOut(context, {}, inputs) };
  },

  /**
   * What a run came to does not change, and its VM may be forgotten by the cloud: it is never gone. All there can
   * be to see is the VM of another run of it, which an interrupted update has left.
   */
  async read(context, _id, recorded) {
    // Nothing can be looked up: what a run came to is in the state of its own stack.
    if (recorded.schemaVersion === undefined) return undefined;
    const [stray] = await straysOf(context, recorded, () => context.reads.all());
    if (!stray) return { outputs: sealed(recorded) };
    const { good } = standing(recorded);
    const outputs = {
      ...without(recorded, RESULT),
      ...(good?.runId === undefined ? {} : { last: pick(good, RESULT) }),
      runId: stray.name,
      requestId: stray.requestId,
      notReady: "another run of it was begun, and not seen to end",
    };
    return { outputs: sealed(outputs) };
  },

  async update(context, _id, recorded, inputs) {
    return carryOut(context, recorded, inputs);
  },

  async delete(context, _id, recorded) {
    await stopUnfinished(context, recorded);
    await stopStrays(context, recorded, () => context.directory.jobsOfThisRun());
  },
};

async function carryOut(context: Context, recorded: Values, inputs: Values): Promise<Values> {
  const name = String(inputs.name);
  const mirror = { ...recordOf(runFields, inputs), account: context.settings.account };
  const { open, good } = standing(recorded);
  const changes = changesBetween(runFields, recorded, inputs);
  // By its fields, not by the hash: a release that hashes more must not run anything again.
  if (!open && !has(changes, "rerun")) return sealed({ ...mirror, ...pick(recorded, RESULT) });
  const order: RunOrder = { name, runId: runIdOf(inputs), inputs };
  const same = recorded.runId === order.runId;
  if (open && !same) await stopUnfinished(context, recorded);
  // A workspace that was made anew has to be asked whether it knows of the run.
  const remade = changes.some(({ field }) => field === "workspaceGeneration");
  if (good?.runId === order.runId && !remade) return sealed({ ...mirror, ...pick(good, RESULT) });

  const result: Values & Partial<RunResult> = open && same ? pick(recorded, RESULT) : { runId: order.runId };
  // What did not get done keeps the old arguments, so that the next plan shows the change again.
  const before: Values = recorded.account === undefined ? mirror : without(recorded, [...RESULT, "last"]);
  const kept = (): Values =>
    sealed({
      ...before,
      ...result,
      ...(good?.runId === undefined ? {} : { last: pick(good, RESULT) }),
      notReady:
        result.exitCode === undefined
          ? "it was not seen to end"
          : `it ended with exit code ${result.exitCode}`,
    });
  if (result.exitCode === undefined) {
    const place = placeOf(inputs);
    await inTurn(context, name, inputs.workspaceId, async () => {
      const now = { ...inputs, runId: order.runId };
      await stopStrays(context, now, () => context.directory.jobs());
      const vm = await place.begin(context, order, result.requestId);
      result.requestId = vm.requestId;
      await keeping(context, name, kept, () => place.finish(context, order, vm, result as RunResult));
    });
  }
  if (result.exitCode === 0) return sealed({ ...mirror, ...result });
  return keeping(context, name, kept, async () => {
    throw errors.runFailed(name, result.exitCode!, messageTail(result.logTail ?? "", order));
  });
}

/** Whether the recorded run is open, that is, failed or not seen to end; and the latest that went well. */
function standing(recorded: Values): { open: boolean; good?: Values } {
  const open = recorded.notReady !== undefined;
  return { open, good: (open ? recorded.last : recorded) as Values | undefined };
}

/** What was begun and is not wanted any more must not go on behind the back of what comes after it. */
async function stopUnfinished(context: Context, recorded: Values): Promise<void> {
  if (recorded.notReady === undefined || recorded.exitCode !== undefined) return;
  const order: RunOrder = { name: String(recorded.name), runId: String(recorded.runId), inputs: recorded };
  await placeOf(recorded).stop(context, order);
}

/**
 * VMs of other runs of this name that still go on: what an interrupted update has begun, and no state knows. They
 * are ours where the name is. Those inside a job show in no list, and end by themselves.
 */
async function straysOf(
  context: Context,
  values: Values,
  list: () => Promise<JobView[] | undefined>,
): Promise<JobView[]> {
  const { name, runId, jobName } = values;
  if (jobName !== undefined || !isOurs(context, values)) return [];
  return ((await list()) ?? []).filter(
    (job) => isActive(job) && isVmOfRun(String(name), job.name) && job.name !== runId,
  );
}

async function stopStrays(context: Context, values: Values, list: () => Promise<JobView[]>): Promise<void> {
  for (const { name: runId } of await straysOf(context, values, list)) {
    context.say(`an earlier run "${runId}" still goes on and is not wanted any more; it is stopped`);
    const order = { name: String(values.name), runId: String(runId), inputs: values };
    await placeOf(values).stop(context, order);
  }
}

function placeOf(inputs: Values): RunPlace {
  if (inputs.jobName !== undefined) return inside;
  return inputs.workspaceId === undefined ? alone : onWorkspace;
}

/** The log is encrypted in the state where the program says so. */
function sealed(outputs: Values): Values {
  if (outputs.secretLog !== true) return outputs;
  const secret = (["logTail", "last"] as const).filter((key) => outputs[key] !== undefined);
  return { ...outputs, ...Object.fromEntries(secret.map((key) => [key, new Sensitive(outputs[key])])) };
}

function without(values: Values, keys: string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
