import { createHash, randomBytes } from "node:crypto";
import type { Alias, CronJob, Job, LogLine, UploadedFile, Workspace } from "./model";
import { isActive } from "./model";
import type { Store } from "./store";

/** An account and its token. */
export interface Account {
  index: number;
  token: string;
}

/** Limits of what is remembered. */
export interface StateLimits {
  maxEndedJobs: number;
  maxLogLines: number;
}

/** Every record of the cloud, in memory, written through to the store. */
export class State {
  readonly accounts: Account[] = [];
  private readonly byDigest = new Map<string, Account>();
  private readonly jobs = new Map<string, Job>();
  /** Jobs by account, oldest first. */
  private readonly ordered = new Map<number, Job[]>();
  private readonly active = new Map<string, Job>();
  private readonly workspaceTable = new Map<string, Workspace>();
  private readonly aliasTable = new Map<string, Alias>();
  private readonly cronTable = new Map<string, CronJob>();
  private readonly files = new Map<string, UploadedFile>();
  private readonly logTable = new Map<string, LogLine[]>();
  private readonly dirtyLogs = new Set<string>();
  private flushTimer: NodeJS.Timeout | undefined;
  private sequence = 0;
  private closed = false;

  constructor(
    private readonly store: Store,
    private readonly limits: StateLimits,
    count: number,
    tokens: readonly string[] | undefined,
  ) {
    this.load();
    for (let index = 0; index < count; index++) {
      const kept = this.accounts[index];
      const own = tokens?.[index] ?? kept?.token;
      // The token of an earlier run may be another account's by now.
      const isFree = own !== undefined && !this.accountOf(own);
      const token = isFree ? own : `mags_local_${randomBytes(16).toString("hex")}`;
      const account = { index, token };
      this.accounts[index] = account;
      this.byDigest.set(digestOf(token), account);
      store.put("account", String(index), account);
    }
    // Accounts of an earlier run that nobody asked for now keep their data, but nobody can log in.
    this.accounts.length = count;
  }

  /** By the digest, so that how long it takes does not tell how much of a token was right. */
  accountOf(token: string): Account | undefined {
    return this.byDigest.get(digestOf(token));
  }

  // Jobs

  nextSequence(): number {
    return this.sequence++;
  }

