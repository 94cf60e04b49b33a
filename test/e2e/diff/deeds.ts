import { readFileSync } from "node:fs";
import type { EmulatorSnapshot, RecordedCall } from "../../../emulator";
import type { StateResource } from "../support/project";

/** All that was seen of one deploy. */
export interface Seen {
  /** The engine's own event log. */
  readonly events: string;
  readonly calls: readonly RecordedCall[];
  readonly before: { readonly state: readonly StateResource[]; readonly cloud: EmulatorSnapshot };
  readonly after: { readonly state: readonly StateResource[]; readonly cloud: EmulatorSnapshot };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly urn?: string; readonly id?: string };
}

/** What a deploy has done to each resource, as `path action`: by the steps of the engine and the calls to the cloud. */
export function deedsOf(seen: Seen): string[] {
  const byUrn = new Map<string, Set<string>>();
  for (const { op, urn } of stepsIn(seen.events)) byUrn.set(urn, (byUrn.get(urn) ?? new Set()).add(op));
  const known = new Map(seen.before.state.map((resource) => [resource.urn, resource]));
  const sameAs = new Map(seen.before.state.filter(isOurs).map((resource) => [keyOf(resource), resource]));
  const deeds: string[] = [];
  for (const [urn, ops] of byUrn) {
    const now = seen.after.state.find((resource) => resource.urn === urn);
    const was = known.get(urn) ?? (now && !ops.has("create") ? sameAs.get(keyOf(now)) : undefined);
    const action = actionOf(ops, was, now, seen);
    const isRenamed = was !== undefined && was.urn !== urn;
    if (action !== undefined) deeds.push(`${pathOf(urn)} ${action}${isRenamed ? ", renamed" : ""}`);
    else if (isRenamed) deeds.push(`${pathOf(urn)} rename`);
  }
  return deeds;
}

function stepsIn(events: string): Step[] {
  return readFileSync(events, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, { metadata?: Step }>)
    .flatMap((event) => (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata ?? [])
    .filter(({ urn }) => isMags(urn));
}
