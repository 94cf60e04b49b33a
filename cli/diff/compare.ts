import type { Json, Manifest, ManifestResource } from "../../constructs/manifest";
import { equal } from "../../provider/schema/diff";
import type { Effect, KindName } from "../../provider/schema/fields";
import { Known } from "./known";
import { moved } from "./moved";
import type { PropertyChange } from "./parts";
import { refusalOfDelete } from "./refusals";
import { updatesBetween } from "./updates";

/** What a deploy does with a resource: one of the effects of the field tables, or what goes beyond properties. */
export type Action = "create" | "delete" | "forget" | "rename" | Effect;

export interface ResourceChange {
  readonly path: string;
  readonly kind: KindName;
  readonly action: Action;
  readonly changes: readonly PropertyChange[];
  /** The path that it had, by a rename: it goes on as the same. */
  readonly renamedFrom?: string;
  /** Why a deploy will not do it. */
  readonly refused?: string;
  /** Files are lost, which the program allows. */
  readonly losesFiles?: true;
  /** The one that it is replaced by leaves the state, and stays in the cloud, by its removal policy. */
  readonly keepsOld?: true;
  /** What is replaced, where that is the reason and its own properties are not. */
  readonly because?: string;
  /** The path of a resource that goes, and is otherwise the same. */
  readonly looksLike?: string;
}

/**
 * What a deploy of one manifest over another would do, by the provider's own field tables, diff and guards. What no
 * manifest shows, secrets and Outputs, is not compared.
 */
export function compare(before: Manifest, after: Manifest): ResourceChange[] {
  const { manifest: recorded, formerly } = moved(before, after);
  const isKept = (path: string) => recorded.resources[path]?.kind === after.resources[path]?.kind;
  const kept = Object.keys(after.resources).filter(isKept);
  const gone = Object.keys(recorded.resources).filter((path) => !isKept(path));
  const come = Object.keys(after.resources).filter((path) => !isKept(path));
  const updates = updatesBetween(new Known(recorded, undefined, formerly), after, isKept);
  const found = [
    ...gone.map((path) => deleted(path, recorded.resources[path]!)),
    ...come.map((path): ResourceChange => ({
      path,
      kind: after.resources[path]!.kind,
      action: "create",
      changes: [],
    })),
    ...kept.flatMap((path) => named(updates.get(path), path, after.resources[path]!.kind, formerly) ?? []),
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return withLookalikes(found, recorded, after);
}

function deleted(path: string, resource: ManifestResource): ResourceChange {
  const { kind, properties, removalPolicy } = resource;
  if (removalPolicy === "retain") return { path, kind, action: "forget", changes: [] };
  return { path, kind, action: "delete", changes: [], ...refusalOfDelete(path, kind, properties) };
}

/** With the path that it had. */
function named(
  change: ResourceChange | undefined,
  path: string,
  kind: KindName,
  formerly: ReadonlyMap<string, string>,
): ResourceChange | undefined {
  const renamedFrom = formerly.get(path);
  if (renamedFrom === undefined) return change;
  return { ...(change ?? { path, kind, action: "rename", changes: [] }), renamedFrom };
}

/** A construct that was renamed without saying so goes and comes: what it has in the cloud goes, too. */
function withLookalikes(
  found: readonly ResourceChange[],
  recorded: Manifest,
  after: Manifest,
): ResourceChange[] {
  const gone = found.filter(({ action }) => action === "delete");
  const propertiesOf = ({ resources }: Manifest, path: string): Json => resources[path]!.properties;
  return found.map((change) => {
    if (change.action !== "create") return change;
    const properties = propertiesOf(after, change.path);
    const like = gone.filter(
      ({ kind, path }) => kind === change.kind && equal(propertiesOf(recorded, path), properties),
    );
    return like.length === 1 ? { ...change, looksLike: like[0]!.path } : change;
  });
}
