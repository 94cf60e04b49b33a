import type { Manifest } from "../../constructs/manifest";

/**
 * Paths of the components that a resource of a manifest is in, the outermost first: those that its types are of. What is
 * a resource itself is none, but for a construct of the program's own whose resource has its path.
 */
export function placesOf({ resources }: Pick<Manifest, "resources">, path: string): string[] {
  const ids = path === "" ? [] : path.split("/");
  const places: string[] = [];
  for (let depth = 1; depth <= ids.length; depth++) {
    const at = ids.slice(0, depth).join("/");
    const there = resources[at];
    if (!there || typesIn(there.types).length > places.length) places.push(at);
  }
  return places;
}

/** Types as the manifest has them, each for itself. */
export function typesIn(types: string | undefined): string[] {
  return types ? types.split("/") : [];
}
