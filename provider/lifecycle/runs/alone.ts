import { isActive } from "../../api/job-status";
import { isApiError, isConflict } from "../../api/errors";
import type { JobRequest, JobView } from "../../api/wire";
import * as errors from "../../errors";
import { runEnvironment } from "../../schema/run";
import { createOnce } from "../../api/attempt";
import { uploadFiles, withFiles } from "../job-files";
import { activeJobsNamed } from "../job-find";
import { stopAndWait } from "../../api/job-stop";
import { machineRequest } from "../job-submit";
import type { Context } from "../kind";
import { lookUntil, masked, messageTail, type RunOrder, type RunPlace, type RunResult } from "./place";
import { aloneScript, readAloneLog } from "./shell";

/** A job can be answered with 404 for this long after it was submitted (observed: retry 5 times, 5 s apart). */
const NOT_FOUND_GRACE_MS = 25_000;
/** How often a log is read again in which the last line may still be missing. */
const LOG_READS = 5;
/** A VM can end at once through no fault of the script (observed). */
const TRIES = 2;

/**
 * A VM that exists for the run only and ends with it: a job that is not persistent, named by the run. Ended jobs
 * stay listed (recorded), so the list knows whether there was one, also when nobody was there to see its end.
 */
export const alone: RunPlace = {
  async begin(context, order, recorded) {
    const known = await listed(context, order);
    for (const job of known) {
      if (isActive(job) || !(await neverBegan(context, order, job))) return saidIfEnded(context, order, job);
    }
    // The list may have forgotten it; that proves nothing.
    if (recorded !== undefined && !known.some((job) => job.requestId === recorded))
      return { requestId: recorded, status: "not listed" };
    return submit(context, order, known);
  },

  async finish(context, order, _vm, result) {
    for (let tries = 1; ; tries++) {
      const ended = await waitForEnd(context, order, result);
      const { exitCode, log } = await evidence(context, order, ended);
      if (exitCode !== undefined) {
        result.logTail = log.logTail;
        result.exitCode = exitCode;
        return;
      }
      const tail = messageTail(log.logTail, order);
      if (!isUnbegun(ended, log.begun)) {
        const detail = `its VM ended with status ${ended.status}, and neither exit code nor log say how the script ended`;
        throw errors.runOutcomeUnknown(order.name, detail, "take the Run out of the program", tail);
      }
      if (tries === TRIES) throw errors.runNotStarted(order.name, ended.status, tail);
      context.say(`the VM of run "${order.name}" ended before its script began; trying once more`);
      result.requestId = (await submit(context, order, await listed(context, order))).requestId;
    }
  },

  async stop(context, { runId }) {
    for (const job of await activeJobsNamed(context, runId)) await stopAndWait(context, job, runId);
  },
};

/** The jobs of a run, ended ones too, oldest first. */
async function listed(context: Context, { runId }: RunOrder, maxAgeMs?: number): Promise<JobView[]> {
  return (await context.directory.jobs(maxAgeMs)).filter((job) => job.name === runId).reverse();
}

async function submit(context: Context, order: RunOrder, known: readonly JobView[]): Promise<JobView> {
  const before = new Set(known.map((job) => job.requestId));
  const find = async () => (await listed(context, order, 0)).find((job) => !before.has(job.requestId));
  const request = aloneRequest(order, await uploadFiles(context, order.inputs));
  try {
    const post = () => context.client.createJob(request);
    const made = await createOnce(context, { doing: `Starting run "${order.name}"`, post, find });
    return { status: "pending", ...made };
  } catch (error) {
    // Somebody was faster, perhaps an earlier call of ours whose effect came late.
    const faster = isConflict(error) ? await find() : undefined;
    if (faster) return faster;
    if (isApiError(error)) throw errors.submitFailed(order.runId, error.serverMessage);
    throw error;
  }
}

function aloneRequest({ runId, inputs }: RunOrder, fileIds: string[]): JobRequest {
  return {
    name: runId,
    script: aloneScript(runId, withFiles(inputs, String(inputs.script))),
    type: "inline",
    persistent: false,
    ...machineRequest(inputs, runEnvironment(inputs), fileIds),
  };
}

async function waitForEnd(context: Context, order: RunOrder, result: RunResult): Promise<JobView> {
  const startedAt = context.clock.now();
  return lookUntil(context, order.name, async (): Promise<JobView | undefined> => {
    const job = await context.client.findJobStatus(result.requestId);
    if (job) {
      result.vmId = job.vmId ?? result.vmId;
      return isActive(job) ? undefined : job;
    }
    if (context.clock.now() - startedAt < NOT_FOUND_GRACE_MS) return undefined;
    const inList = (await listed(context, order)).find(({ requestId }) => requestId === result.requestId);
    return inList ?? { requestId: result.requestId, status: "not found", vmId: result.vmId, startedAt: "" };
  });
}

interface Log {
  begun: boolean;
  exitCode?: number;
  /** Secrets masked. */
  logTail: string;
}

/**
 * What the log and the status prove about the end of a script. The log's last line proves most: a job that was
 * stopped can have the status of one that went well (assumed). A failure is believed without it; success only
 * where nothing at all is in the log that we wrote, as where nobody keeps logs.
 */
async function evidence(
  context: Context,
  order: RunOrder,
  job: JobView,
): Promise<{ exitCode?: number; log: Log }> {
  let log = await readLog(context, order, job);
  for (let read = 1; read < LOG_READS && log.exitCode === undefined && log.begun; read++) {
    await context.clock.sleep(context.pollMs);
    log = await readLog(context, order, job);
  }
  const believed = log.begun && job.exitCode === 0 ? undefined : job.exitCode;
  return { exitCode: log.exitCode ?? believed, log };
}

async function readLog(context: Context, order: RunOrder, job: JobView): Promise<Log> {
  if (job.status === "not found") return { begun: false, logTail: "" };
  const lines = await context.client.jobLogs(job.requestId);
  const texts = lines.map(({ message }) => message);
  return readAloneLog(order.runId, texts, (text) => masked(text, order));
}

/** Proof that the script has not run at all: no VM was ever there, and the log has nothing of ours. */
function isUnbegun(job: JobView, begun: boolean): boolean {
  return !begun && job.exitCode === undefined && job.vmId === undefined && job.startedAt === undefined;
}

async function neverBegan(context: Context, order: RunOrder, job: JobView): Promise<boolean> {
  const status = await context.client.findJobStatus(job.requestId);
  if (!status || !isUnbegun(status, false)) return false;
  return isUnbegun(status, (await readLog(context, order, status)).begun);
}

function saidIfEnded(context: Context, { name }: RunOrder, job: JobView): JobView {
  if (!isActive(job)) {
    context.say(
      `run "${name}" was carried out before with the same content (request ${job.requestId}); it is not run again. Change triggers to do so`,
    );
  }
  return job;
}
