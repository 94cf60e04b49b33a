import { isActive } from "../api/job-status";
import { isNotFound } from "../api/errors";
import type { WorkspaceView } from "../api/wire";
import { workspaceInUse } from "../errors";
import { checked } from "./arguments";
import * as errors from "./errors";
import type { Session } from "./session";

export async function listWorkspaces(
  session: Session,
): Promise<{ workspaces: WorkspaceView[]; total: number }> {
  const workspaces = await session.account.directory.workspaces(0);
  return { workspaces: [...workspaces], total: workspaces.length };
}

/** Active jobs have to be stopped first (recorded); what the API does otherwise is not known, so we look. */
export async function deleteWorkspace(session: Session, workspaceId: string): Promise<void> {
  checked("deleteWorkspace", { workspaceId });
  const { client, directory } = session.account;
  const [workspaces, jobs] = await Promise.all([directory.workspaces(0), directory.jobs(0)]);
  if (!workspaces.some((workspace) => workspace.workspaceId === workspaceId))
    throw errors.workspaceNotFound(workspaceId);
  const users = jobs.filter((job) => isActive(job) && job.workspaceId === workspaceId);
  if (users.length > 0)
    throw workspaceInUse(
      workspaceId,
      users.map((job) => `"${job.name ?? job.requestId}" (request ${job.requestId})`),
    );
  directory.forgetWorkspace(workspaceId);
  try {
    await client.deleteWorkspace(workspaceId);
  } catch (error) {
    // It was listed a moment ago: a first call had its effect and lost its answer.
    if (!isNotFound(error)) throw error;
  }
  session.submissions.forget(workspaceId);
}
