import type { MagsClient } from "./client";
import type { Clock } from "./clock";
import { JobList, wholeList } from "./job-list";
import type { AliasView, CronView, JobView, Page, WorkspaceView } from "./wire";

/** A walk answers for reads this long, unless we wrote something ourselves in between. */
const FRESH_MS = 5_000;
/** A refresh takes as long as it takes; only a write of ours makes its walk outdated. */
export const REFRESH_MS = 30_000;

interface Walk<T> {
  items: T[];
  startedAt: number;
  /** How many own writes had been made when the walk began. */
  writes: number;
}

/** What is known of one list. */
interface Entry<T> {
  walk?: Walk<T>;
  inFlight?: { answer: Promise<Walk<T>>; writes: number };
  /** The walk that begins when the one under way has ended. */
  next?: Promise<Walk<T>>;
}

/**
 * What the account's lists show. Complete walks are shared by all who ask at the same time, and never serve
 * somebody who wrote after they began. An incomplete walk is an error, never an answer.
 */
export class Directory {
  readonly jobList: JobList;
  private writes = 0;
  private readonly seenWorkspaces = new Set<string>();
  private readonly entries = new Map<string, Entry<unknown>>();
  /** For a list that was given out, the one that was asked for when somebody doubted it. */
  private readonly second = new WeakMap<readonly unknown[], Promise<unknown[]>>();
  private readonly walkers = new WeakMap<readonly unknown[], () => Promise<unknown[]>>();

  constructor(
    private readonly client: MagsClient,
    private readonly clock: Clock,
  ) {
    this.jobList = new JobList(client);
  }

  /** To be called when a mutating call of ours begins and when it ends: walks begun before no longer count. */
  noteWrite(): void {
    this.writes++;
  }

  /** How many times `noteWrite` was called. */
  get ownWrites(): number {
    return this.writes;
  }

  /** @param first the first page, where it was asked for since our last write */
  jobs(maxAgeMs = FRESH_MS, first?: Page<JobView>): Promise<JobView[]> {
    // It is good for a walk that begins now, and for no later one.
    let given = this.entries.get("jobs")?.inFlight ? undefined : first;
    return this.shared("jobs", maxAgeMs, () => {
      const begin = given;
      given = undefined;
      return this.jobList.walk(begin);
    });
  }

  /** Whether `jobs` of the same age would be answered without another walk. */
  hasJobs(maxAgeMs: number): boolean {
    const { walk, inFlight } = this.entries.get("jobs") ?? {};
    return (walk && this.isFresh(walk, maxAgeMs)) || inFlight?.writes === this.writes;
  }

  /**
   * The jobs as of some complete walk of this run, however much we have written since: enough to learn what
   * others have under names that we have not touched, without walking a long history once per name.
   */
  async jobsOfThisRun(): Promise<JobView[]> {
    return this.known<JobView>("jobs", Infinity) ?? this.jobs();
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

  /**
   * What is found under a name that we are about to take: by a list that is half a minute old at most, whatever we
   * have written since, and only if that shows something by one that is up to date. A run that makes a thousand
   * things asks for the list once, and not once for each.
   */
  async underName<K extends keyof Lists>(key: K, isMeant: (item: Lists[K]) => boolean): Promise<Lists[K][]> {
    const list = (): Promise<Lists[K][]> => this[key]() as Promise<Lists[K][]>;
    const seen = await (this.known<Lists[K]>(key, REFRESH_MS) ?? list());
    return seen.some(isMeant) ? (await list()).filter(isMeant) : [];
  }

  /**
   * What is found in a list or, where that shows nothing, in another one: where there is no way to ask for one thing,
   * two complete lists have to agree that it is gone.
   */
  async inEither<K extends keyof Lists, R>(
    key: K,
    find: (items: readonly Lists[K][]) => R | undefined,
  ): Promise<R | undefined> {
    const list = (await this[key](REFRESH_MS)) as Lists[K][];
    return find(list) ?? find(await this.again(list));
  }

  /** Another list than `first`, begun after that was answered. All who doubt the same one share it. */
  again<T>(first: readonly T[]): Promise<T[]> {
    let second = this.second.get(first) as Promise<T[]> | undefined;
    if (!second) {
      const walk = this.walkers.get(first) as (() => Promise<T[]>) | undefined;
      if (!walk) throw new Error("not a list of this directory");
      second = walk();
      this.second.set(first, second);
      // A failed one answers nobody who asks later.
      second.catch(() => this.second.delete(first));
    }
    return second;
  }

  /** A list that is there or under way, if it is not too old, whatever we have written since it began. */
  private known<T>(key: string, maxAgeMs: number): Promise<T[]> | undefined {
    const { walk, inFlight } = (this.entries.get(key) ?? {}) as Entry<T>;
    if (walk && this.clock.now() - walk.startedAt <= maxAgeMs) return Promise.resolve(walk.items);
    return inFlight?.answer.then(({ items }) => items);
  }

  private async shared<T>(key: string, maxAgeMs: number, walk: () => Promise<T[]>): Promise<T[]> {
    const entry = (this.entries.get(key) ?? {}) as Entry<T>;
    this.entries.set(key, entry as Entry<unknown>);
    const { walk: known, inFlight } = entry;
    // Age zero asks for another walk, even within the same millisecond.
    if (maxAgeMs > 0) {
      if (known && this.isFresh(known, maxAgeMs)) return known.items;
      if (inFlight?.writes === this.writes) return (await inFlight.answer).items;
    }
    const begin = (): Promise<Walk<T>> => this.begin(entry, () => this.shared(key, 0, walk), walk);
    if (!inFlight) return (await begin()).items;
    // One walk at a time: all who come too late for this one share the next.
    const over = inFlight.answer.catch(() => undefined);
    entry.next ??= over.then(() => {
      entry.next = undefined;
      return entry.inFlight?.answer ?? begin();
    });
    return (await entry.next).items;
  }

  private begin<T>(entry: Entry<T>, again: () => Promise<T[]>, walk: () => Promise<T[]>): Promise<Walk<T>> {
    const begun = { startedAt: this.clock.now(), writes: this.writes };
    const answer = walk()
      .then((items) => {
        this.walkers.set(items, again);
        return (entry.walk = { items, ...begun });
      })
      .finally(() => (entry.inFlight = undefined));
    entry.inFlight = { answer, writes: begun.writes };
    return answer;
  }

  private isFresh(walk: Walk<unknown>, maxAgeMs: number): boolean {
    return walk.writes === this.writes && this.clock.now() - walk.startedAt <= maxAgeMs;
  }
}

interface Lists {
  workspaces: WorkspaceView;
  aliases: AliasView;
  crons: CronView;
}
