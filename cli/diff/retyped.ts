import { RESOURCE_ID } from "../../constructs/manifest";
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

/** @param before types of the constructs that it was in, as the manifest has them */
export function retypedFrom(path: string, before: string, after: string): Retyped {
  const [old, now] = [before, after].map((types) => (types === "" ? [] : types.split("/")));
  const ids = path.split("/");
  const at = now!.findIndex((type, index) => type !== old![index]);
  // What was in a construct, and is a resource of the program's own now, differs at its end.
  const depth = at < 0 ? now!.length : at;
  const place = ids.slice(0, depth + 1).join("/");
  return {
    path: place,
    before: old![depth] ?? "resource",
    after: now![depth] ?? "resource",
    ...renamingOf(place, path, old!, now!, depth),
  };
}

function renamingOf(
  place: string,
  path: string,
  old: readonly string[],
  now: readonly string[],
  depth: number,
): { renaming?: Renaming } {
  const restOf = (types: readonly string[]) => types.slice(depth + 1).join("/");
  const [was, is] = [old[depth], now[depth]];
  if (was !== undefined && is !== undefined && restOf(old) === restOf(now))
    return { renaming: { path: place, from: place, was } };
  // A resource of the program's own that has got a construct around it.
  const isWrapped = was === undefined && place === path && restOf(now) === "";
  return isWrapped ? { renaming: { path: `${path}/${RESOURCE_ID}`, from: path } } : {};
}
