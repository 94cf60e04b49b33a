import { ApiError, MalformedAnswerError, isConflictText, isNotFound } from "./errors";
import * as errors from "../errors";
import type { Transport } from "./transport";
import * as wire from "./wire";

/** The largest page the API is assumed to give. */
export const PAGE_SIZE = 50;

/** On v2 bodies may hold `vcpus` and `memory_mb`, aliases a `port`, and names stand for request ids (observed). */
export type ApiVersion = "v1" | "v2";

/** The usual limit is for short answers; a large file on a slow line takes longer to send. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 500;

/** One typed method per route of the Mags API, nothing more: no waiting, no searching, no policy. */
export class MagsClient {
  constructor(readonly transport: Transport) {}

  /** Submits a job. The `accepted` in the answer is an acknowledgement, not a job status. */
  async createJob(body: wire.JobRequest): Promise<{ requestId: string }> {
    const version: ApiVersion = body.vcpus !== undefined || body.memory_mb !== undefined ? "v2" : "v1";
    const path = api(version, "mags-jobs");
    const answer = wire.asObject(await this.post(path, body));
    const requestId = wire.text(answer.request_id);
    // v2 reports a failure inside a success: a message and no request id (observed).
    if (!requestId && wire.text(answer.message)) {
      const serverMessage = this.transport.redact(String(answer.message));
      const status = isConflictText(serverMessage) ? 409 : 422;
      throw new ApiError({ method: "POST", path, status, serverMessage });
    }
    if (!requestId) throw new MalformedAnswerError("POST", path, "no request_id");
    return { requestId };
  }

  async jobStatus(id: string): Promise<wire.JobView> {
    return wire.jobFromWire(await this.get(api("v1", "mags-jobs", id, "status")), id);
  }

  /** The status, or undefined when the API says 404. A 404 alone does not prove that a job is gone. */
  async findJobStatus(id: string): Promise<wire.JobView | undefined> {
    return ifFound(() => this.jobStatus(id));
  }

  async jobLogs(id: string): Promise<wire.LogEntry[]> {
    const entries = wire.logsFromWire(await this.get(api("v1", "mags-jobs", id, "logs")));
    return entries.map((entry) => ({ ...entry, message: this.transport.redact(entry.message) }));
  }

  async listJobs(page: number, pageSize = PAGE_SIZE): Promise<wire.Page<wire.JobView>> {
    return this.list(`${api("v1", "mags-jobs")}?page=${page}&page_size=${pageSize}`, "jobs", (item) =>
      wire.jobFromWire(item),
    );
  }

  /** Enables HTTP access on a port. Repeating it is safe (observed). */
  async enableAccess(id: string, port: number): Promise<wire.AccessView> {
    const path = api("v1", "mags-jobs", id, "access");
    const access = wire.accessFromWire(await this.post(path, { port }, { repeatable: true }));
    if (!access.success) {
      throw new ApiError({
        method: "POST",
        path,
        status: 422,
        serverMessage: access.error ?? "access was refused",
      });
    }
    return access;
  }

  async patchJob(id: string, patch: wire.JobPatch): Promise<void> {
    await this.patch(api("v1", "mags-jobs", id), patch);
  }

  /** Asynchronous: the name is free only some seconds later (observed). */
  async stopJob(id: string): Promise<void> {
    await this.post(api("v1", "mags-jobs", id, "stop"), undefined, { repeatable: true });
  }

  /** The workspace is in S3 when this answers below 400 (assumed, as the vendor's client does). */
  async syncJob(id: string): Promise<void> {
    await this.post(api("v1", "mags-jobs", id, "sync"), undefined, { repeatable: true });
  }

  /**
   * @param timeoutSeconds limit of the command; the request waits 10 s longer (recorded by the vendor's client)
   * @param repeatable true when running the command twice does no more than running it once
   */
  async exec(id: string, command: string, timeoutSeconds = 30, repeatable = false): Promise<wire.ExecResult> {
    const path = api("v1", "mags-jobs", id, "exec");
    const timeoutMs = (timeoutSeconds + 10) * 1000;
    const body = { command, timeout: timeoutSeconds };
    const { exitCode, stdout, stderr } = wire.execFromWire(
      await this.post(path, body, { repeatable, timeoutMs }),
    );
    return { exitCode, stdout: this.transport.redact(stdout), stderr: this.transport.redact(stderr) };
  }

