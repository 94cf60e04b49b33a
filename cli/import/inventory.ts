import { defined } from "../../provider/api/defined";
import type { CronView, JobView } from "../../provider/api/wire";
import type { Values } from "../../provider/schema/fields";
import { setupJobName } from "../../provider/schema/workspace";
import type { Connection } from "../account/connect";
import { listsOf, type ListedAlias } from "../account/lists";
import { compare } from "../lib/compare";
import type { ListedKind } from "../account/kinds";

/** One thing in an account, in the terms of the field tables. */
export interface Found {
  readonly kind: ListedKind;
  /** What it is called in the cloud. */
  readonly name: string;
  /** What Pulumi knows it by. */
  readonly id: string;
  /** The inputs that the API shows, and no other. */
  readonly shown: Values;
  /** Outputs beyond the inputs. */
  readonly outputs: Values;
  /** A VM of a job that answers on some port, which the API does not tell. */
  readonly isOpen?: boolean;
}

/** What cannot become a resource, and why. */
export interface LeftOut {
  readonly kind: ListedKind;
  readonly name: string;
  readonly why: string;
}

export interface Inventory {
  readonly found: readonly Found[];
  readonly leftOut: readonly LeftOut[];
  /** How many jobs have ended: they are a history, and nothing to manage. */
  readonly endedJobs: number;
}

/** Lists all that is in an account, and sorts out what can become a resource. */
export async function takeInventory(connection: Connection): Promise<Inventory> {
  const lists = await listsOf(connection, connection.settings);
  const active = await Promise.all(lists.active.map((job) => inDetail(connection, job)));
  const leftOut: LeftOut[] = [];
  const found: Found[] = [
    ...lists.workspaces.map(({ workspaceId }) => workspaceFound(workspaceId)),
    ...jobsFound(active, leftOut),
    ...aliasesFound(lists.aliases, leftOut),
    ...cronsFound(lists.crons, leftOut),
  ];
  return { found, leftOut, endedJobs: lists.ended.length };
}

/** The list need not have everything (only the status is sure), and what it lacks the job itself may tell. */
async function inDetail({ client }: Connection, job: JobView): Promise<JobView> {
  if (job.name !== undefined && job.workspaceId !== undefined) return job;
  const status = await client.findJobStatus(job.requestId);
  return status ? { ...job, ...defined(status) } : job;
}

function workspaceFound(name: string): Found {
  return { kind: "Workspace", name, id: name, shown: { name, workspaceId: name }, outputs: {} };
}

function jobsFound(jobs: readonly JobView[], leftOut: LeftOut[]): Found[] {
  const names = new Set<string>();
  // The list is newest first (assumed): of several, the oldest is the one that somebody relies on.
  return [...jobs].reverse().flatMap((job): Found[] => {
    const { requestId, workspaceId, status, vmId, subdomain } = job;
    const name = job.name ?? workspaceId;
    const leave = (why: string) => leftOut.push({ kind: "Job", name: name ?? requestId, why });
    if (name === undefined) {
      leave("it has neither a name nor a workspace, by which it could be found again after a restart");
      return [];
    }
    if (workspaceId !== undefined && name === setupJobName(workspaceId)) {
      leave("it makes a workspace, and is stopped when that is done");
      return [];
    }
    if (names.has(name)) {
      leave(`an older job has the same name; this one is request ${requestId}`);
      return [];
    }
    names.add(name);
    return [
      {
        kind: "Job",
        name,
        id: name,
        shown: defined({ name, workspaceId }),
        // What was on its disk before us is not ours to give up.
        outputs: defined({ requestId, status, vmId, subdomain, adopted: true }),
        isOpen: subdomain !== undefined || job.url !== undefined,
      },
    ];
  });
}

function aliasesFound(aliases: readonly ListedAlias[], leftOut: LeftOut[]): Found[] {
  const times = new Map<string, number>();
  for (const { subdomain } of aliases) times.set(subdomain, (times.get(subdomain) ?? 0) + 1);
  return aliases.flatMap(({ id, subdomain, domain, workspaceId }): Found[] => {
    const leave = (why: string) => leftOut.push({ kind: "UrlAlias", name: id, why });
    if (times.get(subdomain)! > 1) {
      leave(
        "there is one of the same subdomain on another domain, and the API could not tell which to delete",
      );
      return [];
    }
    if (workspaceId === undefined) {
      leave("the API does not show what it points to");
      return [];
    }
    const shown = { subdomain, domain, workspaceId };
    return [{ kind: "UrlAlias", name: subdomain, id, shown, outputs: {} }];
  });
}

function cronsFound(crons: readonly CronView[], leftOut: LeftOut[]): Found[] {
  const names = new Set<string>();
  const oldestFirst = [...crons].sort(
    (a, b) => compare(a.createdAt ?? "", b.createdAt ?? "") || compare(a.id, b.id),
  );
  return oldestFirst.flatMap((cron): Found[] => {
    const { id, name, cronExpression, script, workspaceId, persistent, enabled } = cron;
    const leave = (why: string) => leftOut.push({ kind: "CronJob", name: name ?? id, why });
    if (name === undefined || cronExpression === undefined || script === undefined) {
      leave("the API does not show its name, its expression and its script");
      return [];
    }
    if (names.has(name)) {
      leave(`an older schedule has the same name; this one is ${id}. Delete or rename one of them`);
      return [];
    }
    names.add(name);
    const shown = defined({ name, cronExpression, script, workspaceId, persistent, enabled });
    return [{ kind: "CronJob", name, id, shown, outputs: {} }];
  });
}
