import { PAGE_SIZE, type MagsClient } from "./client";
import { MalformedAnswerError, isApiError } from "./errors";
import type { JobView, Page } from "./wire";

/** What is asked for; a server gives as many as it gives (at most 50 are assumed). */
const LARGEST_PAGE = 500;
/** A list that contradicts its own `total` is walked again before it is called incomplete. */
const WALKS = 3;
/** Pages asked for at the same time: 1,000 jobs take three round trips, and a long walk leaves others some of the usual budget. */
const AT_ONCE = 10;
/** Rounds of a walk: what jobs submitted meanwhile have pushed from page to page is looked for again. */
const ROUNDS = 6;
/** Without a `total`, a walk gives up after so many pages in a row without anything new. */
const STALE_PAGES = 3;

/** Places in the list, counted from its oldest job, which is number 1: new jobs do not move them. */
interface Places {
  from: number;
  to: number;
}

/** The list of all jobs, ended ones among them, newest first (assumed), in the largest pages that the server gives. */
export class JobList {
  /** Jobs per page, as far as is known. */
  private size = LARGEST_PAGE;

  constructor(private readonly client: MagsClient) {}

  /** The first page, which tells how many pages there are; `pages` is undefined where the server does not say. */
  async first(): Promise<Page<JobView> & { pages: number | undefined }> {
    const answer = await this.firstAnswer();
    return { ...answer, pages: answer.total === undefined ? undefined : this.pagesFor(answer.total) };
  }

  page(page: number): Promise<Page<JobView>> {
    return this.client.listJobs(page, this.size);
  }

  /** Every job that was there when the walk began. What cannot be shown to be complete is an error. */
  async walk(first?: Page<JobView>): Promise<JobView[]> {
    for (let attempt = 1; ; attempt++) {
      const begin = (attempt === 1 && first) || (await this.first());
      const { jobs, missing } =
        begin.total === undefined ? await this.onePageAfterAnother(begin) : await this.byPlaces(begin);
      if (missing <= 0) return jobs;
      if (attempt === WALKS) throw incomplete("jobs", jobs.length, jobs.length + missing);
    }
  }

  private pagesFor(total: number): number {
    return Math.max(1, Math.ceil(total / this.size));
  }

  private async firstAnswer(): Promise<Page<JobView>> {
    const answer = await this.page(1).catch((error: unknown) => {
      // A server may refuse a page of that size instead of giving a smaller one.
      const refused = isApiError(error) && !error.isAuth && !error.isRateLimited;
      if (refused && this.size > PAGE_SIZE) return undefined;
      throw error;
    });
    const [shown, total] = [answer?.items.length ?? 0, answer?.total];
    if (answer && total !== undefined && shown >= Math.min(total, this.size)) return answer;
    // It gives less than was asked for: by its own limit, or since it did not like the question.
    const asked = this.size;
    this.size = total !== undefined && shown > PAGE_SIZE ? Math.min(shown, asked) : PAGE_SIZE;
    if (answer && (this.size === asked || (total !== undefined && shown >= this.size))) return answer;
    return this.page(1);
  }

  /**
   * Many pages at a time. A job that is submitted meanwhile pushes the last of each page onto the next one, so each
   * answer counts for the places that it shows by its own `total`, and the places that none has shown are asked for.
   */
  private async byPlaces(first: Page<JobView>): Promise<{ jobs: JobView[]; missing: number }> {
    const wanted = first.total!;
    const seen = new Map<string, { job: JobView; place: number }>();
    const shown: Places[] = [];
    let [total, shrunk] = [wanted, false];
    const take = (page: number, answer: Page<JobView>): void => {
      const now = answer.total ?? total;
      shrunk ||= now < wanted;
      total = Math.max(total, now);
      const top = now - (page - 1) * this.size;
      shown.push({ from: top - this.size + 1, to: top });
      for (const [index, job] of answer.items.entries()) seen.set(job.requestId, { job, place: top - index });
    };
    take(1, first);
    for (let round = 1; round <= ROUNDS && !shrunk; round++) {
      const pages = gapsIn(shown, wanted).flatMap(({ from, to }) =>
        range(this.pageOf(to, total), this.pageOf(from, total)),
      );
      if (pages.length === 0) break;
      const before = seen.size;
      await this.takeAll([...new Set(pages)], take, () => seen.size);
      if (seen.size === before) break;
    }
    const left = gapsIn(shown, wanted).reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const jobs = [...seen.values()].sort((a, b) => b.place - a.place).map(({ job }) => job);
    return { jobs, missing: Math.max(wanted - seen.size, left, shrunk ? 1 : 0) };
  }

  private pageOf(place: number, total: number): number {
    return Math.floor((total - place) / this.size) + 1;
  }

  /** Gives up where pages show nothing new: some server may repeat one for ever. */
  private async takeAll(
    pages: number[],
    take: (page: number, answer: Page<JobView>) => void,
    known: () => number,
  ): Promise<void> {
    for (let index = 0; index < pages.length; index += AT_ONCE) {
      const before = known();
      const some = pages.slice(index, index + AT_ONCE);
      const answers = await Promise.all(some.map((page) => this.page(page)));
      answers.forEach((answer, at) => take(some[at]!, answer));
      if (known() === before) return;
    }
  }

  /** Where the server does not tell how many there are, the first short page is the last one. */
  private async onePageAfterAnother(first: Page<JobView>): Promise<{ jobs: JobView[]; missing: number }> {
    const byId = new Map<string, JobView>();
    let answer = first;
    for (let page = 1, stale = 0; stale < STALE_PAGES; page++) {
      if (page > 1) answer = await this.page(page);
      const before = byId.size;
      for (const job of answer.items) byId.set(job.requestId, job);
      stale = byId.size === before ? stale + 1 : 0;
      if (answer.items.length < this.size) break;
    }
    return { jobs: [...byId.values()], missing: 0 };
  }
}

/** The places from 1 to `top` that nothing has shown. */
function gapsIn(shown: readonly Places[], top: number): Places[] {
  const gaps: Places[] = [];
  let next = 1;
  for (const { from, to } of [...shown].sort((a, b) => a.from - b.from)) {
    if (from > next) gaps.push({ from: next, to: Math.min(from - 1, top) });
    next = Math.max(next, to + 1);
  }
  if (next <= top) gaps.push({ from: next, to: top });
  return gaps.filter(({ from, to }) => from <= to);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The lists that have no pages: whole, or an error. */
export async function wholeList<T>(what: string, list: () => Promise<Page<T>>): Promise<T[]> {
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
