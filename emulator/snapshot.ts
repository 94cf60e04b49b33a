import type { RecordedCall } from "./calls";
import type { Cloud } from "./cloud";
import { urlOf } from "./cloud";
import { nextFire } from "./lifecycle/scheduler";
import type { Alias, CronJob, Job, Workspace } from "./model";
import { isActive } from "./model";

/** Complete state, write-only fields included: for assertions in tests. */
export interface EmulatorSnapshot {
  /** Newest first. */
  jobs: Job[];
  workspaces: Workspace[];
  aliases: (Alias & { url: string })[];
  crons: CronJob[];
}

/** State of one account, or of all, as an independent copy. */
export function snapshot(cloud: Cloud, account?: number): EmulatorSnapshot {
  const { state } = cloud;
  const accounts = account === undefined ? state.accounts.map(({ index }) => index) : [account];
  return structuredClone({
    jobs: accounts.flatMap((index) => state.jobsOf(index)),
    workspaces: accounts.flatMap((index) => state.workspacesOf(index)),
    aliases: accounts.flatMap((index) =>
      state.aliasesOf(index).map((alias) => ({ ...alias, url: urlOf(cloud, alias.subdomain) })),
    ),
    crons: accounts.flatMap((index) => state.cronsOf(index)),
  });
}

/** What the page shows. No token, no environment, no script. */
export interface PageState {
  now: string;
  mode: string;
  notes: readonly string[];
  pool: { busy: number; waiting: number };
  vms: {
    account: number;
    name: string;
    requestId: string;
    vmId?: string;
    /** The status, or `stopping`. */
    state: string;
    url?: string;
    ports: number[];
    workspaceId?: string;
    diskGb: number;
    noSleep: boolean;
    persistent: boolean;
    exitCode?: number;
    startedAt?: string;
    endedAt?: string;
    /** Last lines of the log. */
    log: string[];
  }[];
  workspaces: { account: number; workspaceId: string; lastSyncedAt?: string; activeJob?: string }[];
  aliases: {
    account: number;
    subdomain: string;
    domain: string;
    url: string;
    workspaceId: string;
    port?: number;
    /** Name of the job that answers now. */
    target?: string;
    state: "answers" | "no active job" | "no access" | "workspace deleted";
  }[];
  crons: {
    account: number;
    id: string;
    name: string;
    cronExpression: string;
    enabled: boolean;
    workspaceId?: string;
    lastRunAt?: string;
    /** The next fires, at most three. */
    nextRuns: string[];
  }[];
  /** The last calls, newest first. */
  calls: { at: string; account: number; method: string; path: string; status: number; fault?: string }[];
}

/** Ended jobs, log lines and calls that the page shows. */
const ENDED_JOBS = 50;
const LOG_LINES = 12;
const CALLS = 50;

/** Collects what the page shows. */
export function pageState(
  cloud: Cloud,
  calls: readonly RecordedCall[],
  pool: { busy: number; waiting: number },
): PageState {
  const { state } = cloud;
  const iso = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : new Date(at).toISOString();
  const accounts = state.accounts.map(({ index }) => index);
  const jobs = accounts.flatMap((index) => {
    const all = state.jobsOf(index);
    return [...all.filter(isActive), ...all.filter((job) => !isActive(job)).slice(0, ENDED_JOBS)];
  });
  return {
    now: new Date(cloud.clock.now()).toISOString(),
    mode: cloud.runtime.mode,
    notes: cloud.runtime.notes,
    pool,
    vms: jobs.map((job) => ({
      account: job.account,
      name: job.name,
      requestId: job.requestId,
      vmId: job.vmId,
      state: job.stopping ? "stopping" : job.status,
      url: job.ports.length > 0 && job.subdomain !== undefined ? urlOf(cloud, job.subdomain) : undefined,
      ports: [...job.ports],
      workspaceId: job.workspaceId,
      diskGb: job.diskGb,
      noSleep: job.noSleep,
      persistent: job.persistent,
      exitCode: job.exitCode,
      startedAt: iso(job.startedAt),
      endedAt: iso(job.endedAt),
      log: state
        .logs(job.requestId)
        .slice(-LOG_LINES)
        .map((line) => line.message),
    })),
    workspaces: accounts.flatMap((index) =>
      state.workspacesOf(index).map((workspace) => ({
        account: index,
        workspaceId: workspace.workspaceId,
        lastSyncedAt: iso(workspace.lastSyncedAt),
        activeJob: state.activeByWorkspace(index, workspace.workspaceId)?.name,
      })),
    ),
    aliases: accounts.flatMap((index) =>
      state.aliasesOf(index).map((alias) => {
        const job =
          state.activeByWorkspace(index, alias.workspaceId) ?? state.activeByName(index, alias.workspaceId);
        const reachable = job !== undefined && (alias.port === undefined || job.ports.includes(alias.port));
        return {
          account: index,
          subdomain: alias.subdomain,
          domain: alias.domain,
          url: urlOf(cloud, alias.subdomain),
          workspaceId: alias.workspaceId,
          port: alias.port ?? job?.ports.at(-1),
          target: alias.broken ? undefined : job?.name,
          state: alias.broken
            ? ("workspace deleted" as const)
            : job === undefined
              ? ("no active job" as const)
              : reachable && job.ports.length > 0
                ? ("answers" as const)
                : ("no access" as const),
        };
      }),
    ),
    crons: accounts.flatMap((index) =>
      state.cronsOf(index).map((cron) => ({
        account: index,
        id: cron.id,
        name: cron.name,
        cronExpression: cron.cronExpression,
        enabled: cron.enabled,
        workspaceId: cron.workspaceId,
        lastRunAt: iso(cron.lastRunAt),
        nextRuns: cron.enabled ? upcoming(cron, cloud.clock.now()) : [],
      })),
    ),
    calls: calls
      .slice(-CALLS)
      .reverse()
      .map((call) => ({
        at: new Date(call.at).toISOString(),
        account: call.account,
        method: call.method,
        path: call.path,
        status: call.status,
        fault: call.fault,
      })),
  };
}

function upcoming(cron: CronJob, now: number): string[] {
  const fires: string[] = [];
  for (let at: number | undefined = now; fires.length < 3;) {
    at = nextFire(cron.cronExpression, at);
    if (at === undefined) break;
    fires.push(new Date(at).toISOString());
  }
  return fires;
}
