import { print, printJson, say } from "../lib/output";
import { warn } from "./actions";
import { inWords, remove, tellRemoved } from "./down";
import type { GitHub } from "./github";
import type { Place } from "./place";

/**
 * Whether a pull request is closed. A run that comes late, or is started again by hand, would make what nothing removes.
 * @param mustKnow true: GitHub has to know the pull request
 */
export async function isClosed(gitHub: GitHub, pullRequest: number, mustKnow: boolean): Promise<boolean> {
  try {
    return await gitHub.isClosed(pullRequest);
  } catch (error) {
    // GitHub is down, or does not let us see it: what has been asked for needs it only for the comment.
    if (!("status" in (error as object))) throw error;
    if (mustKnow && (error as { status?: number }).status === 404) throw error;
    warn(`${(error as Error).message} Whether the pull request is open was not looked at.`);
    return false;
  }
}

/**
 * What an up does for a closed pull request: the down. It may have taken the place of one that waited, of which CI
 * systems keep one alone.
 */
export async function removeClosed(
  place: Place,
  gitHub: GitHub,
  pullRequest: number,
  { comment, json }: { comment?: true; json?: true },
): Promise<void> {
  say(
    `Pull request #${pullRequest} of ${gitHub.repository} is closed, so it gets no preview, and what is there of it is ` +
      "removed. Reopen it to have one.",
  );
  const removed = await remove(place, pullRequest);
  if (json) printJson({ pullRequest, stack: removed.stack, url: null, removed });
  else print(`${inWords(removed)}\n`);
  if (comment) await tellRemoved(gitHub, place, pullRequest);
}