  async uploadFile(name: string, content: Buffer): Promise<string> {
    const path = api("v1", "mags-files");
    const timeoutMs = this.transport.timeoutMs + Math.ceil(content.length / SLOWEST_UPLOAD_BYTES_PER_MS);
    // A second upload only makes a second, unreferenced file.
    const answer = wire.asObject(
      await this.transport.request({
        method: "POST",
        path,
        file: { name, content },
        timeoutMs,
        repeatable: true,
      }),
    );
    const id = wire.text(answer.file_id);
    if (!id) throw new MalformedAnswerError("POST", path, "no file_id");
    return id;
  }

  async listWorkspaces(): Promise<wire.Page<wire.WorkspaceView>> {
    return this.list(api("v1", "mags-workspaces"), "workspaces", wire.workspaceFromWire);
  }

  async deleteWorkspace(id: string): Promise<void> {
    await this.delete(api("v1", "mags-workspaces", id));
  }

  async createAlias({ subdomain, workspaceId, domain, port }: wire.AliasRequest): Promise<wire.AliasView> {
    const version: ApiVersion = port === undefined ? "v1" : "v2";
    const body = { subdomain, workspace_id: workspaceId, domain, ...(port === undefined ? {} : { port }) };
    return wire.aliasFromWire(await this.post(api(version, "mags-url-aliases"), body));
  }

  async listAliases(): Promise<wire.Page<wire.AliasView>> {
    return this.list(api("v1", "mags-url-aliases"), "aliases", wire.aliasFromWire);
  }

  /** The route takes no domain, so it is ambiguous when two domains hold the same subdomain. */
  async deleteAlias(subdomain: string): Promise<void> {
    await this.delete(api("v1", "mags-url-aliases", subdomain));
  }

  async createCron(body: wire.CronRequest): Promise<wire.CronView> {
    const path = api("v1", "mags-cron");
    const cron = wire.cronFromWire(await this.post(path, body));
    if (!cron.id) throw new MalformedAnswerError("POST", path, "no id");
    return cron;
  }

  async getCron(id: string): Promise<wire.CronView> {
    const answer = wire.asObject(await this.get(api("v1", "mags-cron", id)));
    return { ...wire.cronFromWire(answer), id };
  }

  async findCron(id: string): Promise<wire.CronView | undefined> {
    return ifFound(() => this.getCron(id));
  }

  async listCrons(): Promise<wire.Page<wire.CronView>> {
    return this.list(api("v1", "mags-cron"), "cron_jobs", wire.cronFromWire);
  }

  async patchCron(id: string, patch: wire.CronPatch): Promise<void> {
    await this.patch(api("v1", "mags-cron", id), patch);
  }

  async deleteCron(id: string): Promise<void> {
    await this.delete(api("v1", "mags-cron", id));
  }

  async usage(windowDays = 30): Promise<Record<string, unknown>> {
    return wire.figuresFromWire(
      await this.get(`${api("v1", "mags-jobs", "usage")}?window_days=${windowDays}`),
    );
  }

  async poolStatus(): Promise<Record<string, unknown>> {
    return wire.figuresFromWire(await this.get(api("v1", "mags-jobs", "pool-status")));
  }

  private get(path: string): Promise<unknown> {
    return this.transport.request({ method: "GET", path, repeatable: true });
  }

  private post(
    path: string,
    body: unknown,
    options: { repeatable?: boolean; timeoutMs?: number } = {},
  ): Promise<unknown> {
    const { repeatable = false, timeoutMs } = options;
    return this.transport.request({ method: "POST", path, body, repeatable, timeoutMs });
  }

  private patch(path: string, body: unknown): Promise<unknown> {
    return this.transport.request({ method: "PATCH", path, body, repeatable: true });
  }

  private delete(path: string): Promise<unknown> {
    return this.transport.request({ method: "DELETE", path, repeatable: true });
  }

  private async list<T>(path: string, key: string, item: (value: unknown) => T): Promise<wire.Page<T>> {
    const page = wire.listFromWire(await this.get(path), key, item);
    if (!page) throw new MalformedAnswerError("GET", path, `no list named ${key}`);
    return page;
  }
}

/** The vendor's client puts ids into paths unescaped; ours never does. */
function api(version: ApiVersion, ...segments: string[]): string {
  return `/api/${version}/${segments.map(escaped).join("/")}`;
}

function escaped(segment: string): string {
  // No escape keeps these from being taken for a step in the path, or for none.
  if (segment === "" || segment === "." || segment === "..") throw errors.idUnusable(segment);
  return encodeURIComponent(segment);
}

async function ifFound<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
