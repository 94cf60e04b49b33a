import { graphlib, layout as dagreLayout } from "@dagrejs/dagre";
import { LOOKS } from "./kinds";
import { isGroup, type Group, type Item, type Line, type Member, type Model } from "./model";
import { badness, pack } from "./pack";
import { fit, widthOf, wrap } from "./text";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedItem extends Box {
  readonly item: Item;
  readonly title: string;
  /** Below the title. */
  readonly texts: readonly string[];
}

export interface PlacedGroup extends Box {
  readonly group: Group;
  readonly title: string;
}

export interface PlacedLine {
  readonly line: Line;
  readonly points: readonly Point[];
  /** From above or below, not from a side. */
  readonly isUpright: boolean;
}

/** Where everything is, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly items: readonly PlacedItem[];
  /** Outer ones before those in them. */
  readonly groups: readonly PlacedGroup[];
  readonly lines: readonly PlacedLine[];
}

export const TITLE_SIZE = 13;
export const TEXT_SIZE = 11;
export const LINE_HEIGHT = 15;
/** From the left edge of an item to its texts. */
export const TEXT_INDENT = 32;
const ITEM_TOP = 29;
const ITEM_BOTTOM = 8;
const ITEM_WIDTH = { min: 132, max: 228, step: 24 };
/** From the texts to the right edge. */
const TEXT_END = 10;
const MOST_LINES = 3;
/** A fact that is shorter stays on one line. */
const KEPT_TOGETHER = 16;
const NO_BREAK = "\u00a0";
const PADDING = 14;
const HEADER = 26;
const GAP = 14;
const RANK_GAP = 36;

/** A member with its size, and what is in it relative to its own corner. */
interface Sized {
  readonly member: Member;
  readonly width: number;
  readonly height: number;
  readonly inner: readonly Placed[];
  /** What lines between its members pass, by `from` and `to`. */
  readonly ways: ReadonlyMap<string, readonly Point[]>;
}

interface Placed extends Point {
  readonly sized: Sized;
}

/** Puts what refers to each other side by side, and the rest in rows. */
export function layoutOf(model: Model): Layout {
  const root = sizeOf(model.root, model.lines, widthFor(itemsIn(model.root)), 0);
  const items: PlacedItem[] = [];
  const groups: PlacedGroup[] = [];
  const ways = new Map<string, readonly Point[]>();
  const visit = ({ sized, x, y }: Placed, isRoot: boolean) => {
    const { member, height } = sized;
    if (!isGroup(member)) {
      const { width } = sized;
      const title = fit(member.title, width - TEXT_INDENT - TEXT_END, TITLE_SIZE, true);
      items.push({ x, y, width, height, item: member, title, texts: textsOf(member, width) });
      return;
    }
    if (!isRoot) {
      const title = fit(member.title, sized.width - 2 * PADDING, TITLE_SIZE, true);
      groups.push({ x, y, width: sized.width, height, group: member, title });
    }
    for (const [key, points] of sized.ways) {
      ways.set(
        key,
        points.map((point) => ({ x: point.x + x, y: point.y + y })),
      );
    }
    for (const inner of sized.inner) visit({ sized: inner.sized, x: inner.x + x, y: inner.y + y }, false);
  };
  visit({ sized: root, x: 0, y: 0 }, true);
  const boxes = new Map<string, Box>([
    ...groups.map((box): [string, Box] => [box.group.path, box]),
    ...items.map((box): [string, Box] => [box.item.path, box]),
  ]);
  const lines = model.lines.map((line) => {
    const { start, end, isUpright } = ends(boxes.get(line.from)!, boxes.get(line.to)!);
    return { line, points: [start, ...(ways.get(keyOf(line.from, line.to)) ?? []), end], isUpright };
  });
  return { width: root.width, height: root.height, items, groups, lines };
}

/** What is said of an item below its title. */
export function aboutOf({ resource, mentions, users }: Item): string {
  const facts = LOOKS[resource.kind].facts(resource.properties).filter((fact) => typeof fact === "string");
  const untold = mentions.filter((name) => !facts.some((fact) => fact.split(" ").includes(name)));
  return [
    resource.kind,
    ...facts.map((fact) => (fact.length < KEPT_TOGETHER ? fact.replaceAll(" ", NO_BREAK) : fact)),
    ...(untold.length > 0 ? [`→${NO_BREAK}${untold.join(", ")}`] : []),
    ...(users > 0 ? [`used by ${users}`] : []),
  ].join(`${NO_BREAK}· `);
}

