import { REF_KEY, type Json, type Manifest } from "../../constructs/manifest";
import { equal } from "../../provider/schema/diff";
import type { ResourceChange } from "./compare";
import { mapJson } from "./json";
import { placesOf, typesIn } from "./places";
import type { Renaming } from "./renaming";

/** A resource that goes, and which one that comes is otherwise the same as. */
export interface Lookalike {
  /** Its path. */
  readonly path: string;
  /** How a deploy would go on with it, of the outermost construct that was renamed; absent where no rename can say so. */
  readonly renaming?: Renaming;
}

/** A construct that was renamed without saying so goes and comes: what it has in the cloud goes, too. */
export function withLookalikes(
  found: readonly ResourceChange[],
  before: Manifest,
  after: Manifest,
): ResourceChange[] {
  const gone = new Map<string, string[]>();
  for (const { action, path } of found) {
    if (action !== "delete" && action !== "forget") continue;
    const outline = outlineOf(before, path);
    gone.set(outline, [...(gone.get(outline) ?? []), path]);
  }
  if (gone.size === 0) return [...found];
  const scopes = scopesOf(after);
  return found.map((change) => {
    if (change.action !== "create") return change;
    const candidates = (gone.get(outlineOf(after, change.path)) ?? [])
      .map((path) => ({ path, ...renamedPart(path, change.path) }))
      .filter(({ path, was, is }) =>
        equal(moved(before.resources[path]!.properties, was, is), after.resources[change.path]!.properties),
      );
    // Of several that are the same the one that was called most alike.
    const shortest = Math.min(...candidates.map(({ was }) => was.length));
    const best = candidates.filter(({ was }) => was.length === shortest);
    if (best.length !== 1) return change;
    const { path, was, is } = best[0]!;
    const renaming = renamingOf(
      { path, renamed: was, manifest: before },
      { path: change.path, renamed: is, manifest: after },
    );
    const isKnown = renaming !== undefined && scopes.has(parentOf(was));
    return { ...change, looksLike: { path, ...(isKnown ? { renaming } : {}) } };
  });
}

/** A resource without the paths that it refers to, as a text: only what has the same can be the same. */
function outlineOf({ resources }: Manifest, path: string): string {
  const { kind, properties } = resources[path]!;
  return JSON.stringify([kind, mapJson(properties, () => ({ [REF_KEY]: "" }))]);
}

/** Two paths without the ids at their ends that they have in common. */
function renamedPart(before: string, after: string): { was: string; is: string } {
  const [old, now] = [before.split("/"), after.split("/")];
  while (old.length > 1 && now.length > 1 && old.at(-1) === now.at(-1)) {
    old.pop();
    now.pop();
  }
  return { was: old.join("/"), is: now.join("/") };
}

/** With references to what is in the renamed construct as they are now. */
function moved(properties: Json, was: string, is: string): Json {
  return mapJson(properties, (reference) => {
    const isInside = [".", "/"].some((next) => reference.startsWith(`${was}${next}`));
    return { [REF_KEY]: isInside ? `${is}${reference.slice(was.length)}` : reference };
  });
}

/** A resource, and the part of its path that was renamed. */
interface Renamed {
  readonly path: string;
  readonly renamed: string;
  readonly manifest: Manifest;
}

/** Nothing where what is inside is in components of other types, too. */
function renamingOf(before: Renamed, after: Renamed): Renaming | undefined {
  const renaming: Renaming = { path: after.renamed, from: before.renamed };
  const [old, now] = [typesAround(before), typesAround(after)];
  if (!old || !now) return renaming;
  // What it was in is told by what that is now.
  const outside = placesOf(after.manifest, parentOf(before.renamed)).length;
  if (old.outer.length !== outside || !equal(old.inner, now.inner)) return undefined;
  // A resource is told by its kind.
  if ((old.own === undefined) !== (now.own === undefined)) return undefined;
  return old.own === now.own ? renaming : { ...renaming, was: old.own! };
}

/** The types of what is around a renamed construct, its own where it is a component, and those of what it has inside. */
function typesAround({ path, renamed, manifest }: Renamed) {
  const { types } = manifest.resources[path]!;
  if (types === undefined) return undefined;
  const all = typesIn(types);
  const places = placesOf(manifest, path);
  const index = places.indexOf(renamed);
  const depth = places.filter((place) => renamed.startsWith(`${place}/`)).length;
  return {
    outer: all.slice(0, depth),
    own: index < 0 ? undefined : all[index],
    inner: all.slice(index < 0 ? depth : depth + 1),
  };
}

/** All constructs of which the manifest shows that they are there. */
function scopesOf({ resources }: Manifest): ReadonlySet<string> {
  const scopes = new Set([""]);
  for (const path of Object.keys(resources))
    for (let at = path; !scopes.has(at); at = parentOf(at)) scopes.add(at);
  return scopes;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
