import { isActive } from "../../provider/api/job-status";
import type { Account } from "../../provider/api/account";
import { publicUrl, type Settings } from "../../provider/api/settings";
import type { JobView } from "../../provider/api/wire";
import type { ListedKind } from "../account/kinds";
import { listsOf } from "../account/lists";
import type { Owners } from "../state/owners";

/** Something in the account. What the API does not show, nor a state tells, is left out. */
export interface FleetObject {
  kind: ListedKind;
  name: string;
  /** What Pulumi knows such a resource by. */
  id: string;
  /** A job's status; of others, whether they are in use. */
  state: string;
  url?: string;
  diskGb?: number;
  /** When it was made or started, RFC 3339. */
  since?: string;
  requestId?: string;
  workspaceId?: string;
  cronExpression?: string;
  nextRunAt?: string;
  owner?: { stack: string; resource?: string; urn?: string };
}

/** What the lists of an account show at one time. */
export interface Fleet {
  objects: FleetObject[];
  /** Jobs in the account that have ended, shown or not. */
  endedJobs: number;
}

/** What the list does not tell of a job, by its request. */
export type Details = Map<string, JobView>;

/** Names of a job that was given none. */
const nameOf = (job: JobView) => job.name ?? job.workspaceId ?? job.requestId;

/** What there is, with what runs first. */
export async function readFleet(
  account: Account,
  settings: Settings,
  { all = false, maxAgeMs = 0 }: { all?: boolean; maxAgeMs?: number },
): Promise<Fleet> {
  const { active, ended, workspaces, aliases, crons } = await listsOf(account, settings, maxAgeMs);
  const busy = new Set(active.flatMap(({ workspaceId, name }) => [workspaceId, name]));
  const objects: FleetObject[] = [
    ...[...active, ...(all ? ended : [])].map((job) => ({
      kind: "Job" as const,
      name: nameOf(job),
      id: nameOf(job),
      state: job.status,
      url: job.url,
      since: job.startedAt ?? job.createdAt,
      requestId: job.requestId,
      workspaceId: job.workspaceId,
    })),
    ...workspaces.map(({ workspaceId }) => ({
      kind: "Workspace" as const,
      name: workspaceId,
      id: workspaceId,
      state: busy.has(workspaceId) ? "in use" : "free",
    })),
    ...aliases.map(({ id, subdomain, domain, workspaceId }) => ({
      kind: "UrlAlias" as const,
      name: subdomain,
      id,
      state: busy.has(workspaceId) ? "in use" : "no job",
      url: publicUrl(settings, subdomain, domain),
      workspaceId,
    })),
    ...crons.map((cron) => ({
      kind: "CronJob" as const,
      name: cron.name ?? cron.id,
      id: cron.id,
      state: cron.enabled === false ? "off" : "on",
      since: cron.createdAt,
      workspaceId: cron.workspaceId,
      cronExpression: cron.cronExpression,
      nextRunAt: cron.nextRunAt,
    })),
  ];
  return { objects: objects.sort(inOrder), endedJobs: ended.length };
}

/** What runs comes first. */
const KINDS: readonly ListedKind[] = ["Job", "Workspace", "UrlAlias", "CronJob"];
const names = new Intl.Collator("en", { numeric: true });

function inOrder(one: FleetObject, other: FleetObject): number {
  return (
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    names.compare(one.name, other.name) ||
    names.compare(one.requestId ?? one.id, other.requestId ?? other.id)
  );
}

/** Asks for what the list does not show of these jobs, unless it is known already; a job that has gone has nothing. */
export async function askDetails(
  { client }: Account,
  objects: readonly FleetObject[],
  known: Details,
): Promise<void> {
  const asked = objects.filter(({ requestId, state, url, since }) => {
    if (requestId === undefined || (url !== undefined && since !== undefined)) return false;
    const view = known.get(requestId);
    // A URL may come as long as it lives, when a port is opened.
    return view?.status !== state || (view.url === undefined && isActive({ status: state }));
  });
  await Promise.all(
    asked.map(async ({ requestId, state }) => {
      const view = await client.findJobStatus(requestId!);
      known.set(requestId!, { ...(view ?? { requestId: requestId! }), status: state });
    }),
  );
}

/** Objects with what is known of them from elsewhere. */
export function withKnown(
  objects: readonly FleetObject[],
  details: Details,
  owners: Owners | undefined,
): FleetObject[] {
  return objects.map((object) => {
    const view = object.requestId === undefined ? undefined : details.get(object.requestId);
    const owner = owners?.of(object);
    return {
      ...object,
      url: object.url ?? view?.url,
      since: object.since ?? view?.startedAt ?? view?.createdAt,
      ...(owner?.diskGb === undefined ? {} : { diskGb: owner.diskGb }),
      ...(owner && {
        owner: { stack: owner.stack, resource: owner.resource?.name, urn: owner.resource?.urn },
      }),
    };
  });
}
