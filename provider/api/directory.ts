import { MalformedAnswerError } from "./errors";
import { PAGE_SIZE, isActive, type MagsClient } from "./client";
import type { Clock } from "./clock";
import type { AliasView, CronView, JobView, Page, WorkspaceView } from "./wire";

/** A walk answers for reads this long, unless we wrote something ourselves in between. */
const FRESH_MS = 5_000;
/** A list that contradicts its own `total` is walked again before it is called incomplete. */
const WALKS = 3;
/** The first reads of a run ask for their job: a small stack needs no list. */
const READS_BEFORE_LIST = 3;
/** A list of more pages is a long history of ended jobs rather than a fleet: asking for each job is cheaper. */
const PAGES_WORTH_WALKING = 24;
/** A refresh takes as long as it takes; only a write of ours makes its walk outdated. */
const REFRESH_MS = 30_000;
/** A walk gives up after so many pages in a row without anything new: some server may repeat a page for ever. */
const STALE_PAGES = 3;

interface Walk<T> {
  items: T[];
  startedAt: number;
  /** How many own writes had been made when the walk began. */
  writes: number;
}

/**
 * What the account's lists show. Complete walks are shared by all who ask at the same time, and never serve
 * somebody who wrote after they began. An incomplete walk is an error, never an answer.
 */
export class Directory {
  private writes = 0;
  private reads = 0;
  private worthWalking: Promise<boolean> | undefined;
  private index: { jobs: JobView[]; byId: Map<string, JobView> } | undefined;
  private readonly seenWorkspaces = new Set<string>();
  private readonly walks = new Map<
    string,
    { walk?: Walk<unknown>; inFlight?: Promise<Walk<unknown>>; writes: number }
  >();

  constructor(
    private readonly client: MagsClient,
    private readonly clock: Clock,
  ) {}

  /** To be called when a mutating call of ours begins and when it ends: walks begun before no longer count. */
  noteWrite(): void {
    this.writes++;
  }

  jobs(maxAgeMs = FRESH_MS): Promise<JobView[]> {
    return this.shared("jobs", maxAgeMs, () => this.walkJobs());
  }

  /**
   * The jobs as of some complete walk of this run, however much we have written since: enough to learn what
   * others have under names that we have not touched, without walking a long history once per name.
   */
  async jobsOfThisRun(): Promise<JobView[]> {
    const entry = this.walks.get("jobs");
    const known = entry?.walk ?? (await entry?.inFlight);
    return known ? (known.items as JobView[]) : this.jobs();
  }

  /**
   * For a read: the job as a list shows it that answers for all reads of a refresh. Undefined where asking for
   * the job itself is better: in a small stack, in an account with a long history, and when the list is not
   * complete or does not show the job as active.
   */
  async listedActive(requestId: string): Promise<JobView | undefined> {
    if (++this.reads <= READS_BEFORE_LIST) return undefined;
    const jobs = await this.jobsOfRefresh();
    if (!jobs) return undefined;
    if (this.index?.jobs !== jobs) {
      this.index = { jobs, byId: new Map(jobs.map((job) => [job.requestId, job])) };
    }
    const job = this.index.byId.get(requestId);
    return job && isActive(job) ? job : undefined;
  }

  /** For a read: all jobs, by the list that answers for all reads of a refresh; undefined where it is too long. */
  async jobsOfRefresh(): Promise<JobView[] | undefined> {
    if (!(await this.isWorthWalking())) return undefined;
    try {
      return await this.jobs(REFRESH_MS);
    } catch (error) {
      if (error instanceof MalformedAnswerError) return undefined;
      throw error;
    }
  }

  /** Decided once per run, from the size that the first page tells. */
  private isWorthWalking(): Promise<boolean> {
    this.worthWalking ??= this.client
      .listJobs(1)
      .then(({ total, items }) => (total ?? items.length) <= PAGES_WORTH_WALKING * PAGE_SIZE);
    return this.worthWalking;
  }

  /** Remembers a workspace that we have just made or seen, so that nobody has to ask for it again. */
  noteWorkspace(workspaceId: string): void {
    this.seenWorkspaces.add(workspaceId);
  }

