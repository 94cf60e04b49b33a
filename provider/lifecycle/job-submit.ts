import { isActive } from "../api/job-status";
import { isApiError, isConflict } from "../api/errors";
import type { JobRequest } from "../api/wire";
import * as errors from "../errors";
import { createOnce } from "../api/attempt";
import { CONFLICT_PATIENCE_MS } from "../api/job-stop";
import { IDLE_KEY } from "../schema/job";
import { DEFAULT_SCRIPT } from "../schema/job-fields";
import type { Values } from "../schema/fields";
import { withFiles } from "./job-files";
import type { Context } from "./kind";
import { progress } from "../api/progress";

/** All settings of a job, for the first submit and for every later one alike. */
export function jobRequest(inputs: Values, fileIds: string[]): JobRequest {
  return {
    name: inputs.name as string,
    script: withFiles(inputs, (inputs.script as string | undefined) ?? DEFAULT_SCRIPT),
    type: "inline",
    persistent: true,
    workspace_id: inputs.workspaceId as string,
    ...(inputs.localDisk ? { no_sync: true } : {}),
    ...(inputs.noSleep ? { no_sleep: true } : {}),
    ...optional("base_workspace_id", inputs.baseWorkspaceId),
    ...optional("startup_command", startupCommandOf(inputs)),
    ...machineRequest(inputs, environmentOf(inputs), fileIds),
  };
}

/** What every VM is asked for by, whatever it is for. */
export function machineRequest(
  inputs: Values,
  environment: Record<string, string>,
  fileIds: string[],
): Partial<JobRequest> {
  return {
    ...optional("rootfs_type", inputs.rootfsType),
    ...optional("disk_gb", inputs.diskGb),
    ...optional("vcpus", inputs.vcpus),
    ...optional("memory_mb", inputs.memoryMb),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(fileIds.length > 0 ? { file_ids: fileIds } : {}),
  };
}

/** A VM that Mags moves to another host starts with this instead of the script (assumed), so it unpacks too. */
export function startupCommandOf(inputs: Values): string {
  const command = (inputs.startupCommand as string | undefined) ?? "";
  return command === "" ? "" : withFiles(inputs, command);
}

/** What a script sees of both maps. Keys with a meaning to Mags (`__MAGS_…`) are passed on like any other. */
export function environmentOf(inputs: Values): Record<string, string> {
  const idle = inputs.idleTimeout as number | undefined;
  return {
    ...((inputs.environment ?? {}) as Record<string, string>),
    ...((inputs.secrets ?? {}) as Record<string, string>),
    ...(idle === undefined ? {} : { [IDLE_KEY]: String(idle) }),
  };
}

/**
 * Submits the job and returns its request id. A conflict is waited out where a stop may not be over yet;
 * elsewhere it is an error at once.
 */
export async function submitJob(
  context: Context,
  request: JobRequest,
  options: { waitOutConflicts: boolean },
): Promise<string> {
  const name = request.name ?? request.workspace_id ?? "";
  const giveUpAt = Math.min(context.clock.now() + CONFLICT_PATIENCE_MS, context.deadline);
  const say = progress(context);
  for (;;) {
    try {
      const { requestId } = await createOnce(context, {
        doing: `Starting job "${name}"`,
        post: () => context.client.createJob(request),
        find: () => findSubmitted(context, name),
      });
      return requestId;
    } catch (error) {
      const waits = isConflict(error) && options.waitOutConflicts && context.clock.now() < giveUpAt;
      if (!waits) {
        if (isApiError(error) && !isConflict(error))
          throw errors.submitFailed(name, submitAdvice(error.serverMessage));
        throw error;
      }
      say(() => `to start job "${name}": ${(error as Error).message}`);
    }
    await context.clock.sleep(context.pollMs);
  }
}

/** The job that a submit with a lost answer made: nothing else can be active under the name at that time. */
async function findSubmitted(context: Context, name: string): Promise<{ requestId: string } | undefined> {
  const jobs = await context.directory.jobs(0);
  return jobs.find((job) => job.name === name && isActive(job));
}

function submitAdvice(serverMessage: string): string {
  if (/golden snapshot not ready/i.test(serverMessage)) {
    return `${serverMessage} (this root file system has no snapshot of that size yet: leave out memoryMb, or try again later)`;
  }
  return serverMessage;
}

export function optional<K extends keyof JobRequest>(key: K, value: unknown): Partial<Pick<JobRequest, K>> {
  return value === undefined || value === "" ? {} : ({ [key]: value } as Pick<JobRequest, K>);
}