function itemsIn(group: Group): Item[] {
  return group.members.flatMap((member) => (isGroup(member) ? [] : member));
}

/** One width for all items of a group, in steps, so that they and their neighbours stand in columns. */
function widthFor(items: readonly Item[]): number {
  const widths = items.map((item) =>
    Math.max(widthOf(item.title, TITLE_SIZE, true), widthOf(aboutOf(item), TEXT_SIZE)),
  );
  const wanted = Math.max(0, ...widths) + TEXT_INDENT + TEXT_END;
  const { min, max, step } = ITEM_WIDTH;
  return Math.min(max, Math.max(min, Math.ceil(wanted / step) * step));
}

function textsOf(item: Item, width: number): string[] {
  return wrap(aboutOf(item), width - TEXT_INDENT - TEXT_END, TEXT_SIZE, MOST_LINES);
}

/** @param width Of an item, or of the items of a group. */
function sizeOf(member: Member, lines: readonly Line[], width: number, depth: number): Sized {
  if (!isGroup(member)) {
    const height = ITEM_TOP + textsOf(member, width).length * LINE_HEIGHT + ITEM_BOTTOM;
    return { member, width, height, inner: [], ways: new Map() };
  }
  // Groups side by side have items of one width, so that they look alike.
  const innerWidth = widthFor(member.members.filter(isGroup).flatMap(itemsIn));
  const members = member.members.map((inner) =>
    sizeOf(inner, lines, isGroup(inner) ? innerWidth : width, depth + 1),
  );
  const links = linksBetween(members, lines);
  const parts = partsOf(members, links).map((part) => arrange(part, links));
  const packed = pack(parts, GAP);
  const [left, top] = depth === 0 ? [0, 0] : [PADDING, HEADER + 4];
  const inner: Placed[] = [];
  const ways = new Map<string, readonly Point[]>();
  packed.places.forEach((place, index) => {
    const part = parts[index]!;
    const move = ({ x, y }: Point) => ({ x: x + place.x + left, y: y + place.y + top });
    for (const placed of part.placed) inner.push({ sized: placed.sized, ...move(placed) });
    for (const [key, points] of part.ways) ways.set(key, points.map(move));
  });
  const needed = widthOf(member.title, TITLE_SIZE, true) + 2 * PADDING;
  return {
    member,
    width:
      depth === 0 ? packed.width : Math.max(packed.width + 2 * PADDING, Math.min(needed, ITEM_WIDTH.max)),
    height: depth === 0 ? packed.height : packed.height + top + PADDING,
    inner,
    ways,
  };
}

/** Between two members of one group; each may be, or hold, the end of several lines. */
interface Link {
  readonly from: Sized;
  readonly to: Sized;
  readonly lines: readonly Line[];
}

function linksBetween(members: readonly Sized[], lines: readonly Line[]): Link[] {
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
function partsOf(members: readonly Sized[], links: readonly Link[]): Sized[][] {
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

interface Arranged {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
  readonly ways: ReadonlyMap<string, readonly Point[]>;
}

/** Along the links, to the right or down: whichever gives the better shape. */
function arrange(members: readonly Sized[], links: readonly Link[]): Arranged {
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
  const ways = new Map<string, readonly Point[]>();
  for (const { from, to, lines } of links) {
    const { points } = graph.edge(names.get(from)!, names.get(to)!) as { points: Point[] };
    // Between neighbours there is nothing to go around.
    const around = points.length > 3 ? points.slice(1, -1) : [];
    for (const line of lines) {
      // A line to something deeper inside goes its own way.
      if (line.from === from.member.path && line.to === to.member.path) {
        ways.set(keyOf(line.from, line.to), around);
      }
    }
  }
  return { width, height, placed, ways };
}

/** Where a line leaves one box and meets another: in the middle of the sides that face each other. */
function ends(from: Box, to: Box): { start: Point; end: Point; isUpright: boolean } {
  const middle = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [a, b] = [middle(from), middle(to)];
  const isRight = to.x >= from.x + from.width;
  if (isRight || from.x >= to.x + to.width) {
    const start = { x: isRight ? from.x + from.width : from.x, y: a.y };
    return { start, end: { x: isRight ? to.x : to.x + to.width, y: b.y }, isUpright: false };
  }
  const isDown = to.y > from.y;
  const start = { x: a.x, y: isDown ? from.y + from.height : from.y };
  return { start, end: { x: b.x, y: isDown ? to.y : to.y + to.height }, isUpright: true };
}

function keyOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
