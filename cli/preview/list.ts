import { EXIT_CODES } from "../lib/exit-codes";
import { many, print, printJson } from "../lib/output";
import { saying } from "../lib/saying";
import { harmless, tableOf } from "../lib/table";
import { inShort } from "../lib/time";
import { atOnce } from "../pulumi/at-once";
import { stateIn } from "../state/stack-state";
import type { Belongings } from "./cloud";
import { Place, type PlaceFlags } from "./place";
import { recordOf, type PreviewRecord } from "./record";
import { stackOf } from "./pull-request";
import { survey } from "./survey";

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
    const { rows, isWhole } = await rowsOf(place, Date.now());
    if (flags.json) printJson(rows);
    else if (rows.length === 0) print("There are no previews.\n");
    else print(listed(rows, Date.now()));
    if (!isWhole) process.exitCode = EXIT_CODES.failed.code;
  });
}

/** A row for each, and whether all could be read that there is. */
async function rowsOf(place: Place, now: number): Promise<{ rows: Row[]; isWhole: boolean }> {
  const { previews, unreadable, belongings: cloud, orphans, ...found } = await survey(place);
  const rows: Row[] = [];
  let isWhole = found.isWhole && unreadable.length === 0;
  await atOnce(previews, async ({ pullRequest, stack, tags }) => {
    const record = recordOf(tags);
    try {
      const error = record.error ?? (await errorOf(place, stack));
      rows.push(rowOf(pullRequest, { ...record, error }, cloud.get(pullRequest), now));
    } catch (error) {
      isWhole = false;
      rows.push(rowOf(pullRequest, { ...record, error: saying(error) }, cloud.get(pullRequest), now));
    }
  });
  for (const { pullRequest, error } of unreadable)
    rows.push(rowOf(pullRequest, { error: error.message }, cloud.get(pullRequest), now));
  for (const [pullRequest, belongings] of orphans)
    rows.push({ ...rowOf(pullRequest, {}, belongings, now), state: "orphaned" });
  return { rows: rows.sort((one, other) => one.pullRequest - other.pullRequest), isWhole };
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

/** What the engine has noted of resources that did not come up. */
async function errorOf(place: Place, stack: string): Promise<string | undefined> {
  const { everything } = stateIn(await place.export(stack));
  return everything.flatMap(({ initErrors }) => initErrors)[0]?.split("\n")[0];
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
