import type { ExecResult } from "../../api/wire";
import * as errors from "../../errors";
import { runEnvironment } from "../../schema/run";
import { withFiles } from "../job-files";
import { activeJobsNamed } from "../job-find";
import { waitUntilReady } from "../job-ready";
import { lostItsMachine } from "../../api/job-stop";
import type { Context } from "../kind";
import { lookUntil, masked, messageTail, type RunOrder, type RunPlace, type RunResult } from "./place";
import {
  deliverCommands,
  lookCommand,
  parseRunRecord,
  recordFolder,
  startCommand,
  stopCommand,
  type RunRecord,
} from "./shell";

/** Limit of a command: none of them waits for the script. */
const COMMAND_SECONDS = 20;

/** A running job, into which the script is brought. A long command is cut off (observed), so all here are short. */
export const inside: RunPlace = {
  async begin(context, order) {
    const jobName = String(order.inputs.jobName);
    const [job] = await activeJobsNamed(context, jobName);
    if (!job) throw errors.runJobNotActive(order.name, jobName);
    return job;
  },

  async finish(context, order, job, result) {
    const jobName = String(order.inputs.jobName);
    // Without a workspace, which is then named as the job, the record lasts as long as all the rest of the VM.
    const durable = job.workspaceId !== undefined && job.workspaceId !== jobName;
    try {
      // One that sleeps is woken by the first command (observed).
      if (job.status !== "sleeping")
        result.vmId = (await waitUntilReady(context, jobName, job.requestId, {})).vmId;
      const unknown = await carryOutIn(context, order, result, durable);
      if (unknown) throw unknown;
    } catch (error) {
      throw lostItsMachine(error) ? errors.runUnreachable(order.name, (error as Error).message) : error;
    }
    await syncAfterwards(context, order, result.requestId);
  },

  async stop(context, order) {
    const [job] = await activeJobsNamed(context, String(order.inputs.jobName));
    if (job) await stopIn(context, order, job.requestId);
  },
};

/**
 * Carries a run out in a VM that is up, from wherever it stands there. Returns the error to end with where the
 * outcome cannot be known; throws where another look can be worth it.
 * @param durable whether its beginning has to be in the workspace before the script starts
 */
export async function carryOutIn(
  context: Context,
  order: RunOrder,
  result: RunResult,
  durable: boolean,
): Promise<Error | undefined> {
  const { requestId } = result;
  let record = await command(context, order, requestId, lookCommand(order.runId));
  result.vmId ??= (await context.client.findJobStatus(requestId))?.vmId;
  const stamp = `${requestId}/${result.vmId ?? ""}`;
  if (record.state === "done") {
    context.say(
      `run "${order.name}" was carried out before with the same content; it is not run again. Change triggers to do so`,
    );
  }
  if (record.state === "ready" && record.stamp !== stamp)
    return unknownOutcome(order, "the VM that it was to start in is gone", "");
  if (record.state === "absent") {
    for (const text of deliverCommands(
      order.runId,
      withFiles(order.inputs, String(order.inputs.script)),
      stamp,
    ))
      await send(context, order, requestId, text);
  }
  if (record.state === "absent" || record.state === "ready") {
    await makeDurable(context, order, requestId, durable);
    const start = startCommand(order.name, order.runId, runEnvironment(order.inputs));
    record = await command(context, order, requestId, start);
  }
  const ended =
    record.state === "running"
      ? await lookUntil(context, order.name, async () => {
          const seen = await command(context, order, requestId, lookCommand(order.runId));
          return seen.state === "running" ? undefined : seen;
        })
      : record;
  return outcome(order, result, ended);
}

/** Ends what goes on of a run in a VM, if the VM is there. */
export async function stopIn(context: Context, order: RunOrder, requestId: string): Promise<void> {
  try {
    await context.client.exec(requestId, stopCommand(order.runId), 30, true);
  } catch (error) {
    if (!lostItsMachine(error)) throw error;
  }
}

function outcome(order: RunOrder, result: RunResult, record: RunRecord): Error | undefined {
  switch (record.state) {
    case "done":
      result.logTail = masked(record.logTail, order);
      result.exitCode = record.exitCode;
      return undefined;
    case "stopped":
      return unknownOutcome(order, "it was stopped before its end", record.logTail);
    case "lost":
      return unknownOutcome(
        order,
        "its process is gone, as after a restart of the VM, and did not get to its end",
        record.logTail,
      );
    default:
      // Somebody has taken the record away in between.
      return unknownOutcome(order, `its record in the VM is ${record.state}`, "");
  }
}

function unknownOutcome(order: RunOrder, detail: string, logTail: string): Error {
  const ifDone = `write 0 into ${recordFolder(order.runId)}/exit-code there`;
  return errors.runOutcomeUnknown(order.name, detail, ifDone, messageTail(masked(logTail, order), order));
}

/** Sends a command that reads the record, or ends with reading it. */
async function command(
  context: Context,
  order: RunOrder,
  requestId: string,
  text: string,
): Promise<RunRecord> {
  const { exitCode, stdout } = await context.client.exec(requestId, text, COMMAND_SECONDS, true);
  const record = parseRunRecord(stdout);
  if (!record) throw errors.runRecordUnreadable(order.name, exitCode);
  return record;
}

async function send(context: Context, order: RunOrder, requestId: string, text: string): Promise<void> {
  const { exitCode }: ExecResult = await context.client.exec(requestId, text, COMMAND_SECONDS, true);
  if (exitCode !== 0) throw errors.runRecordUnreadable(order.name, exitCode);
}

/** That the script may have begun has to be known even if the VM is lost a moment later. */
async function makeDurable(
  context: Context,
  order: RunOrder,
  requestId: string,
  durable: boolean,
): Promise<void> {
  try {
    await context.client.syncJob(requestId);
  } catch (error) {
    if (lostItsMachine(error)) throw error;
    if (durable)
      throw errors.runNotDurable(order.name, error instanceof Error ? error.message : String(error));
  }
}

/** What the script has changed is in the workspace when the run counts as done, where that can be had. */
async function syncAfterwards(context: Context, order: RunOrder, requestId: string): Promise<void> {
  try {
    await context.client.syncJob(requestId);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    context.say(`run "${order.name}" is done, but the job could not be synced at once (${detail})`);
  }
}
