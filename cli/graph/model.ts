import { RESOURCE_ID, type Manifest, type ManifestResource, type TreeNode } from "../../constructs/manifest";
import { referencesOf } from "../../constructs/references-of";

/** One resource of the picture. */
export interface Item {
  readonly path: string;
  readonly title: string;
  readonly resource: ManifestResource;
  /** Texts of warnings. */
  readonly warnings: readonly string[];
  /** Titles of what it refers to and no line is drawn to, since so many refer to it. */
  readonly mentions: readonly string[];
  /** How many refer to it, where that is told and not drawn. */
  readonly users: number;
}

/** A construct with more than one resource in it. */
export interface Group {
  readonly path: string;
  readonly title: string;
  readonly type: string;
  /** Texts of warnings. */
  readonly warnings: readonly string[];
  readonly members: readonly Member[];
}

export type Member = Item | Group;

export interface Line {
  readonly from: string;
  readonly to: string;
  /** Told to wait, without a reference. */
  readonly isWait: boolean;
  /** In words. */
  readonly about: string;
}

export interface Model {
  readonly root: Group;
  readonly lines: readonly Line[];
  /** How many refer to another, also those that are only mentioned. */
  readonly references: number;
}

/** From how many references on a resource is mentioned where it is used instead of drawn to. */
const MANY = 9;

/** What a picture of a tree shows, independent of how it is drawn. */
export function modelOf(tree: TreeNode, { resources }: Manifest): Model {
  const all = linesOf(resources);
  const references = all.filter(({ isWait }) => !isWait).length;
  const incoming = new Map<string, number>();
  for (const { to } of all) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  const isHub = (path: string) => (incoming.get(path) ?? 0) >= MANY;
  const usersOf = (path: string) => (isHub(path) ? incoming.get(path)! : 0);

  const mentions = new Map<string, string[]>();
  for (const { from, to } of all.filter((line) => isHub(line.to))) {
    mentions.set(from, [...(mentions.get(from) ?? []), lastOf(to)]);
  }

  const memberOf = (node: TreeNode): Member[] => {
    const inner = Object.values(node.children ?? {})
      .sort((a, b) => natural(a.id, b.id))
      .flatMap(memberOf);
    const resource = resources[node.path];
    if (resource)
      return [itemOf(node, resource, mentions.get(node.path) ?? [], usersOf(node.path)), ...inner];
    const [only, ...others] = inner;
    if (!only) return [];
    const warnings = warningsOf(node);
    if (others.length === 0 && node.id !== "") {
      return [{ ...only, title: `${node.id}/${only.title}`, warnings: [...warnings, ...only.warnings] }];
    }
    return [{ path: node.path, title: node.id, type: node.type, warnings, members: inner }];
  };
  const [top] = memberOf(tree);
  const root: Group =
    top && isGroup(top) && top.path === tree.path
      ? top
      : {
          path: tree.path,
          title: "",
          type: tree.type,
          warnings: warningsOf(tree),
          members: top ? [top] : [],
        };
  return {
    root,
    lines: shownIn(
      root,
      all.filter((line) => !isHub(line.to)),
    ),
    references,
  };
}

export function isGroup(member: Member): member is Group {
  return "members" in member;
}

export function itemsOf(member: Member): Item[] {
  return isGroup(member) ? member.members.flatMap(itemsOf) : [member];
}

function itemOf(
  node: TreeNode,
  resource: ManifestResource,
  mentions: readonly string[],
  users: number,
): Item {
  const own = node.children?.[RESOURCE_ID];
  return {
    path: node.path,
    title: node.id,
    resource,
    // What is said of the construct, and of the resource in it.
    warnings: [...warningsOf(node), ...(own?.kind === undefined ? [] : warningsOf(own))],
    mentions,
    users,
  };
}

function warningsOf({ annotations = [] }: TreeNode): string[] {
  return annotations.flatMap(({ level, message }) => (level === "warning" ? message : []));
}

/** One line between two resources, however many references there are. */
function linesOf(resources: Manifest["resources"]): Line[] {
  const lines: Line[] = [];
  for (const [from, resource] of Object.entries(resources).sort(([a], [b]) => compare(a, b))) {
    const byTarget = new Map<string, string[]>();
    for (const { target, attribute, property } of referencesOf(resource)) {
      byTarget.set(target, [...(byTarget.get(target) ?? []), `${property} is ${target}.${attribute}`]);
    }
    for (const [to, uses] of byTarget) {
      if (resources[to]) lines.push({ from, to, isWait: false, about: `${from}: ${uses.join(", ")}` });
    }
    for (const to of (resource.dependsOn ?? []).filter((path) => !byTarget.has(path))) {
      lines.push({ from, to, isWait: true, about: `${from} waits for ${to}` });
    }
  }
  return lines;
}

/** With lines to constructs that are no box of their own going to what is in them. */
function shownIn(root: Group, lines: readonly Line[]): Line[] {
  const paths = new Set<string>();
  const collect = (member: Member) => {
    paths.add(member.path);
    if (isGroup(member)) member.members.forEach(collect);
  };
  collect(root);
  return lines.flatMap((line) =>
    paths.has(line.to)
      ? [line]
      : [...paths].filter((path) => path.startsWith(`${line.to}/`)).map((to) => ({ ...line, to })),
  );
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** With numbers in texts by their value: `job-2` before `job-10`. */
function natural(a: string, b: string): number {
  const parts = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!];
    const order = Number(one) - Number(other) || compare(one, other);
    if (order) return order;
  }
  return left.length - right.length;
}

/** By code units: the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
