import type { AliasView, CronView, JobView, LogEntry, WorkspaceView } from "../api/wire";
import * as access from "./access";
import * as cron from "./cron";
import * as figures from "./figures";
import { uploadFiles } from "./files";
import * as jobs from "./jobs";
import type * as options from "./options";
import { resize } from "./resize";
import { openSession, presented, type Session } from "./session";
import * as workspaces from "./workspaces";

/**
 * The Mags API, method by method, under the names of the vendor's SDK. Times are milliseconds, as there
 * (observed); answers carry our names (`requestId`, not `request_id`).
 *
 * What it does beyond one call: ids are percent-encoded; lists are read to their end; a POST whose answer was
 * lost is looked for and never blindly repeated; 429 pauses every call of the client; wrong arguments are told
 * all at once, before anything is called. Every error is a MagsError.
 *
 * @example
 * ```ts
 * const mags = new Mags();
 * const { logs } = await mags.runAndWait("echo Hello World");
 * console.log(logs.map((line) => line.message).join("\n"));
 * ```
 */
export class Mags {
  readonly #session: Session;

  /**
   * @throws ArgumentError for an option that is not what it may be; MagsError when there is no token
   */
  constructor(settings: options.MagsOptions = {}) {
    this.#session = openSession(settings);
  }

  /** Base URL of the API that it talks to. */
  get apiUrl(): string {
    return this.#session.settings.endpoint;
  }

  // --- Jobs --------------------------------------------------------------------------------------------

