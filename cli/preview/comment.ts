import { printJson, say } from "../lib/output";
import { runPage } from "./actions";
import type { Told } from "./comment-text";
import { GitHub } from "./github";
import { Place, type PlaceFlags } from "./place";
import { pullRequestNumber, stackOf } from "./pull-request";
import { isPreviewOf, recordOf } from "./record";
import { showDeployment, writeComment } from "./sticky";

export interface CommentFlags extends PlaceFlags {
  pr: string;
  json?: true;
}

/** Says on the pull request how its preview stands, from what its stack has noted. */
export async function comment(flags: CommentFlags): Promise<void> {
  const pullRequest = pullRequestNumber(flags.pr);
  await Place.open(flags, async (place) => {
    const gitHub = await GitHub.open(place.repository);
    const stack = stackOf(pullRequest);
    const tags = (await place.find(stack)) ?? {};
    const record = isPreviewOf(stack, tags, place.namespace, pullRequest) ? recordOf(tags) : undefined;
    const told: Told = record
      ? { ...record, state: record.error === undefined ? "up" : "failed", run: runPage() }
      : { state: "removed", run: runPage() };
    const subject = { project: place.project, stack, pullRequest };
    await writeComment(gitHub, subject, told, record !== undefined);
    await showDeployment(gitHub, subject, told);
    if (flags.json) printJson({ pullRequest, stack, state: told.state, url: told.url ?? null });
    else say(`${stack}: the comment says that it is ${told.state}`);
  });
}
