import { readFileSync } from "node:fs";
import type { EmulatorSnapshot, RecordedCall } from "../../../emulator";
import type { StateResource } from "../support/project";

/** All that was seen of one deploy. */
export interface Seen {
  /** The engine's own log of events. */
  readonly events: string;
  readonly calls: readonly RecordedCall[];
  readonly before: There;
  readonly after: There;
}

export interface There {
  readonly state: readonly StateResource[];
  readonly cloud: EmulatorSnapshot;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly urn?: string } | null;
}

/**
 * What a deploy has done to each resource, as `path action`: by the steps that the engine took, and where that is an
 * update, by the calls to the cloud. What stayed as it was has to have had no call at all.
 */
export function deedsOf(seen: Seen): string[] {
  const steps = new Map<string, Step[]>();
  for (const step of stepsIn(seen.events)) steps.set(step.urn, [...(steps.get(step.urn) ?? []), step]);
  // What is renamed and replaced is deleted under its former name.
  const replaced = new Set(
    [...steps.values()]
      .flat()
      .flatMap(({ op, urn, old }) => (op === "replace" && old?.urn !== urn ? old?.urn : [])),
  );
  return [...steps]
    .filter(([urn]) => !replaced.has(urn))
    .flatMap(([urn, taken]) => deedOf(urn, taken, seen) ?? [])
    .sort();
}

function stepsIn(file: string): Step[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { resourcePreEvent } = JSON.parse(line) as { resourcePreEvent?: { metadata: Step } };
      return resourcePreEvent?.metadata ?? [];
    })
    .filter(({ urn }) => urn.includes("dynamic/mags:"));
}

function deedOf(urn: string, steps: readonly Step[], seen: Seen): string | undefined {
  const ops = new Set(steps.map(({ op }) => op));
  const formerUrn = steps.map(({ old }) => old?.urn).find((one) => one !== undefined) ?? urn;
  const old = seen.before.state.find((resource) => resource.urn === formerUrn);
  const now = seen.after.state.find((resource) => resource.urn === urn);
  const renamed = formerUrn === urn ? "" : ", renamed";
  const path = pathOf(urn);
  if (ops.has("replace")) {
    const isKept = nameOf(old) !== nameOf(now) && isThere(old!, seen.after.cloud);
    return `${path} replace${isKept ? ", the old one kept" : ""}${renamed}`;
  }
  if (ops.has("create")) return `${path} create`;
  if (ops.has("delete")) return `${path} ${isThere(old!, seen.after.cloud) ? "forget" : "delete"}`;
  if (!now) throw new Error(`${path} is gone, and the engine says ${[...ops].join(", ")}`);
  const change = changeBy(now, seen);
  if (ops.has("update")) return `${path} ${change ?? "local"}${renamed}`;
  if (change !== undefined) return `${path} ${change} although the engine says ${[...ops].join(", ")}`;
  return renamed === "" ? undefined : `${path} rename`;
}

/** By the calls that were about a resource, what was changed in the cloud. */
function changeBy(resource: StateResource, { calls, before, after }: Seen): string | undefined {
  const name = nameOf(resource);
  const said = (route: string, key: string, isIt: (value: string) => boolean) =>
    calls.filter(({ body, ...call }) => {
      const value = (body as Record<string, unknown> | undefined)?.[key];
      return call.route === route && typeof value === "string" && isIt(value);
    });
  const submitted = (isIt: (name: string) => boolean) => said("POST /mags-jobs", "name", isIt);
  switch (resource.type.split(":").at(-1)) {
    case "Job": {
      const ids = [...before.cloud.jobs, ...after.cloud.jobs]
        .filter((job) => job.name === name)
        .map(({ requestId }) => requestId);
      const about = (...routes: string[]) =>
        calls.some(({ path, route }) => routes.includes(route) && ids.some((id) => path.includes(id)));
      const [again] = submitted((one) => one === name);
      if (again) {
        const { disk_gb = 2 } = again.body as { disk_gb?: number };
        const { diskGb } = before.cloud.jobs.find((job) => job.name === name)!;
        return about("POST /mags-jobs/{id}/stop") ? (disk_gb > diskGb ? "resize" : "restart") : "start";
      }
      return about("PATCH /mags-jobs/{id}", "POST /mags-jobs/{id}/access") ? "patch" : undefined;
    }
    case "UrlAlias": {
      const isGone = calls.some(
        ({ path, route }) => route === "DELETE /mags-url-aliases/{subdomain}" && path.includes(`/${name}`),
      );
      const isMade = said("POST /mags-url-aliases", "subdomain", (one) => one === name).length > 0;
      return isGone && isMade ? "repoint" : isGone || isMade ? "half a repoint" : undefined;
    }
    case "CronJob":
      return calls.some(
        ({ path, route }) => route === "PATCH /mags-cron/{id}" && path.endsWith(`/${resource.id}`),
      )
        ? "patch"
        : undefined;
    case "Run": {
      const own = submitted((one) => one.startsWith(`${name}-`));
      const inside = said("POST /mags-jobs/{id}/exec", "command", (one) =>
        one.includes(`/.mags-runs/${name}-`),
      );
      return own.length + inside.length > 0 ? "rerun" : undefined;
    }
    default:
      return submitted((one) => one === `${name}-setup`).length > 0 ? "setup" : undefined;
  }
}

function isThere(resource: StateResource, { jobs, workspaces, aliases, crons }: EmulatorSnapshot): boolean {
  const name = nameOf(resource);
  switch (resource.type.split(":").at(-1)) {
    case "Job":
      return jobs.some((job) => job.name === name && ["pending", "running", "sleeping"].includes(job.status));
    case "Workspace":
      return workspaces.some(({ workspaceId }) => workspaceId === name);
    case "UrlAlias":
      return aliases.some(({ subdomain }) => subdomain === name);
    case "CronJob":
      return crons.some(({ id }) => id === resource.id);
    default:
      return false;
  }
}

function nameOf(resource: StateResource | undefined): unknown {
  return resource?.inputs?.name ?? resource?.inputs?.subdomain;
}

function pathOf(urn: string): string {
  return urn.split("::").at(-1)!;
}
