import { createAlias, removeAlias } from "../api/aliases";
import { openPort, watchNew } from "../api/job-ready";
import { MalformedAnswerError } from "../api/errors";
import { publicUrl } from "../api/settings";
import type { Secret } from "../api/secret";
import type { AccessView, AliasView, JobView } from "../api/wire";
import { defined } from "../api/defined";
import { checked } from "./arguments";
import * as errors from "./errors";
import { isUsable } from "./find";
import { type Session } from "./session";

const ACCESS_TIMEOUT_MS = 60_000;
/** Time for creating or deleting an alias, a lost answer looked after. */
const ALIAS_MS = 180_000;
const SSH_PORT = 22;
const HTTP_PORT = 8080;

/** HTTP access to a port of a VM. */
export interface HttpAccess {
  success: true;
  port: number;
  /** First part of the host name; missing where the API does not show it yet. */
  subdomain?: string;
  /** URL of this VM. Another VM has another one; an alias stays. */
  url?: string;
}

/** What an SSH client needs. */
export interface SshAccess {
  success: true;
  port: 22;
  sshHost: string;
  sshPort: number;
  /** Private key in OpenSSH's format. It does not show itself: `reveal()` gives it. */
  sshPrivateKey: Secret;
}

/** A VM's own URL. */
export interface UrlResult {
  url: string;
  subdomain?: string;
  port: number;
  requestId: string;
}

interface Timeout {
  timeout?: number;
}

export async function enableAccess(
  session: Session,
  requestId: string,
  port: number | undefined,
  options: Timeout,
): Promise<HttpAccess | SshAccess> {
  const given = checked<Timeout & { port?: number }>("enableAccess", options, { requestId, port });
  const { timeout = ACCESS_TIMEOUT_MS } = given;
  const opened = await open(session, requestId, given.port ?? HTTP_PORT, timeout);
  if (given.port !== SSH_PORT) return httpAccess(session, given.port ?? HTTP_PORT, opened);
  const { ssh } = opened;
  if (!ssh)
    throw new MalformedAnswerError(
      "POST",
      `access to ${requestId}`,
      "it lacks SSH host, port or private key",
    );
  return { success: true, port: 22, sshHost: ssh.host, sshPort: ssh.port, sshPrivateKey: ssh.privateKey };
}

export async function url(
  session: Session,
  nameOrId: string,
  port: number | undefined,
  options: Timeout,
): Promise<UrlResult> {
  const given = checked<Timeout & { port?: number }>("url", options, { nameOrId, port });
  const { timeout = ACCESS_TIMEOUT_MS, port: wanted = HTTP_PORT } = given;
  const { requestId } = await session.jobs.get(nameOrId);
  const access = await open(session, requestId, wanted, timeout);
  // The answer may be incomplete while the VM settles (observed); the status has it then.
  const { subdomain, url: address } = access.subdomain
    ? access
    : { ...access, ...(await session.account.client.jobStatus(requestId)) };
  const http = httpAccess(session, wanted, { subdomain, url: address });
  if (http.url === undefined) throw errors.noUrl(nameOrId, wanted);
  return defined({ url: http.url, subdomain: http.subdomain, port: wanted, requestId });
}

/** Opens a port of a VM that is there, or just coming. */
async function open(session: Session, requestId: string, port: number, timeout: number): Promise<AccessView> {
  const task = session.task(timeout);
  const job = await present(session, requestId, timeout);
  if (!isUsable(job)) throw errors.jobNotUsable(requestId, job);
  const access = await openPort(task, { requestId }, port);
  if (port !== SSH_PORT) session.submissions.opened(requestId, port);
  return access;
}

/** The job, once its VM is shown: access to one that is not there would be asked for in vain. */
async function present(session: Session, requestId: string, timeout: number): Promise<JobView> {
  const now = await session.account.client.findJobStatus(requestId);
  if (!now && session.submissions.ageOf(requestId) === Infinity) throw errors.jobNotFound(requestId);
  if (now && now.status !== "pending") return now;
  const { job } = await watchNew(session.task(timeout), requestId, (seen) => seen.status !== "pending");
  if (!job) throw errors.jobNotFound(requestId);
  return job;
}

function httpAccess({ settings }: Session, port: number, { subdomain, url }: AccessView): HttpAccess {
  // URLs come with a domain that may not resolve (observed), so the configured one is put in its place.
  const address = subdomain === undefined ? url : publicUrl(settings, subdomain, settings.domain);
  return defined({ success: true, port, subdomain, url: address } as const);
}

export async function urlAliasCreate(
  session: Session,
  subdomain: string,
  workspaceId: string,
  domain: string | undefined,
  options: { port?: number },
): Promise<AliasView & { url: string }> {
  const given = checked<{ domain?: string; port?: number }>("urlAliasCreate", options, {
    subdomain,
    workspaceId,
    domain,
  });
  const wanted = {
    subdomain,
    workspaceId,
    domain: given.domain ?? session.settings.domain,
    port: given.port,
  };
  const outcome = await createAlias(session.task(ALIAS_MS), wanted);
  if (outcome.alias) return presentedAlias(session, outcome.alias);
  const host = `${subdomain}.${wanted.domain}`;
  throw outcome.occupant
    ? errors.aliasPointsElsewhere(host, outcome.occupant.workspaceId ?? "an unknown target")
    : errors.aliasTaken(host);
}

export async function urlAliasList(session: Session): Promise<{ aliases: AliasView[]; total: number }> {
  const aliases = await session.account.directory.aliases(0);
  return { aliases: aliases.map((alias) => presentedAlias(session, alias)), total: aliases.length };
}

export async function urlAliasDelete(session: Session, subdomain: string): Promise<void> {
  checked("urlAliasDelete", { subdomain });
  const task = session.task(ALIAS_MS);
  const same = (await task.directory.aliases(0)).filter((alias) => alias.subdomain === subdomain);
  if (same.length === 0) throw errors.aliasNotFound(subdomain);
  const domains = [...new Set(same.map((alias) => alias.domain ?? "an unknown domain"))];
  if (domains.length > 1) throw errors.aliasAmbiguous(subdomain, domains);
  await removeAlias(task, subdomain);
}

function presentedAlias({ settings }: Session, alias: AliasView): AliasView & { url: string } {
  const { subdomain, domain = settings.domain } = alias;
  return defined({ ...alias, domain, url: publicUrl(settings, subdomain, domain) });
}
