import type { Values } from "../../provider/schema/fields";
import { isPlainObject } from "../containers";
import * as errors from "../errors";
import { Lazy } from "../lazy";
import type { MagsResource } from "../resource";
import { messageOf, type Problems } from "./problems";

/** The properties of a resource with its overrides put in. What is not overridden is not copied. */
export function overridden(resource: MagsResource, problems: Problems): Values {
  const { overrides } = resource;
  const given = resource.properties as Values;
  if (overrides.length === 0) return given;
  const root = { ...given };
  const copies = new Set<object>();
  for (const { path, value } of overrides) {
    // Plain JavaScript may give anything.
    const parts = typeof path === "string" && path !== "" ? partsOf(path) : undefined;
    if (!parts)
      problems.add(resource, errors.overrideWithoutPath(path === "" ? "an empty one" : typeof path));
    else if (parts.includes("__proto__")) problems.add(resource, errors.keyReserved(path));
    else {
      const last = parts.pop()!;
      let at: Values | undefined = root;
      try {
        for (const part of parts) at = at && open(at, part, copies);
      } catch (error) {
        problems.add(resource, `${path}: ${messageOf(error)}`);
        continue;
      }
      if (at) at[last] = value;
      else problems.add(resource, errors.overrideBlocked(path));
    }
  }
  return root;
}

/** The object under a key, as a copy to be changed: made once. Undefined where something else stands there. */
function open(parent: Values, key: string, copies: Set<object>): Values | undefined {
  const inner = parent[key];
  if (typeof inner === "object" && inner !== null && copies.has(inner)) return inner as Values;
  const value = Lazy.isLazy(inner) ? inner.produce() : inner;
  if (value !== undefined && !isPlainObject(value)) return undefined;
  const copy: Values = { ...value };
  copies.add(copy);
  parent[key] = copy;
  return copy;
}

/** Parts of a dotted path; a dot after a backslash is part of a name. */
function partsOf(path: string): string[] {
  if (!path.includes(".")) return [path];
  return path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
}
