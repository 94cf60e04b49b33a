import { saying } from "../lib/saying";
import { atOnce } from "../pulumi/at-once";
import { cloudOf } from "./account";
import { warn } from "./actions";
import type { Belongings } from "./cloud";
import * as errors from "./errors";
import { shortName, type ListedStack, type Place } from "./place";
import { pullRequestOf, stackOf } from "./pull-request";
import { isPreviewOf, type Tags } from "./record";

/** A stack that is a preview, as far as its name and its tags say. */
export interface Preview {
  pullRequest: number;
  stack: string;
  tags: Tags;
  /** Undefined where the backend does not tell. */
  resourceCount?: number;
}

/** A stack with the name of a preview of which nothing else could be found out. */
export interface Unreadable {
  pullRequest: number;
  stack: string;
  error: Error;
}

/** All that there is of previews, in the backend and in the cloud. */
export interface Survey {
  previews: readonly Preview[];
  unreadable: readonly Unreadable[];
  /** What each has in the cloud, by pull request. */
  belongings: ReadonlyMap<number, Belongings>;
  /** Of those, what no stack knows of. A stack that is somebody else's knows its own. */
  orphans: ReadonlyMap<number, Belongings>;
  /** False where the backend does not list its stacks: one that has nothing in the cloud is not in here then. */
  isWhole: boolean;
}

/** Looks at every preview of a namespace and project. Each stack is judged alone, so that one does not hide the others. */
export async function survey(place: Place): Promise<Survey> {
  const stacks = new Stacks(place);
  const listed = await place.listed();
  if (listed.stacks) await stacks.look(listed.stacks);
  else {
    const inCloud = await previewsInCloud(place, listed.problem);
    warn(errors.stacksFromCloud(place.project, listed.problem));
    await stacks.look(stacksOf(inCloud));
  }
  // Found before any of the stacks goes: they tell which account it is.
  const belongings = await (await cloudOf(place, stacks.previews)).previews();
  // It may be another account than was looked at first.
  if (!listed.stacks) await stacks.look(stacksOf(belongings));
  const orphans = new Map([...belongings].filter(([pullRequest]) => !stacks.known.has(pullRequest)));
  return {
    previews: stacks.previews.sort(byNumber),
    unreadable: stacks.unreadable.sort(byNumber),
    belongings,
    orphans: new Map([...orphans].sort(([one], [other]) => one - other)),
    isWhole: listed.stacks !== undefined,
  };
}

/** Where nothing else tells which stacks there are, the names of what they have made do. */
async function previewsInCloud(place: Place, problem: string): Promise<Map<number, Belongings>> {
  try {
    return await (await cloudOf(place, [])).previews();
  } catch (error) {
    throw errors.stacksUnlistable(place.project, problem, saying(error));
  }
}

function stacksOf(belongings: ReadonlyMap<number, Belongings>): ListedStack[] {
  return [...belongings.keys()].map((pullRequest) => ({ name: stackOf(pullRequest) }));
}

function byNumber(one: { pullRequest: number }, other: { pullRequest: number }): number {
  return one.pullRequest - other.pullRequest;
}

/** What stacks turn out to be, each looked at once. */
class Stacks {
  readonly previews: Preview[] = [];
  readonly unreadable: Unreadable[] = [];
  /** Pull requests that some stack is for, also one that is somebody else's: what it may have made is no orphan. */
  readonly known = new Set<number>();
  private readonly seen = new Set<number>();

  constructor(private readonly place: Place) {}

  /** Looks at those that have the name of a preview. */
  async look(stacks: readonly ListedStack[]): Promise<void> {
    await atOnce(stacks, async ({ name, resourceCount }) => {
      const stack = shortName(name);
      const pullRequest = pullRequestOf(stack);
      if (pullRequest === undefined || this.seen.has(pullRequest)) return;
      this.seen.add(pullRequest);
      try {
        // One that is gone by now is no preview any more.
        const tags = await this.place.find(stack);
        if (tags) this.known.add(pullRequest);
        if (tags && isPreviewOf(stack, tags, this.place.namespace, pullRequest))
          this.previews.push({ pullRequest, stack, tags, resourceCount });
      } catch (error) {
        this.known.add(pullRequest);
        this.unreadable.push({ pullRequest, stack, error: error as Error });
      }
    });
  }
}
