import { EXIT_CODES } from "../lib/exit-codes";
import { print, printJson, say } from "../lib/output";
import { warn } from "./actions";
import { namesOf, type Belongings } from "./cloud";
import { inWords, refuseUnremovable, remove, tellRemoved } from "./down";
import * as errors from "./errors";
import { GitHub } from "./github";
import { Place, type PlaceFlags } from "./place";
import { openNumbers, stackOf } from "./pull-request";
import { recordOf, isPreviewOf, type Tags } from "./record";
import { survey, type Preview } from "./survey";

export interface SweepFlags extends PlaceFlags {
  dryRun?: true;
  max: string;
  open?: string;
  orphans?: true;
  comment?: true;
  json?: true;
}

interface Outcome {
  pullRequest: number;
  /** Null where that could not be found out. */
  why: "closed" | "expired" | "orphaned" | null;
  outcome: "removed" | "would be removed" | "kept" | "failed" | "left for the next run";
  detail?: string;
}

/** Removes every preview whose pull request is closed or whose time is over. */
export async function sweep(flags: SweepFlags): Promise<void> {
  if (!/^[1-9]\d{0,5}$/.test(flags.max)) throw errors.notACount("--max", flags.max);
  const listed = flags.open === undefined ? undefined : openNumbers(flags.open);
  await Place.open(
    flags,
    async (place) => {
      const gitHub = await GitHub.look(place.repository, { must: flags.comment });
      await new Sweep(place, flags, await PullRequests.look(listed, gitHub), gitHub).run();
    },
    () => "mags-iac preview sweep --unlock-after 6h",
  );
}

/** Which pull requests are closed, as far as somebody says so. Who cannot be asked has closed none. */
class PullRequests {
  private constructor(
    private readonly open: Set<number> | undefined,
    private readonly gitHub: GitHub | undefined,
    /** Whether GitHub could not be asked, though it should have been. */
    readonly failed: boolean,
  ) {}

  static async look(listed: Set<number> | undefined, gitHub: GitHub | undefined): Promise<PullRequests> {
    if (listed) return new PullRequests(listed, undefined, false);
    if (!gitHub) {
      warn("Nobody was asked which pull requests are closed, so only what has expired is removed.");
      return new PullRequests(undefined, undefined, false);
    }
    try {
      return new PullRequests(await gitHub.openPullRequests(), gitHub, false);
    } catch (error) {
      warn(`${(error as Error).message} Only what has expired is removed.`);
      return new PullRequests(undefined, gitHub, true);
    }
  }

  /** Not being among the open ones is not enough for GitHub: a number that it does not know may be hidden from us. */
  async isClosed(pullRequest: number): Promise<boolean> {
    if (!this.open || this.open.has(pullRequest)) return false;
    return this.gitHub ? this.gitHub.isClosed(pullRequest) : true;
  }
}

/** What is to become of one. */
interface Verdict {
  why: NonNullable<Outcome["why"]>;
  /** Why it stays all the same. */
  kept?: string;
}

class Sweep {
  private readonly outcomes: Outcome[] = [];
  private removed = 0;

  constructor(
    private readonly place: Place,
    private readonly flags: SweepFlags,
    private readonly pullRequests: PullRequests,
    private readonly gitHub: GitHub | undefined,
  ) {}

  async run(): Promise<void> {
    const { place } = this;
    const { previews, unreadable, orphans, isWhole } = await survey(place);
    for (const { pullRequest, error } of unreadable) this.failed(pullRequest, null, error);
    for (const preview of previews) await this.preview(preview);
    for (const [pullRequest, belongings] of orphans) await this.orphan(pullRequest, belongings);
    if (this.outcomes.length === 0 && previews.length === 0 && !(await place.hasStacks()))
      say(errors.noSuchProject(place.project));
    this.report(isWhole);
  }

  private preview({ pullRequest, resourceCount, stack, tags }: Preview): Promise<void> {
    const { place } = this;
    return this.deal(
      pullRequest,
      async () => {
        const why = await this.reasonFor(pullRequest, tags);
        return why && { why };
      },
      async () => {
        if (resourceCount !== 0) await refuseUnremovable(place, stack);
      },
      async () => {
        // It may have been pushed to since we looked: what is renewed stays.
        const now = await place.find(stack);
        if (now && !isPreviewOf(stack, now, place.namespace, pullRequest))
          return "it is somebody else's by now";
        if (now && (await this.reasonFor(pullRequest, now)) === undefined) return "it was renewed meanwhile";
        say(inWords(await remove(place, pullRequest, now)));
        return undefined;
      },
    );
  }

