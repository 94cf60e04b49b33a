import { graphlib, layout as dagreLayout } from "@dagrejs/dagre";
import { isGroup, type Line, type Member } from "./model";
import { badness } from "./pack";
import type { Point, Way } from "./route";

/** Between boxes side by side, and between ranks of boxes along the lines. */
export const GAP = 14;
const RANK_GAP = 36;

/** A member with its size, and what is in it relative to its own corner. */
export interface Sized {
  readonly member: Member;
  readonly width: number;
  readonly height: number;
  readonly inner: readonly Placed[];
  /** Of lines between its members, by `from` and `to`. */
  readonly ways: ReadonlyMap<string, Way>;
}

export interface Placed extends Point {
  readonly sized: Sized;
}

/** Between two members of one group; each may be, or hold, the end of several lines. */
export interface Link {
  readonly from: Sized;
  readonly to: Sized;
  readonly lines: readonly Line[];
}

export function linksBetween(members: readonly Sized[], lines: readonly Line[]): Link[] {
  const owner = new Map<string, Sized>();
  const own = (member: Member, sized: Sized) => {
    owner.set(member.path, sized);
    if (isGroup(member)) for (const inner of member.members) own(inner, sized);
  };
  for (const sized of members) own(sized.member, sized);
  const links = new Map<string, { from: Sized; to: Sized; lines: Line[] }>();
  for (const line of lines) {
    const [from, to] = [owner.get(line.from), owner.get(line.to)];
    if (!from || !to || from === to) continue;
    const key = keyOf(from.member.path, to.member.path);
    const link = links.get(key) ?? { from, to, lines: [] };
    link.lines.push(line);
    links.set(key, link);
  }
  return [...links.values()];
}

/** Members that are linked, directly or not, each in the order in which they were given. */
export function partsOf(members: readonly Sized[], links: readonly Link[]): Sized[][] {
  const leader = new Map(members.map((member) => [member, member]));
  const find = (member: Sized): Sized => {
    const above = leader.get(member)!;
    return above === member ? member : find(above);
  };
  for (const { from, to } of links) leader.set(find(to), find(from));
  const parts = new Map<Sized, Sized[]>();
  for (const member of members) {
    const key = find(member);
    parts.set(key, [...(parts.get(key) ?? []), member]);
  }
  return [...parts.values()];
}

export interface Arranged {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
  readonly ways: ReadonlyMap<string, Way>;
}

/** Along the links, to the right or down: whichever gives the better shape. */
export function arrange(members: readonly Sized[], links: readonly Link[]): Arranged {
  const [only] = members;
  if (members.length === 1 && only) {
    return { width: only.width, height: only.height, placed: [{ sized: only, x: 0, y: 0 }], ways: new Map() };
  }
  const inside = links.filter(({ from }) => members.includes(from));
  const right = directed("LR", members, inside);
  // What is not much too wide is read more easily to the right.
  if (right.width < right.height * 4) return right;
  const down = directed("TB", members, inside);
  return badness(down) < badness(right) ? down : right;
}

function directed(rankdir: "LR" | "TB", members: readonly Sized[], links: readonly Link[]): Arranged {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir, nodesep: GAP, ranksep: RANK_GAP, edgesep: 8, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const names = new Map(members.map((member, index) => [member, String(index)]));
  for (const [{ width, height }, name] of names) graph.setNode(name, { width, height });
  for (const { from, to } of links) graph.setEdge(names.get(from)!, names.get(to)!);
  dagreLayout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const placed = [...names].map(([sized, name]) => {
    const { x, y } = graph.node(name) as Point;
    return { sized, x: x - sized.width / 2, y: y - sized.height / 2 };
  });
  const ways = new Map<string, Way>();
  for (const { from, to, lines } of links) {
    const { points } = graph.edge(names.get(from)!, names.get(to)!) as { points: Point[] };
    // Between neighbours there is nothing to go around.
    const around = points.length > 3 ? points.slice(1, -1) : [];
    for (const line of lines) {
      // A line to something deeper inside goes its own way.
      if (line.from === from.member.path && line.to === to.member.path) {
        ways.set(keyOf(line.from, line.to), { around, isUpright: rankdir === "TB" });
      }
    }
  }
  return { width, height, placed, ways };
}

export function keyOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
