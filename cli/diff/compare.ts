import type { Manifest, ManifestResource } from "../../constructs/manifest";
import type { Effect, KindName } from "../../provider/schema/fields";
import { Known } from "./known";
import { withLookalikes, type Lookalike } from "./lookalikes";
import { isRetyped, isSame, moved } from "./moved";
import type { PropertyChange } from "./parts";
import { refusalOfDelete } from "./refusals";
import type { Retyped } from "./retyped";
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
  /** What it was in, where that is the reason: Pulumi takes it for another one. */
  readonly retyped?: Retyped;
  /** A resource that goes, and is otherwise the same. */
  readonly looksLike?: Lookalike;
}

/**
 * What a deploy of one manifest over another would do, by the provider's own field tables, diff and guards. What no
 * manifest shows, secrets and Outputs, is not compared.
 */
export function compare(before: Manifest, after: Manifest): ResourceChange[] {
  const { manifest: recorded, formerly } = moved(before, after);
  const isKept = (path: string) => isSame(recorded.resources[path], after.resources[path]);
  const isAnother = (path: string) => isRetyped(recorded.resources[path], after.resources[path]);
  const kept = Object.keys(after.resources).filter(isKept);
  const others = Object.keys(after.resources).filter(isAnother);
  const gone = Object.keys(recorded.resources).filter((path) => !isKept(path) && !isAnother(path));
  const come = Object.keys(after.resources).filter((path) => !isKept(path) && !isAnother(path));
  const updates = updatesBetween(new Known(recorded, undefined, formerly), after, isKept, isAnother);
  const found = [
    ...gone.map((path) => deleted(path, recorded.resources[path]!)),
    ...come.map((path): ResourceChange => ({
      path,
      kind: after.resources[path]!.kind,
      action: "create",
      changes: [],
    })),
    ...others.flatMap((path) => updates.get(path) ?? []),
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