  /** To be called before a workspace is deleted. */
  forgetWorkspace(workspaceId: string): void {
    this.seenWorkspaces.delete(workspaceId);
  }

  /** Whether a workspace exists: seen in this run, else by a list that is up to date. */
  async hasWorkspace(workspaceId: string): Promise<boolean> {
    if (this.seenWorkspaces.has(workspaceId)) return true;
    for (const workspace of await this.workspaces()) this.seenWorkspaces.add(workspace.workspaceId);
    return this.seenWorkspaces.has(workspaceId);
  }

  workspaces(maxAgeMs = FRESH_MS): Promise<WorkspaceView[]> {
    return this.shared("workspaces", maxAgeMs, () =>
      wholeList("workspaces", () => this.client.listWorkspaces()),
    );
  }

  aliases(maxAgeMs = FRESH_MS): Promise<AliasView[]> {
    return this.shared("aliases", maxAgeMs, () => wholeList("aliases", () => this.client.listAliases()));
  }

  crons(maxAgeMs = FRESH_MS): Promise<CronView[]> {
    return this.shared("crons", maxAgeMs, () => wholeList("cron jobs", () => this.client.listCrons()));
  }

  private async shared<T>(key: string, maxAgeMs: number, walk: () => Promise<T[]>): Promise<T[]> {
    const asked = this.clock.now();
    const entry = this.walks.get(key) ?? { writes: -1 };
    this.walks.set(key, entry);
    const known = entry.walk as Walk<T> | undefined;
    // Age zero asks for another walk, even within the same millisecond.
    const mayShare = maxAgeMs > 0;
    if (mayShare && known?.writes === this.writes && asked - known.startedAt <= maxAgeMs) return known.items;
    if (mayShare && entry.inFlight && entry.writes === this.writes)
      return (await entry.inFlight).items as T[];
    const begun = { startedAt: asked, writes: this.writes };
    const inFlight = walk().then((items) => ({ items, ...begun }));
    entry.inFlight = inFlight;
    entry.writes = begun.writes;
    try {
      const done = await inFlight;
      if (!entry.walk || entry.walk.startedAt <= done.startedAt) entry.walk = done;
      return done.items;
    } finally {
      if (entry.inFlight === inFlight) entry.inFlight = undefined;
    }
  }

  private async walkJobs(): Promise<JobView[]> {
    for (let attempt = 1; ; attempt++) {
      const { jobs, missing } = await this.walkJobsOnce();
      if (missing <= 0) return jobs;
      if (attempt === WALKS) throw incomplete("jobs", jobs.length, jobs.length + missing);
    }
  }

  /**
   * Newest first (assumed): a job submitted while we walk shifts the pages, so items are told apart by id. Complete
   * is what was there at the first page: in a run that makes many jobs, there is always one more by the last.
   */
  private async walkJobsOnce(): Promise<{ jobs: JobView[]; missing: number }> {
    const byId = new Map<string, JobView>();
    let total: number | undefined;
    for (let page = 1, stale = 0; stale < STALE_PAGES; page++) {
      const seen = byId.size;
      const answer = await this.client.listJobs(page);
      for (const job of answer.items) byId.set(job.requestId, job);
      total ??= answer.total;
      stale = byId.size === seen ? stale + 1 : 0;
      const lastPage = total === undefined ? answer.items.length < PAGE_SIZE : byId.size >= total;
      if (lastPage || answer.items.length === 0) break;
    }
    return { jobs: [...byId.values()], missing: (total ?? 0) - byId.size };
  }
}

async function wholeList<T>(what: string, list: () => Promise<Page<T>>): Promise<T[]> {
  for (let attempt = 1; ; attempt++) {
    const page = await list();
    const missing = (page.total ?? 0) - page.items.length;
    if (missing <= 0) return page.items;
    if (attempt === WALKS) throw incomplete(what, page.items.length, page.total ?? 0);
  }
}

function incomplete(what: string, seen: number, total: number): MalformedAnswerError {
  return new MalformedAnswerError(
    "GET",
    `list of ${what}`,
    `it shows ${seen} of ${total}; nothing is concluded from it`,
  );
}