  job(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  /** Jobs of an account, newest first. */
  jobsOf(account: number): Job[] {
    return [...(this.ordered.get(account) ?? [])].reverse();
  }

  /** Some of them, and how many there are: a page costs the same in an account of any size. */
  jobsFrom(account: number, start: number, count: number): { jobs: Job[]; total: number } {
    const list = this.ordered.get(account) ?? [];
    const end = Math.max(0, list.length - start);
    return { jobs: list.slice(Math.max(0, end - count), end).reverse(), total: list.length };
  }

  allJobs(): IterableIterator<Job> {
    return this.jobs.values();
  }

  activeByName(account: number, name: string): Job | undefined {
    return this.active.get(`${account}/name/${name}`);
  }

  /** The job that holds a workspace. A job that only reads a base holds nothing. */
  activeByWorkspace(account: number, workspaceId: string): Job | undefined {
    return this.active.get(`${account}/workspace/${workspaceId}`);
  }

  /** Active jobs of all accounts. */
  allActive(): Set<Job> {
    return new Set(this.active.values());
  }

  addJob(job: Job): void {
    this.forgetOldJobs(this.remember(job));
    this.saveJob(job);
  }

  /** Writes a changed job and keeps the indexes right. */
  saveJob(job: Job): void {
    this.index(job);
    this.store.put("job", job.requestId, job);
  }

  /** Puts a job into memory; gives the jobs of its account. */
  private remember(job: Job): Job[] {
    this.jobs.set(job.requestId, job);
    const list = this.ordered.get(job.account) ?? [];
    list.push(job);
    this.ordered.set(job.account, list);
    return list;
  }

  private index(job: Job): void {
    const keys = [`${job.account}/name/${job.name}`];
    if (job.workspaceId !== undefined) keys.push(`${job.account}/workspace/${job.workspaceId}`);
    for (const key of keys) {
      if (isActive(job)) this.active.set(key, job);
      else if (this.active.get(key) === job) this.active.delete(key);
    }
  }

  // Logs

  log(requestId: string, line: LogLine): void {
    // The last words of a process that was ended may come after everything was written.
    if (this.closed) return;
    const lines = this.logTable.get(requestId) ?? [];
    lines.push(line);
    // Some slack, so that one line costs nothing.
    if (lines.length > this.limits.maxLogLines * 1.2) lines.splice(0, lines.length - this.limits.maxLogLines);
    this.logTable.set(requestId, lines);
    this.dirtyLogs.add(requestId);
    this.flushTimer ??= setTimeout(() => this.flushLogs(), 250).unref();
  }

  logs(requestId: string): readonly LogLine[] {
    const lines = this.logTable.get(requestId) ?? [];
    return lines.slice(-this.limits.maxLogLines);
  }

  private flushLogs(): void {
    this.flushTimer = undefined;
    for (const id of this.dirtyLogs) this.store.put("log", id, this.logTable.get(id));
    this.dirtyLogs.clear();
  }

  // Workspaces

  workspace(account: number, workspaceId: string): Workspace | undefined {
    return this.workspaceTable.get(`${account}/${workspaceId}`);
  }

  workspacesOf(account: number): Workspace[] {
    return own(this.workspaceTable, account);
  }

  saveWorkspace(workspace: Workspace): void {
    const key = `${workspace.account}/${workspace.workspaceId}`;
    this.workspaceTable.set(key, workspace);
    this.store.put("workspace", key, workspace);
  }

  removeWorkspace(workspace: Workspace): void {
    const key = `${workspace.account}/${workspace.workspaceId}`;
    this.workspaceTable.delete(key);
    this.store.remove("workspace", key);
  }

  // Aliases

  /** By subdomain and domain, over all accounts: an alias is unique in the whole cloud. */
  alias(subdomain: string, domain: string): Alias | undefined {
    return this.aliasTable.get(`${subdomain}.${domain}`);
  }

  aliasesOf(account: number): Alias[] {
    return own(this.aliasTable, account);
  }

  saveAlias(alias: Alias): void {
    const key = `${alias.subdomain}.${alias.domain}`;
    this.aliasTable.set(key, alias);
    this.store.put("alias", key, alias);
  }

  removeAlias(alias: Alias): void {
    const key = `${alias.subdomain}.${alias.domain}`;
    this.aliasTable.delete(key);
    this.store.remove("alias", key);
  }

  // Cron jobs

  cron(account: number, id: string): CronJob | undefined {
    const cron = this.cronTable.get(id);
    return cron?.account === account ? cron : undefined;
  }

  cronsOf(account: number): CronJob[] {
    return own(this.cronTable, account);
  }

  allCrons(): IterableIterator<CronJob> {
    return this.cronTable.values();
  }

  saveCron(cron: CronJob): void {
    this.cronTable.set(cron.id, cron);
    this.store.put("cron", cron.id, cron);
  }

  removeCron(cron: CronJob): void {
    this.cronTable.delete(cron.id);
    this.store.remove("cron", cron.id);
  }

  // Files

  file(account: number, id: string): UploadedFile | undefined {
    const file = this.files.get(id);
    return file?.account === account ? file : undefined;
  }

  saveFile(file: UploadedFile): void {
    this.files.set(file.fileId, file);
    this.store.put("file", file.fileId, file);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.flushTimer);
    this.flushLogs();
    this.store.close();
  }

  private load(): void {
    for (const { value } of this.store.all("account")) {
      const account = value as Account;
      this.accounts[account.index] = account;
    }
    const jobs = this.store.all("job").map(({ value }) => value as Job);
    jobs.sort((left, right) => left.sequence - right.sequence);
    for (const job of jobs) {
      this.sequence = Math.max(this.sequence, job.sequence + 1);
      this.remember(job);
      this.index(job);
    }
    // As they are keyed there.
    for (const { id, value } of this.store.all("workspace")) this.workspaceTable.set(id, value as Workspace);
    for (const { id, value } of this.store.all("alias")) this.aliasTable.set(id, value as Alias);
    for (const { id, value } of this.store.all("cron")) this.cronTable.set(id, value as CronJob);
    for (const { id, value } of this.store.all("file")) this.files.set(id, value as UploadedFile);
    for (const { id, value } of this.store.all("log")) {
      if (this.jobs.has(id)) this.logTable.set(id, value as LogLine[]);
    }
  }

  /** Bounds memory: the oldest ended jobs of an account go first. */
  private forgetOldJobs(list: Job[]): void {
    // Some slack, so that the walk is rare.
    if (list.length <= this.limits.maxEndedJobs * 1.1 + 100) return;
    const ended = list.filter((job) => !isActive(job));
    const excess = new Set(ended.slice(0, Math.max(0, ended.length - this.limits.maxEndedJobs)));
    if (excess.size === 0) return;
    for (const job of excess) {
      this.jobs.delete(job.requestId);
      this.logTable.delete(job.requestId);
      this.dirtyLogs.delete(job.requestId);
      this.store.remove("job", job.requestId);
      this.store.remove("log", job.requestId);
    }
    list.splice(0, list.length, ...list.filter((job) => !excess.has(job)));
  }
}

function own<T extends { account: number }>(table: Map<string, T>, account: number): T[] {
  return [...table.values()].filter((entry) => entry.account === account);
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
