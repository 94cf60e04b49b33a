import { Secret } from "./secret";

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
  /** Id of the request: every start of a VM has another one. */
  requestId: string;
  name?: string;
  workspaceId?: string;
  /** `pending`, `running`, `sleeping`, `completed` or `error` (documented); others are taken for ended. */
  status: string;
  /** Missing until a VM is attached. */
  vmId?: string;
  /** First part of the host name of the VM's URL; missing until a port is open. */
  subdomain?: string;
  url?: string;
  exitCode?: number;
  /** How long the script ran, in milliseconds. */
  scriptDurationMs?: number;
  createdAt?: string;
  startedAt?: string;
}

/** One line of a job's log. A line that the API sends as bare text (observed) has a message alone. */
export interface LogEntry {
  /** RFC 3339, UTC. */
  timestamp?: string;
  level?: string;
  message: string;
}

export interface WorkspaceView {
  /** Name of the workspace, case-sensitive. */
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
  createdAt?: string;
  lastRunAt?: string;
  nextRunAt?: string;
}

export interface AccessView {
  url?: string;
  subdomain?: string;
  /** With port 22 only. */
  ssh?: SshCredentials;
}

export interface SshCredentials {
  host: string;
  port: number;
  privateKey: Secret;
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
    scriptDurationMs: integer(job.script_duration_ms),
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
    createdAt: text(cron.created_at),
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
    ssh: sshFromWire(access),
  };
}

function sshFromWire(access: Json): SshCredentials | undefined {
  const [host, port, key] = [text(access.ssh_host), integer(access.ssh_port), text(access.ssh_private_key)];
  if (host === undefined || port === undefined || key === undefined) return undefined;
  return { host, port, privateKey: new Secret(key) };
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
export function logsFromWire(value: unknown): LogEntry[] {
  const logs = asObject(value).logs;
  if (!Array.isArray(logs)) return [];
  return logs.map((line) => {
    if (typeof line === "string") return { message: line };
    const { timestamp, level, message } = asObject(line);
    return { timestamp: text(timestamp), level: text(level), message: String(message ?? "") };
  });
}

/** Numbers about the account or the pool, under our names; what the contract does not list is kept as it is. */
export function figuresFromWire(value: unknown): Json {
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([key, figure]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      figure,
    ]),
  );
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
