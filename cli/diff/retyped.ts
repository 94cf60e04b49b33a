import { RESOURCE_ID, type Manifest } from "../../constructs/manifest";
import { placesOf, typesIn } from "./places";
import type { Renaming } from "./renaming";

/** The constructs around a resource were of other types, so that Pulumi does not know it any more. */
export interface Retyped {
  /** The outermost construct that differs. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** How a deploy would go on with it; absent where no rename can say so. */
  readonly renaming?: Renaming;
}

/** @param path of the resource, in both */
export function retypedFrom(path: string, before: Manifest, after: Manifest): Retyped {
  const [old, now] = [sideOf(before, path), sideOf(after, path)];
  const at = now.types.findIndex((type, index) => type !== old.types[index]);
  // What was in a component, and is not now, differs at its end.
  const depth = at < 0 ? now.types.length : at;
  const place = now.places[depth] ?? old.places[depth] ?? path;
  return {
    path: place,
    before: old.types[depth] ?? old.kindAt(place),
    after: now.types[depth] ?? now.kindAt(place),
    ...renamingOf(place, path, old, now, depth),
  };
}

interface Side {
  readonly types: readonly string[];
  readonly places: readonly string[];
  readonly kindAt: (place: string) => string;
}

function sideOf(manifest: Manifest, path: string): Side {
  const { resources } = manifest;
  return {
    types: typesIn(resources[path]!.types),
    places: placesOf(manifest, path),
    kindAt: (place) => resources[place]?.kind ?? "resource",
  };
}

function renamingOf(
  place: string,
  path: string,
  old: Side,
  now: Side,
  depth: number,
): { renaming?: Renaming } {
  const restOf = ({ types }: Side) => types.slice(depth + 1).join("/");
  const was = old.types[depth];
  if (was !== undefined && old.places[depth] === now.places[depth] && restOf(old) === restOf(now))
    return { renaming: { path: place, from: place, was } };
  // A resource that has got a construct of the program's own around it.
  const isWrapped = was === undefined && place === path && restOf(now) === "";
  return isWrapped ? { renaming: { path: `${path}/${RESOURCE_ID}`, from: path } } : {};
}
