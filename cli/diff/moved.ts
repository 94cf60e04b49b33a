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
    Object.keys(after.resources).filter((path) => isSameKind(before, path, after.resources[path]!)),
  );
  for (const [path, resource] of Object.entries(after.resources)) {
    if (taken.has(path)) continue;
    const former = resource.renamedFrom?.find((one) => !taken.has(one) && isSameKind(before, one, resource));
    if (former === undefined) continue;
    taken.add(former);
    formerly.set(path, former);
  }
  return formerly.size === 0
    ? { manifest: before, formerly }
    : { manifest: renamed(before, formerly), formerly };
}

function isSameKind({ resources }: Manifest, path: string, { kind }: ManifestResource): boolean {
  return Object.hasOwn(resources, path) && resources[path]!.kind === kind;
}

function renamed(before: Manifest, formerly: ReadonlyMap<string, string>): Manifest {
  const now = new Map([...formerly].map(([path, former]) => [former, path]));
  const nowAt = (path: string) =>
    now.get(path) ??
    // Something of another kind, in whose place another one comes.
    (formerly.has(path) ? `${path} (until now)` : path);
  const follow = (reference: string): Json => {
    const dot = reference.lastIndexOf(".");
    return { [REF_KEY]: `${nowAt(reference.slice(0, dot))}${reference.slice(dot)}` };
  };
  const resources = Object.entries(before.resources).map(([path, resource]) => [
    nowAt(path),
    { ...resource, properties: mapJson(resource.properties, follow) },
  ]);
  return { ...before, resources: Object.fromEntries(resources) as Manifest["resources"] };
}
