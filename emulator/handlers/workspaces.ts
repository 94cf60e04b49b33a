import { ApiError, notFound } from "../errors";
import type { Call, Reply } from "./call";

/** GET /mags-workspaces */
export function listWorkspaces(call: Call): Reply {
  const workspaces = call.cloud.state
    .workspacesOf(call.account)
    .map((workspace) => ({ workspace_id: workspace.workspaceId }));
  return { body: { workspaces, total: workspaces.length } };
}

/** DELETE /mags-workspaces/{workspace_id}: the data goes for good, and with it the record its aliases rely on. */
export async function deleteWorkspace(call: Call): Promise<Reply> {
  const { state, storage } = call.cloud;
  const id = call.params.workspace_id ?? "";
  const workspace = state.workspace(call.account, id);
  if (workspace === undefined) throw new ApiError(404, notFound("Workspace", id).message);
  const holder = state.activeByWorkspace(call.account, id);
  if (holder !== undefined) {
    throw call.fleet.conflicts.error(
      `workspace ${id} is in use by the active job ${holder.name}: stop it first`,
      call,
    );
  }
  state.removeWorkspace(workspace);
  for (const alias of state.aliasesOf(call.account)) {
    if (alias.workspaceId === id && !alias.broken) state.saveAlias(Object.assign(alias, { broken: true }));
  }
  await storage.remove(call.account, id);
  return { status: 204 };
}
