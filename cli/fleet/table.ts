import { many, styled } from "../lib/output";
import { startOf, harmless, tableOf, type Column } from "../lib/table";
import { inShort } from "../lib/time";
import type { FleetObject } from "./read";

/** When there is too little room, what tells least goes first. */
const COLUMNS: readonly Column[] = [
  { title: "KIND" },
  { title: "NAME", least: 16, cut: 3 },
  { title: "STATE", least: 7, cut: 4 },
  // Its start tells one from another; what comes before that goes first.
  {
    title: "URL",
    least: 12,
    cut: 1,
    shortened: (url, width) => startOf(url.replace(/^\w+:\/\//, ""), width),
  },
  { title: "DISK", align: "right" },
  { title: "AGE", align: "right" },
  { title: "OWNER", least: 8, cut: 2 },
];

/** What an account has used, as far as the API tells. */
export interface Usage {
  totalJobs?: number;
  vmSeconds?: number;
  windowDays?: number;
}

/**
 * The table, line by line, with its head first.
 * @param span The rows to show: from one, up to another.
 */
export function fleetTable(
  objects: readonly FleetObject[],
  now: number,
  width?: number,
  span: readonly [number, number?] = [0],
): string[] {
  const among = objects.map((object) => cellsOf(object, now));
  const shown = objects.slice(...span);
  const [head = "", ...lines] = tableOf(COLUMNS, among.slice(...span), { width, among });
  return [styled("bold", head), ...lines.map((line, at) => tinted(line, shown[at]!))];
}

function cellsOf(object: FleetObject, now: number): string[] {
  return [
    object.kind,
    harmless(object.name),
    harmless(object.state),
    harmless(object.url ?? ""),
    object.diskGb === undefined ? "" : `${object.diskGb} GB`,
    object.since === undefined ? "" : inShort(now - Date.parse(object.since)),
    harmless(ownerInWords(object)),
  ];
}

/** The stack and its resource; a name alone can be mistaken. */
function ownerInWords({ owner }: FleetObject): string {
  if (owner === undefined) return "";
  return owner.resource === undefined ? `${owner.stack} (by name)` : `${owner.stack}/${owner.resource}`;
}

function tinted(line: string, { kind, state }: FleetObject): string {
  if (kind === "Job" && state === "error") return styled("red", line);
  if (kind === "Job" && state === "pending") return styled("yellow", line);
  if (kind === "Job" && state === "running") return line.replace(" running", styled("green", " running"));
  return ["sleeping", "free", "off", "no job"].includes(state) ? styled("dim", line) : line;
}

/** How many there are of each kind and state, for programs. */
export function totalsOf(objects: readonly FleetObject[], endedJobs: number, usage: Usage | undefined) {
  const byState = (kind: FleetObject["kind"]) => {
    const counts: Record<string, number> = {};
    for (const object of objects) {
      if (object.kind === kind) counts[object.state] = (counts[object.state] ?? 0) + 1;
    }
    return counts;
  };
  const disks = objects.flatMap(({ diskGb }) => (diskGb === undefined ? [] : [diskGb]));
  return {
    jobs: byState("Job"),
    workspaces: byState("Workspace"),
    urlAliases: byState("UrlAlias"),
    cronJobs: byState("CronJob"),
    endedJobs,
    knownDiskGb: disks.reduce((sum, each) => sum + each, 0),
    usage,
  };
}

/** The same for people, in a few lines. */
export function totalsInWords(totals: ReturnType<typeof totalsOf>, width = Infinity): string[] {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, each) => all + each, 0);
  const states = Object.entries(totals.jobs).map(([state, count]) => `${count} ${harmless(state)}`);
  const jobs = many(sum(totals.jobs), "job") + (states.length > 0 ? ` (${states.join(", ")})` : "");
  const parts = [
    jobs,
    many(sum(totals.workspaces), "workspace"),
    many(sum(totals.urlAliases), "alias", "aliases"),
    many(sum(totals.cronJobs), "cron job"),
  ];
  const { vmSeconds, totalJobs, windowDays } = totals.usage ?? {};
  const used = [
    vmSeconds === undefined ? [] : [vmHours(vmSeconds)],
    totalJobs === undefined ? [] : [`${many(totalJobs, "job")} started`],
  ].flat();
  const span = windowDays === undefined ? "Used" : `Last ${many(windowDays, "day")}`;
  const disk = totals.knownDiskGb > 0 ? [`Disks known: ${totals.knownDiskGb} GB.`] : [];
  const usage = [...(used.length > 0 ? [`${span}: ${used.join(", ")}.`] : []), ...disk].join(" ");
  const whole = `${parts.join(", ")}.`;
  const counts = whole.length > width ? [`${jobs},`, `${parts.slice(1).join(", ")}.`] : [whole];
  return [...counts, ...(usage === "" ? [] : [usage])].map((line) =>
    width === Infinity ? line : startOf(line, width),
  );
}

function vmHours(seconds: number): string {
  const hours = (seconds / 3_600).toLocaleString("en", { maximumFractionDigits: 1 });
  return `${hours} VM ${hours === "1" ? "hour" : "hours"}`;
}
