import { many, print, printJson } from "../lib/output";
import { harmless, tableOf } from "../lib/table";
import { inShort } from "../lib/time";
import { atOnce } from "../pulumi/at-once";
import { stateIn } from "../state/stack-state";
import { cloudOf } from "./account";
import type { Belongings } from "./cloud";
import { Place, type PlaceFlags } from "./place";
import { recordOf, type PreviewRecord } from "./record";
import { stackOf } from "./pull-request";

export interface ListFlags extends PlaceFlags {
  json?: true;
}

/** What `list` says of one preview. Times are RFC 3339. */
export interface Row {
  pullRequest: number;
  stack: string;
  url: string | null;
  /** `scheduled`: it has schedules alone, whose VMs come and go. `orphaned`: no stack knows of it. */
  state: "running" | "asleep" | "scheduled" | "failed" | "empty" | "orphaned";
  sha: string | null;
  created: string | null;
  expires: string | null;
  expired: boolean;
  usage: { vms: number; asleep: number; workspaces: number; urls: number; schedules: number };
  error: string | null;
}

export async function list(flags: ListFlags): Promise<void> {
  await Place.open(flags, async (place) => {
    const rows = await rowsOf(place, Date.now());
    if (flags.json) printJson(rows);
    else if (rows.length === 0) print("There are no previews.\n");
    else print(listed(rows, Date.now()));
  });
}

async function rowsOf(place: Place, now: number): Promise<Row[]> {
  const { previews, unreadable, known } = await place.previews();
  const cloud = await (await cloudOf(place, previews)).previews();
  const rows: Row[] = [];
  await atOnce(previews, async ({ pullRequest, stack, tags }) => {
    const record = recordOf(tags);
    const error = record.error ?? (await errorOf(place, stack));
    rows.push(rowOf(pullRequest, { ...record, error }, cloud.get(pullRequest), now));
  });
  for (const { pullRequest, error } of unreadable)
    rows.push(rowOf(pullRequest, { error: error.message }, cloud.get(pullRequest), now));
  for (const [pullRequest, belongings] of cloud)
    if (!known.has(pullRequest)) rows.push({ ...rowOf(pullRequest, {}, belongings, now), state: "orphaned" });
  return rows.sort((one, other) => one.pullRequest - other.pullRequest);
}

export function rowOf(
  pullRequest: number,
  { created, error, expires, sha, url }: Partial<PreviewRecord>,
  belongings: Belongings | undefined,
  now: number,
): Row {
  const { jobs = [], workspaces = [], aliases = [], crons = [] } = belongings ?? {};
  const asleep = jobs.filter(({ status }) => status === "sleeping").length;
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  const running =
    jobs.length > 0
      ? asleep === jobs.length
        ? "asleep"
        : "running"
      : crons.length > 0
        ? "scheduled"
        : "empty";
  return {
    pullRequest,
    stack: stackOf(pullRequest),
    url: url ?? null,
    state: error === undefined ? running : "failed",
    sha: sha ?? null,
    created: iso(created),
    expires: iso(expires),
    expired: expires !== undefined && expires <= now,
    usage: {
      vms: jobs.length,
      asleep,
      workspaces: workspaces.length,
      urls: aliases.length,
      schedules: crons.length,
    },
    error: error ?? null,
  };
}

/** What the engine has noted of resources that did not come up, or why that cannot be read. */
async function errorOf(place: Place, stack: string): Promise<string | undefined> {
  try {
    const { everything } = stateIn(await place.export(stack));
    return everything.flatMap(({ initErrors }) => initErrors)[0]?.split("\n")[0];
  } catch (error) {
    return (error as Error).message;
  }
}

const COLUMNS = ["PR", "STATE", "AGE", "EXPIRES", "USES", "URL"].map((title) => ({ title }));

/** What people read. URLs and errors are a program's, and must not move the cursor. */
export function listed(rows: readonly Row[], now: number): string {
  const lines = rows.map((row) => [
    `#${row.pullRequest}`,
    row.state,
    row.created === null ? "?" : inShort(now - Date.parse(row.created)),
    row.expires === null ? "?" : row.expired ? "over" : `in ${inShort(Date.parse(row.expires) - now)}`,
    usageOf(row.usage),
    harmless(row.url ?? ""),
  ]);
  const errors = rows.flatMap(({ error, pullRequest }) =>
    error === null ? [] : [`#${pullRequest}: ${harmless(error)}`],
  );
  return [...tableOf(COLUMNS, lines), ...(errors.length > 0 ? ["", ...errors] : []), ""].join("\n");
}

function usageOf({ vms, workspaces, schedules }: Row["usage"]): string {
  const parts = [
    ...(vms > 0 ? [many(vms, "VM")] : []),
    ...(workspaces > 0 ? [many(workspaces, "workspace")] : []),
    ...(schedules > 0 ? [many(schedules, "schedule")] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "nothing";
}
