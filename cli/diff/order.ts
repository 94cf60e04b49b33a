import type { Manifest } from "../../constructs/manifest";
import { referencesOf } from "../../constructs/references-of";

/**
 * All paths of the first manifest, each after what it refers to in any of them. Of what refers in a circle, which no
 * plan lets pass, one has to come first. On a stack of its own: a chain of references may be longer than the machine's.
 */
export function inOrder(manifest: Manifest, ...others: readonly Manifest[]): string[] {
  const targetsOf = (path: string): string[] =>
    [manifest, ...others].flatMap(({ resources }) => {
      const resource = resources[path];
      return resource ? referencesOf(resource).map(({ target }) => target) : [];
    });
  const order: string[] = [];
  const visited = new Set<string>();
  for (const start of Object.keys(manifest.resources)) {
    const stack = [start]
      .filter((path) => !visited.has(path))
      .map((path) => ({ path, left: targetsOf(path) }));
    visited.add(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        order.push(top.path);
        stack.pop();
      } else if (!visited.has(next) && manifest.resources[next]) {
        visited.add(next);
        stack.push({ path: next, left: targetsOf(next) });
      }
    }
  }
  return order;
}
