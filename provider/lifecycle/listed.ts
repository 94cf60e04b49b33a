import type { Context } from "./kind";

/** Whether the account has a workspace of that name. */
export async function isListed(context: Context, name: string, maxAgeMs?: number): Promise<boolean> {
  return (await context.directory.workspaces(maxAgeMs)).some((workspace) => workspace.workspaceId === name);
}

/** Refuses with that error where a base that is needed is not there: before anything is made or stopped. */
export async function refuseMissingBase(
  context: Context,
  base: unknown,
  error: (base: string) => Error,
): Promise<void> {
  if (typeof base !== "string") return;
  if (!(await isListed(context, base)) && !(await isListed(context, base, 0))) throw error(base);
}
