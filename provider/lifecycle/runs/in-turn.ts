import * as errors from "../../errors";
import type { Directory } from "../../api/directory";
import type { Context } from "../kind";

const turns = new WeakMap<Directory, Map<unknown, Promise<unknown>>>();

/**
 * Runs what needs a workspace for itself after what this process does there already: two runs of one program
 * would refuse each other otherwise. Without a workspace there is nothing to wait for.
 */
export async function inTurn<T>(
  context: Context,
  run: string,
  workspaceId: unknown,
  work: () => Promise<T>,
): Promise<T> {
  if (workspaceId === undefined) return work();
  let mine = turns.get(context.directory);
  if (!mine) turns.set(context.directory, (mine = new Map()));
  const before = mine.get(workspaceId) ?? Promise.resolve();
  const done = before.then(() => {
    // The operation has been given up by now, so it must not begin anything.
    if (context.clock.now() >= context.deadline)
      throw errors.runWorkspaceBusy(run, String(workspaceId), "another run of this program", "under way");
    return work();
  });
  mine.set(
    workspaceId,
    done.catch(() => undefined), // whoever comes next starts afresh
  );
  return done;
}