  /**
   * Submits a job and returns at once. Started exactly once, also when the answer is lost.
   *
   * @param script Shell script, at most 2 MB.
   * @throws ConflictError when an active job has the name or the workspace; OutcomeUnknownError when whether it
   * was started cannot be found out
   */
  run(script: string, settings: options.RunOptions = {}): Promise<jobs.Accepted> {
    return jobs.run(this.#session, script, settings);
  }

  /**
   * Submits a job and waits until its script has ended, which a failing one has too: see `exitCode`.
   *
   * @param settings `timeout` @default 60000
   * @throws as run; JobTimeoutError when it takes longer: the job goes on
   */
  runAndWait(
    script: string,
    settings: options.RunOptions & options.WaitOptions = {},
  ): Promise<jobs.RunResult> {
    return jobs.runAndWait(this.#session, script, settings);
  }

  /**
   * Starts a sandbox, a VM that is only there to be used, and waits until it is up.
   *
   * @param name Name of the VM and of its workspace.
   * @param settings `persistent` syncs its files to S3. `timeout` @default 60000
   * @throws ConflictError when the name is taken; JobStateError when it ends at once; JobTimeoutError
   */
  new(name: string, settings: options.NewOptions = {}): Promise<jobs.Ready> {
    return jobs.newSandbox(this.#session, name, settings);
  }

  /** Status of a job. @throws NotFoundError */
  status(requestId: string): Promise<JobView> {
    return jobs.status(this.#session, requestId);
  }

  /** Log of a job. The token never shows in it. @throws NotFoundError */
  logs(requestId: string): Promise<{ logs: LogEntry[] }> {
    return jobs.logs(this.#session, requestId);
  }

  /** One page of jobs, newest first (assumed). @param settings `page` @default 1; `pageSize`, at most 50 @default 20 */
  list(settings: { page?: number; pageSize?: number } = {}): Promise<jobs.JobPage> {
    return jobs.list(this.#session, settings);
  }

  /** Every job of the account. @throws MalformedAnswerError when the API shows fewer than it says there are */
  listAll(): Promise<JobView[]> {
    return jobs.listAll(this.#session);
  }

  /**
   * Finds a job by name, workspace or request id, on all pages: one that runs or sleeps before one that is still
   * to come, and that before one that has ended. Null when there is none.
   */
  async findJob(nameOrId: string): Promise<JobView | null> {
    const job = await jobs.findJob(this.#session, nameOrId);
    return job ? presented(this.#session, job) : null;
  }

  /** Changes what can be changed on a live job. @throws NotFoundError; ApiError when the API refuses it */
  updateJob(requestId: string, update: options.JobUpdate): Promise<void> {
    return jobs.updateJob(this.#session, requestId, update);
  }

  /**
   * Syncs the files, stops the job and waits until it is over. One that has ended already is left as it is.
   *
   * @throws NotFoundError; MagsError when the files could not be synced (nothing is stopped, unless
   * `allowDataLoss`), or when it is still active after `timeout`
   */
  stop(nameOrId: string, settings: options.StopOptions = {}): Promise<JobView> {
    return jobs.stop(this.#session, nameOrId, settings);
  }

  /**
   * Runs a command in a VM, which wakes if it sleeps. Output beyond about 4 MB is cut off, and an answer after
   * more than about 100 s is lost on the way (observed).
   *
   * @param settings `timeout`: limit of the command in milliseconds, rounded up to seconds @default 30000
   * @throws NotFoundError; JobStateError when the VM neither runs nor sleeps; OutcomeUnknownError when the answer
   * was lost: the command is not sent again
   */
  exec(nameOrId: string, command: string, settings: { timeout?: number } = {}): Promise<jobs.ExecResult> {
    return jobs.exec(this.#session, nameOrId, command, settings);
  }

  /** Syncs the workspace of a running job to S3. @throws NotFoundError; ApiError when it fails */
  sync(requestId: string): Promise<void> {
    return jobs.sync(this.#session, requestId);
  }

  /**
   * Gives a workspace a VM with another disk: the VM is stopped and started again with all of its settings, and
   * its ports are opened again. The API never shows settings, so of a VM that this client did not start they
   * have to be given: `{ persistent: true }` for a plain sandbox with a synced workspace.
   *
   * Refused before anything is stopped: unknown settings, a smaller disk, files in `/data` or on a local disk, a
   * sync that fails. The last two of these `allowDataLoss` goes on in spite of.
   *
   * @param workspace The workspace, or the job on it.
   * @param diskGb Size of the VM's own disk, in GB, whole, at least 2.
   * @throws SettingsUnknownError, NotFoundError, JobStateError, MagsError
   */
  resize(workspace: string, diskGb: number, settings: options.ResizeOptions = {}): Promise<jobs.Ready> {
    return resize(this.#session, workspace, diskGb, settings);
  }

  /** What the account has used. @param settings `windowDays` @default 30 */
  usage(settings: { windowDays?: number } = {}): Promise<figures.Usage> {
    return figures.usage(this.#session, settings);
  }

  /** The pool of VMs. */
  poolStatus(): Promise<figures.PoolStatus> {
    return figures.poolStatus(this.#session);
  }

  // --- URLs and access ---------------------------------------------------------------------------------

  /** Opens SSH access, with a private key that does not show itself. */
  enableAccess(requestId: string, port: 22, settings?: { timeout?: number }): Promise<access.SshAccess>;
  /**
   * Opens a port of a VM, as soon as the VM lets it be opened.
   *
   * @param port @default 8080
   * @param settings `timeout` @default 60000
   * @throws NotFoundError; JobStateError when the VM has ended; ApiError when it is still refused then
   */
  enableAccess(requestId: string, port?: number, settings?: { timeout?: number }): Promise<access.HttpAccess>;
  enableAccess(
    requestId: string,
    port?: number,
    settings: { timeout?: number } = {},
  ): Promise<access.HttpAccess | access.SshAccess> {
    return access.enableAccess(this.#session, requestId, port, settings);
  }

  /**
   * Opens a port of a VM and gives its URL, on the domain of this client.
   *
   * @param port @default 8080
   * @throws NotFoundError, JobStateError, ApiError
   */
  url(nameOrId: string, port?: number, settings: { timeout?: number } = {}): Promise<access.UrlResult> {
    return access.url(this.#session, nameOrId, port, settings);
  }

  /**
   * Creates a URL that stays, whatever VM is active on a workspace. One that exists and points there already is
   * a success.
   *
   * @param domain @default the domain of this client
   * @param settings `port` of the job (observed, v2 of the API)
   * @throws ConflictError when it points elsewhere or is somebody else's
   */
  urlAliasCreate(
    subdomain: string,
    workspaceId: string,
    domain?: string,
    settings: { port?: number } = {},
  ): Promise<AliasView & { url: string }> {
    return access.urlAliasCreate(this.#session, subdomain, workspaceId, domain, settings);
  }

  /** All URL aliases of the account. */
  urlAliasList(): Promise<{ aliases: AliasView[]; total: number }> {
    return access.urlAliasList(this.#session);
  }

  /** @throws NotFoundError; ConflictError when the subdomain exists on several domains: all of them would go */
  urlAliasDelete(subdomain: string): Promise<void> {
    return access.urlAliasDelete(this.#session, subdomain);
  }

  // --- Workspaces and files ----------------------------------------------------------------------------

  /** All workspaces of the account. */
  listWorkspaces(): Promise<{ workspaces: WorkspaceView[]; total: number }> {
    return workspaces.listWorkspaces(this.#session);
  }

  /**
   * Deletes a workspace and its files, for good.
   *
   * @throws NotFoundError; MagsError when a job is active on it: nothing is deleted then
   */
  deleteWorkspace(workspaceId: string): Promise<void> {
    return workspaces.deleteWorkspace(this.#session, workspaceId);
  }

  /**
   * Uploads local files, for `fileIds`; gives their ids in the order of the paths.
   *
   * @throws ArgumentError when one cannot be read, or two have the same name: nothing is sent then
   */
  uploadFiles(filePaths: readonly string[]): Promise<string[]> {
    return uploadFiles(this.#session, filePaths);
  }

  // --- Cron jobs ---------------------------------------------------------------------------------------

  /** Creates a schedule, exactly once, also when the answer is lost. */
  cronCreate(settings: options.CronOptions): Promise<CronView> {
    return cron.cronCreate(this.#session, settings);
  }

  /** All schedules of the account. */
  cronList(): Promise<{ cronJobs: CronView[]; total: number }> {
    return cron.cronList(this.#session);
  }

  /** @throws NotFoundError */
  cronGet(id: string): Promise<CronView> {
    return cron.cronGet(this.#session, id);
  }

  /** Changes the given fields of a schedule, and gives it as it is then. @throws NotFoundError */
  cronUpdate(id: string, updates: Partial<options.CronOptions>): Promise<CronView> {
    return cron.cronUpdate(this.#session, id, updates);
  }

  /** @throws NotFoundError */
  cronDelete(id: string): Promise<void> {
    return cron.cronDelete(this.#session, id);
  }

  /** Closes the connections. A process ends without it, too. */
  close(): Promise<void> {
    return this.#session.account.client.transport.close();
  }
}
