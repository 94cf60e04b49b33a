import { isActive } from "./job-status";
import type { Clock } from "./clock";
import { REFRESH_MS, type Directory } from "./directory";
import { MalformedAnswerError } from "./errors";
import type { JobView } from "./wire";

/** The first reads of a run ask for their job: a small stack needs no list. */
const READS_BEFORE_LIST = 3;
/** A list of so many pages is walked whole: with the reads before it that makes 24 calls. */
const PAGES_WALKED = 21;
/** A longer one is walked as far as its pages show so many active jobs each: a page then saves more than it costs. */
const ACTIVE_PER_PAGE = 5;
/** Where the jobs belong to others, a few reads must not walk through all of them. */
const PAGES_PER_READ = 4;
/** Pages of a long list asked for at the same time: so many at most are in vain. */
const AT_ONCE = 4;

/** The newest jobs of a long list, as far as they were looked at. */
interface Newest {
  byId: Map<string, JobView>;
  pages: number;
  /** Nothing is to be had from further pages. */
  ended: boolean;
  startedAt: number;
  writes: number;
}

/**
 * Reads jobs by the list where that is cheaper than to ask for each. The list only ever answers "active": what it
 * does not show as that is asked for by its id.
 */
export class JobReads {
  /** Reads of this run, and how many of them had been made when the list was last asked for. */
  private reads = 0;
  private readsAtList = 0;
  private pages: Promise<number | undefined> | undefined;
  private newest: Newest | undefined;
  private extending: Promise<void> | undefined;
  private index: { jobs: JobView[]; byId: Map<string, JobView> } | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /** The job as the list shows it; undefined where asking for the job itself is better. */
  async active(requestId: string): Promise<JobView | undefined> {
    if (++this.reads <= READS_BEFORE_LIST) return undefined;
    const job = (await this.isShort())
      ? (await this.wholeIndex())?.get(requestId)
      : await this.amongNewest(requestId);
    return job && isActive(job) ? job : undefined;
  }

  /** All jobs, by the list that answers for all reads of a refresh; undefined where it is too long. */
  async all(): Promise<JobView[] | undefined> {
    return (await this.isShort()) ? this.whole() : undefined;
  }

  /** From the number of jobs that the first page told in this run. */
  private async isShort(): Promise<boolean> {
    this.pages ??= this.begin();
    // What failed once is asked again by who comes later.
    this.pages.catch(() => (this.pages = undefined));
    const pages = await this.pages;
    if (pages === undefined || pages <= PAGES_WALKED) return true;
    const { newest } = this;
    const isOfUse = newest && this.isCurrent(newest) && (!newest.ended || newest.pages >= pages);
    // So many reads that asking for each has cost as much as a walk: there are more of them than a walk costs.
    return pages <= this.reads && !isOfUse;
  }

  private isCurrent({ writes, startedAt }: Newest): boolean {
    return writes === this.directory.ownWrites && this.clock.now() - startedAt <= REFRESH_MS;
  }

  private async begin(): Promise<number | undefined> {
    const [startedAt, writes] = [this.clock.now(), this.directory.ownWrites];
    const first = await this.directory.jobList.first();
    if (first.pages === undefined || first.pages <= PAGES_WALKED) {
      this.readsAtList = this.reads;
      const current = writes === this.directory.ownWrites;
      await this.tolerant(this.directory.jobs(REFRESH_MS, current ? first : undefined));
    } else {
      const byId = new Map(first.items.map((job) => [job.requestId, job]));
      const ended = first.items.filter(isActive).length < ACTIVE_PER_PAGE;
      this.newest = { byId, pages: 1, ended, startedAt, writes };
    }
    return first.pages;
  }

  private whole(): Promise<JobView[] | undefined> {
    return this.tolerant(this.directory.jobs(REFRESH_MS));
  }

  private async wholeIndex(): Promise<ReadonlyMap<string, JobView> | undefined> {
    if (!this.directory.hasJobs(REFRESH_MS)) {
      // Another walk has to be worth it too: there may be a write of ours before each read.
      const pages = (await this.pages) ?? PAGES_WALKED;
      if (this.reads - this.readsAtList <= pages) return undefined;
      this.readsAtList = this.reads;
    }
    const jobs = await this.whole();
    if (!jobs) return undefined;
    if (this.index?.jobs !== jobs)
      this.index = { jobs, byId: new Map(jobs.map((job) => [job.requestId, job])) };
    return this.index.byId;
  }

  /** An incomplete list answers nothing; each job can still be asked for. */
  private async tolerant(walk: Promise<JobView[]>): Promise<JobView[] | undefined> {
    try {
      return await walk;
    } catch (error) {
      if (error instanceof MalformedAnswerError) return undefined;
      throw error;
    }
  }

  private async amongNewest(requestId: string): Promise<JobView | undefined> {
    const { newest } = this;
    if (!newest) return undefined;
    const mayGoOn = () => !newest.ended && newest.pages < Math.max(PAGES_WALKED, PAGES_PER_READ * this.reads);
    while (this.isCurrent(newest) && !newest.byId.has(requestId) && mayGoOn()) {
      this.extending ??= this.extend(newest).finally(() => (this.extending = undefined));
      await this.extending;
    }
    return this.isCurrent(newest) ? newest.byId.get(requestId) : undefined;
  }

  private async extend(newest: Newest): Promise<void> {
    const count = Math.min(AT_ONCE, newest.pages);
    const pages = Array.from({ length: count }, (_, index) => newest.pages + 1 + index);
    const answers = await Promise.all(pages.map((page) => this.directory.jobList.page(page)));
    newest.pages += count;
    for (const { items } of answers) {
      for (const job of items) newest.byId.set(job.requestId, job);
      newest.ended ||= items.filter(isActive).length < ACTIVE_PER_PAGE;
    }
  }
}
