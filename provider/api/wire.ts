/**
 * The shapes on the wire. Requests use the API's own names; answers are read tolerantly, since the contract
 * is sure of few fields, and turned into our names here, once.
 */

/** Body of POST /mags-jobs. `vcpus` and `memory_mb` exist on v2 only (observed). */
export interface JobRequest {
  script: string;
  type: "inline";
  persistent: boolean;
  no_sleep?: boolean;
  no_sync?: boolean;
  name?: string;
  workspace_id?: string;
  base_workspace_id?: string;
  startup_command?: string;
  environment?: Record<string, string>;
  file_ids?: string[];
  disk_gb?: number;
  rootfs_type?: string;
  vcpus?: number;
  memory_mb?: number;
}

export interface JobPatch {
  startup_command?: string;
  no_sleep?: boolean;
}

export interface CronRequest {
  name: string;
  cron_expression: string;
  script: string;
  persistent: boolean;
  workspace_id?: string;
  environment?: Record<string, string>;
}

export type CronPatch = Partial<CronRequest> & { enabled?: boolean };

/** A job as the list shows it, and the status call in more detail. Every field but `status` may be missing. */
export interface JobView {
  requestId: string;
  name?: string;
  workspaceId?: string;
  status: string;
  vmId?: string;
  subdomain?: string;
  url?: string;
  exitCode?: number;
  createdAt?: string;
  startedAt?: string;
}

export interface WorkspaceView {
  workspaceId: string;
}

/** `port` exists on v2 only (observed). */
export interface AliasRequest {
  subdomain: string;
  domain: string;
  workspaceId: string;
  port?: number;
}

export interface AliasView {
  id?: string;
  subdomain: string;
  domain?: string;
  workspaceId?: string;
  url?: string;
}

export interface CronView {
  id: string;
  name?: string;
  cronExpression?: string;
  script?: string;
  workspaceId?: string;
  persistent?: boolean;
  enabled?: boolean;
  lastRunAt?: string;
  nextRunAt?: string;
}

export interface AccessView {
  url?: string;
  subdomain?: string;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface Page<T> {
  items: T[];
  total?: number;
}

type Json = Record<string, unknown>;

export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function integer(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function jobFromWire(value: unknown, requestId?: string): JobView {
  const job = asObject(value);
  return {
    requestId: text(job.request_id) ?? text(job.id) ?? requestId ?? "",
    name: text(job.name),
    workspaceId: text(job.workspace_id),
    status: text(job.status) ?? "unknown",
    vmId: text(job.vm_id),
    subdomain: text(job.subdomain),
    url: text(job.url),
    exitCode: integer(job.exit_code),
    createdAt: text(job.created_at),
    startedAt: text(job.started_at),
  };
}

export function workspaceFromWire(value: unknown): WorkspaceView {
  if (typeof value === "string") return { workspaceId: value };
  const workspace = asObject(value);
  return { workspaceId: text(workspace.workspace_id) ?? text(workspace.id) ?? "" };
}

export function aliasFromWire(value: unknown): AliasView {
  const alias = asObject(value);
  return {
    id: text(alias.id),
    subdomain: text(alias.subdomain) ?? "",
    domain: text(alias.domain) ?? domainOf(text(alias.url), text(alias.subdomain)),
    workspaceId: text(alias.workspace_id),
    url: text(alias.url),
  };
}

export function cronFromWire(value: unknown): CronView {
  const cron = asObject(value);
  return {
    id: text(cron.id) ?? "",
    name: text(cron.name),
    cronExpression: text(cron.cron_expression),
    // An empty text is a value here: it is what clearing a field leaves.
    script: typeof cron.script === "string" ? cron.script : undefined,
    workspaceId: typeof cron.workspace_id === "string" ? cron.workspace_id : undefined,
    persistent: boolean(cron.persistent),
    enabled: boolean(cron.enabled),
    lastRunAt: text(cron.last_run_at),
    nextRunAt: text(cron.next_run_at),
  };
}

export function accessFromWire(value: unknown): AccessView & { success: boolean; error?: string } {
  const access = asObject(value);
  return {
    success: access.success !== false,
    error: text(access.error) ?? text(asObject(access.error).message),
    url: text(access.url),
    subdomain: text(access.subdomain) ?? subdomainOf(text(access.url)),
  };
}

export function execFromWire(value: unknown): ExecResult {
  const result = asObject(value);
  return {
    exitCode: integer(result.exit_code) ?? -1,
    stdout: typeof result.stdout === "string" ? result.stdout : "",
    stderr: typeof result.stderr === "string" ? result.stderr : "",
  };
}

/** `logs[]` holds objects with a `message`; plain strings may be mixed in (observed). */
export function logsFromWire(value: unknown): string[] {
  const logs = asObject(value).logs;
  if (!Array.isArray(logs)) return [];
  return logs.map((line) => (typeof line === "string" ? line : String(asObject(line).message ?? "")));
}

/** The list under `key`, else a bare array, else the first array in the envelope (envelopes are not all recorded). */
export function listFromWire<T>(
  value: unknown,
  key: string,
  item: (value: unknown) => T,
): Page<T> | undefined {
  const envelope = asObject(value);
  const list = Array.isArray(value)
    ? value
    : key in envelope
      ? envelope[key]
      : Object.values(envelope).find(Array.isArray);
  // A list that is null means empty in many a Go server; one that is absent means we do not understand.
  if (list === null) return { items: [], total: integer(envelope.total) };
  if (!Array.isArray(list)) return undefined;
  return { items: list.map(item), total: integer(envelope.total) };
}

function subdomainOf(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.split(".")[0];
}

function domainOf(url: string | undefined, subdomain: string | undefined): string | undefined {
  if (!url || !subdomain || !URL.canParse(url)) return undefined;
  const host = new URL(url).hostname;
  return host.startsWith(`${subdomain}.`) ? host.slice(subdomain.length + 1) : undefined;
}