  /** Why it is to go; undefined when it stays. */
  private async reasonFor(pullRequest: number, tags: Tags): Promise<"closed" | "expired" | undefined> {
    if (await this.pullRequests.isClosed(pullRequest)) return "closed";
    const { expires } = recordOf(tags);
    return expires !== undefined && expires <= Date.now() ? "expired" : undefined;
  }

  /** What no stack knows is somebody's doing, so it stays unless it is asked for, and nobody works on it any more. */
  private async orphan(pullRequest: number, belongings: Belongings): Promise<void> {
    const { place } = this;
    const names = namesOf(belongings).join(", ");
    await this.deal(
      pullRequest,
      async () => {
        // An up that has begun since we looked has made a stack by now.
        if (await place.find(stackOf(pullRequest))) return undefined;
        if (!this.flags.orphans)
          return {
            why: "orphaned",
            kept: `no stack knows of ${names}; --orphans removes it once the pull request is closed`,
          };
        if (!(await this.pullRequests.isClosed(pullRequest)))
          return {
            why: "orphaned",
            kept: `no stack knows of ${names}; its pull request is not known to be closed`,
          };
        return { why: "orphaned" };
      },
      () => Promise.resolve(),
      async () => {
        say(inWords(await remove(place, pullRequest)));
        return undefined;
      },
    );
  }

  /**
   * Deals with one, and goes on with the next whatever comes of it. Only what is removed counts for the cap: what
   * fails would be in the way of all behind it, in every run anew.
   * @param check Throws what the removal would be refused for; for a dry run
   * @param work Gives the reason why it left it
   */
  private async deal(
    pullRequest: number,
    judge: () => Promise<Verdict | undefined>,
    check: () => Promise<void>,
    work: () => Promise<string | undefined>,
  ): Promise<void> {
    let why: Outcome["why"] = null;
    const put = (outcome: Outcome["outcome"], detail?: string) =>
      this.outcomes.push({ pullRequest, why, outcome, ...(detail ? { detail } : {}) });
    try {
      const verdict = await judge();
      if (verdict === undefined) return;
      why = verdict.why;
      if (verdict.kept !== undefined) return void put("kept", verdict.kept);
      if (this.removed >= Number(this.flags.max)) return void put("left for the next run");
      const kept = await (this.flags.dryRun ? check() : work());
      if (kept !== undefined) return void put("kept", kept);
      this.removed++;
      put(this.flags.dryRun ? "would be removed" : "removed");
      if (!this.flags.dryRun && this.flags.comment && this.gitHub)
        await tellRemoved(this.gitHub, this.place, pullRequest);
    } catch (error) {
      this.failed(pullRequest, why, error as Error);
    }
  }

  private failed(pullRequest: number, why: Outcome["why"], { message }: Error): void {
    this.outcomes.push({ pullRequest, why, outcome: "failed", detail: message });
    warn(`${stackOf(pullRequest)}: ${message}`);
  }

  private report(isWhole: boolean): void {
    const { outcomes } = this;
    if (this.flags.json) printJson(outcomes);
    else if (outcomes.length === 0) print("There is nothing to sweep.\n");
    else
      for (const { pullRequest, why, outcome, detail } of outcomes)
        print(`#${pullRequest}${why ? ` ${why}` : ""}: ${outcome}${detail ? `: ${detail}` : ""}\n`);
    const failures = outcomes.filter(({ outcome }) => outcome === "failed").length;
    // What failed is in the result already, which stays the only thing on stdout.
    if (failures > 0) say(errors.sweepIncomplete(failures).message);
    if (failures > 0 || !isWhole || this.pullRequests.failed) process.exitCode = EXIT_CODES.failed.code;
    else if (outcomes.some(({ outcome }) => outcome !== "removed"))
      process.exitCode = EXIT_CODES.differs.code;
  }
}
