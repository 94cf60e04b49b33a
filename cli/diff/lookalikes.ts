import { REF_KEY, type Json, type Manifest } from "../../constructs/manifest";
import { equal } from "../../provider/schema/diff";
import type { ResourceChange } from "./compare";
import { mapJson } from "./json";
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
    const renaming = renamingOf(was, is, before.resources[path]!.types, after.resources[change.path]!.types);
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

/** Nothing where what is inside is in constructs of other types, too. */
function renamingOf(
  path: string,
  to: string,
  before: string | undefined,
  after: string | undefined,
): Renaming | undefined {
  const renaming: Renaming = { path: to, from: path };
  if (before === undefined || after === undefined) return renaming;
  const [old, now] = [before.split("/"), after.split("/")];
  const [oldDepth, nowDepth] = [path, to].map((one) => one.split("/").length) as [number, number];
  if (!equal(old.slice(oldDepth), now.slice(nowDepth))) return undefined;
  const [was, is] = [old[oldDepth - 1], now[nowDepth - 1]];
  if ((was === undefined) !== (is === undefined)) return undefined;
  return was === is ? renaming : { ...renaming, was: was! };
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
