import type { Manifest, TreeNode } from "../manifest";
import { referencesOf } from "../references-of";

/**
 * A tree as text: a line for each construct, with its class and what it refers to. A construct and its child
 * `Resource` are one line.
 */
export function treeText(root: TreeNode, resources: Manifest["resources"]): string {
  const lines = [labelOf(root, resources)];
  const visit = (node: TreeNode, indent: string) => {
    const children = childrenOf(node, resources);
    const notes = (node.annotations ?? []).map(({ level, message }) => `(${level}) ${message}`);
    const last = children.length + notes.length - 1;
    [...notes, ...children].forEach((item, index) => {
      const [branch, below] = index === last ? ["└── ", "    "] : ["├── ", "│   "];
      if (typeof item === "string") lines.push(`${indent}${branch}${item}`);
      else {
        lines.push(`${indent}${branch}${labelOf(item, resources)}`);
        visit(item, indent + below);
      }
    });
  };
  visit(root, "");
  return `${lines.join("\n")}\n`;
}

/** The children by their ids, without the resource that a construct stands for: that is at the path of the construct. */
function childrenOf(node: TreeNode, resources: Manifest["resources"]): TreeNode[] {
  return Object.values(node.children ?? {})
    .filter(({ kind, path }) => kind === undefined || Object.hasOwn(resources, path))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function labelOf({ id, path, type, kind }: TreeNode, resources: Manifest["resources"]): string {
  const resource = resources[path];
  const targets = resource ? referencesOf(resource).map(({ target }) => target) : [];
  return [
    `${id || "(app)"}  ${type}`,
    kind !== undefined && kind !== type ? ` (${kind})` : "",
    targets.length > 0 ? `  → ${[...new Set(targets)].sort().join(", ")}` : "",
  ].join("");
}
