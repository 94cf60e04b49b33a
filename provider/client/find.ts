import type { Account } from "../api/account";
import { isActive } from "../api/job-status";
import { defined } from "../api/defined";
import type { JobView } from "../api/wire";
import * as errors from "./errors";

/** Names whose job is remembered. */
const MAX_KNOWN = 1_000;

/** A VM that commands can be run in: it wakes when it sleeps. */
export function isUsable(job: JobView): boolean {
  return job.status === "running" || job.status === "sleeping";
}

/**
 * How well a job fits what was asked for; the least is the best, and among equals the newest. The order is that
 * of the vendor's client (recorded), with the request id before it and what is to come before what has ended.
 */
function rank(job: JobView, nameOrId: string): number | undefined {
  if (job.requestId === nameOrId) return 0;
  const later = isUsable(job) ? 1 : isActive(job) ? 3 : 5;
  if (job.name === nameOrId) return later;
  if (job.workspaceId === nameOrId) return later + 1;
  return undefined;
}

/** Where one page shows this, no other page can show anything better. */
const SURE = 1;

function best(jobs: readonly JobView[], nameOrId: string): { job: JobView; rank: number } | undefined {
  let found: { job: JobView; rank: number } | undefined;
  for (const job of jobs) {
    const fit = rank(job, nameOrId);
    if (fit !== undefined && (found === undefined || fit < found.rank)) found = { job, rank: fit };
  }
  return found;
}

/** Finds jobs by name, workspace or request id, in the whole list. */
export class JobFinder {
  /** What was found by its own name while it could be used: asked for by its id from then on. */
  readonly #known = new Map<string, JobView>();

  constructor(private readonly account: Account) {}

  async find(nameOrId: string): Promise<JobView | undefined> {
    return (await this.#again(nameOrId)) ?? (await this.#inList(nameOrId));
  }

  /** The job; an error when there is none. */
  async get(nameOrId: string): Promise<JobView> {
    const job = await this.find(nameOrId);
    if (!job) throw errors.jobNotFound(nameOrId);
    return job;
  }

  /** The job as its status shows it now, which is more than the list shows. */
  async now(nameOrId: string): Promise<JobView> {
    const known = await this.#again(nameOrId);
    if (known) return known;
    const listed = await this.get(nameOrId);
    const now = await this.account.client.findJobStatus(listed.requestId);
    return now ? { ...listed, ...defined(now) } : listed;
  }

  /** The job, awake or to be woken; an error when it is neither. */
  async usable(nameOrId: string): Promise<JobView> {
    const job = await this.get(nameOrId);
    if (!isUsable(job)) throw errors.jobNotUsable(nameOrId, job);
    return job;
  }

  /** Remembers a job under its name and its id. */
  note(job: JobView): void {
    for (const key of [job.requestId, job.name]) {
      if (key === undefined) continue;
      this.#known.delete(key);
      this.#known.set(key, job);
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
  }

  /** A name has one active job at most, so the one that had it still has it while it can be used. */
  async #again(nameOrId: string): Promise<JobView | undefined> {
    const known = this.#known.get(nameOrId);
    if (!known) return undefined;
    const now = await this.account.client.findJobStatus(known.requestId);
    if (now && isUsable(now)) return { ...known, ...defined(now) };
    this.#known.delete(nameOrId);
    return undefined;
  }

  async #inList(nameOrId: string): Promise<JobView | undefined> {
    const { client, directory } = this.account;
    const first = await client.listJobs(1);
    let found = best(first.items, nameOrId);
    const isAll = first.total !== undefined && first.items.length >= first.total;
    if (!isAll && (found === undefined || found.rank > SURE)) found = best(await directory.jobs(), nameOrId);
    if (found && found.rank <= SURE && isUsable(found.job)) this.note(found.job);
    return found?.job;
  }
}
