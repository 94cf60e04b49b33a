import { REF_KEY, type Json, type Manifest, type ManifestResource } from "../../constructs/manifest";
import { mapJson } from "./json";

/** What is deployed, under the paths that it goes on under. */
export interface Moved {
  readonly manifest: Manifest;
  /** By the path now, that until now, of what was renamed. */
  readonly formerly: ReadonlyMap<string, string>;
}

/**
 * Finds what goes on under another path, by the renames that the new manifest tells, as a deploy does: what has a path
 * goes on under it; else it is looked for under its former ones.
 */
export function moved(before: Manifest, after: Manifest): Moved {
  const formerly = new Map<string, string>();
  const taken = new Set(
    Object.keys(after.resources).filter((path) => isSame(before.resources[path], after.resources[path])),
  );
  for (const [path, resource] of Object.entries(after.resources)) {
    if (taken.has(path)) continue;
    const former = resource.renamedFrom
      ?.map((one) => (typeof one === "string" ? { path: one, types: resource.types } : one))
      .find(
        (one) => !taken.has(one.path) && isSame(before.resources[one.path], { ...resource, ...one }),
      )?.path;
    if (former === undefined) continue;
    taken.add(former);
    formerly.set(path, former);
  }
  return formerly.size === 0
    ? { manifest: before, formerly }
    : { manifest: renamed(before, after, formerly), formerly };
}

type Known = Pick<ManifestResource, "kind" | "types">;

/**
 * Whether Pulumi takes what is at one path for the same: its kind, and the types of all that it is in. What an earlier
 * release wrote tells no types; then they count as the same.
 */
export function isSame(before: Known | undefined, after: Known | undefined): boolean {
  return before !== undefined && before.kind === after?.kind && !isRetyped(before, after);
}

/** Whether one kind of resource stands at one path in constructs of other types. */
export function isRetyped(before: Known | undefined, after: Known | undefined): boolean {
  if (before === undefined || before.kind !== after?.kind) return false;
  return before.types !== undefined && after.types !== undefined && before.types !== after.types;
}

function renamed(before: Manifest, after: Manifest, formerly: ReadonlyMap<string, string>): Manifest {
  const now = new Map([...formerly].map(([path, former]) => [former, path]));
  const nowAt = (path: string) =>
    now.get(path) ??
    // Something of another kind or type, in whose place another one comes.
    (formerly.has(path) ? `${path} (until now)` : path);
  const follow = (reference: string): Json => {
    const dot = reference.lastIndexOf(".");
    return { [REF_KEY]: `${nowAt(reference.slice(0, dot))}${reference.slice(dot)}` };
  };
  const resources = Object.entries(before.resources).map(([path, resource]) => {
    const types = now.has(path) ? after.resources[nowAt(path)]!.types : resource.types;
    return [
      nowAt(path),
      {
        ...resource,
        properties: mapJson(resource.properties, follow),
        ...(types === undefined ? {} : { types }),
      },
    ];
  });
  return { ...before, resources: Object.fromEntries(resources) as Manifest["resources"] };
}
