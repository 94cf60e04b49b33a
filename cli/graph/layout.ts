import { GAP, arrange, keyOf, linksBetween, partsOf, type Placed, type Sized } from "./arrange";
import { LOOKS } from "./kinds";
import { isGroup, type Group, type Item, type Line, type Member, type Model } from "./model";
import { pack } from "./pack";
import { freeCourse, type Course } from "./course";
import { moved, sideEnds, uprightEnds, type Box, type Way } from "./route";
import { cutToFit, widthOf, wrap } from "./text";

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

export interface PlacedLine extends Course {
  readonly line: Line;
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
const ITEM_WIDTH = { min: 132, max: 252, step: 24 };
/** From the texts to the right edge. */
const TEXT_END = 10;
/** From the right edge to the middle of the sign of a warning, and from the edge to a title beside it. */
export const WARNING_INSET = 12;
const WARNING_ROOM = 20;
const MOST_LINES = 3;
/** A fact that is shorter stays on one line. */
const KEPT_TOGETHER = 16;
const NO_BREAK = "\u00a0";
const PADDING = 14;
const HEADER = 26;

/** Puts what refers to each other side by side, and the rest in rows. */
export function layoutOf(model: Model): Layout {
  const root = sizeOf(model.root, model.lines, widthFor(itemsIn(model.root)), 0);
  const items: PlacedItem[] = [];
  const groups: PlacedGroup[] = [];
  const ways = new Map<string, Way>();
  const visit = ({ sized, x, y }: Placed, isRoot: boolean) => {
    const { member, height } = sized;
    if (!isGroup(member)) {
      const { width } = sized;
      const title = cutToFit(
        member.title,
        width - TEXT_INDENT - titleEnd(member, TEXT_END),
        TITLE_SIZE,
        true,
      );
      items.push({ x, y, width, height, item: member, title, texts: textsOf(member, width) });
      return;
    }
    if (!isRoot) {
      const room = sized.width - PADDING - titleEnd(member, PADDING);
      const title = cutToFit(member.title, room, TITLE_SIZE, true);
      groups.push({ x, y, width: sized.width, height, group: member, title });
    }
    for (const [key, way] of sized.ways) {
      ways.set(key, moved(way, { x, y }));
    }
    for (const inner of sized.inner) visit({ sized: inner.sized, x: inner.x + x, y: inner.y + y }, false);
  };
  visit({ sized: root, x: 0, y: 0 }, true);
  const boxes = new Map<string, Box>([
    ...groups.map((box): [string, Box] => [box.group.path, box]),
    ...items.map((box): [string, Box] => [box.item.path, box]),
  ]);
  const lines = model.lines.map((line) => {
    const way = ways.get(keyOf(line.from, line.to));
    const [from, to] = [boxes.get(line.from)!, boxes.get(line.to)!];
    if (!way) return { line, ...freeCourse(from, to, items) };
    const [start, end] = way.isUpright ? uprightEnds(from, to) : sideEnds(from, to);
    return { line, points: [start, ...way.around, end], isUpright: way.isUpright };
  });
  return { width: root.width, height: root.height, items, groups, lines };
}

/** What is said of an item below its title. */
export function aboutOf({ resource, mentions, title, users }: Item): string {
  const facts = LOOKS[resource.kind].facts(resource.properties).filter((fact) => typeof fact === "string");
  const untold = mentions.filter((name) => !facts.some((fact) => fact.split(" ").includes(name)));
  const told = [
    ...facts.map((fact) => (fact.length < KEPT_TOGETHER ? fact.replaceAll(" ", NO_BREAK) : fact)),
    ...(untold.length > 0 ? [`→${NO_BREAK}${untold.join(", ")}`] : []),
    ...(users > 0 ? [`used by ${users}`] : []),
  ];
  // Parts of a construct are often called what they are: once is enough.
  const isTold = title === resource.kind && told.length > 0;
  return [...(isTold ? [] : [resource.kind]), ...told].join(`${NO_BREAK}· `);
}

function itemsIn(group: Group): Item[] {
  return group.members.flatMap((member) => (isGroup(member) ? [] : member));
}

/** From a title to the right edge, where the sign of a warning may be. */
function titleEnd({ warnings }: Member, end: number): number {
  return warnings.length > 0 ? WARNING_ROOM : end;
}

/** One width for all items of a group, in steps, so that they and their neighbours stand in columns. */
function widthFor(items: readonly Item[]): number {
  const widths = items.map((item) =>
    Math.max(
      widthOf(item.title, TITLE_SIZE, true) + titleEnd(item, TEXT_END),
      widthOf(aboutOf(item), TEXT_SIZE) + TEXT_END,
    ),
  );
  const wanted = Math.max(0, ...widths) + TEXT_INDENT;
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
  const ways = new Map<string, Way>();
  packed.places.forEach((place, index) => {
    const part = parts[index]!;
    const by = { x: place.x + left, y: place.y + top };
    for (const placed of part.placed)
      inner.push({ sized: placed.sized, x: placed.x + by.x, y: placed.y + by.y });
    for (const [key, way] of part.ways) ways.set(key, moved(way, by));
  });
  const needed = widthOf(member.title, TITLE_SIZE, true) + PADDING + titleEnd(member, PADDING);
  return {
    member,
    width:
      depth === 0 ? packed.width : Math.max(packed.width + 2 * PADDING, Math.min(needed, ITEM_WIDTH.max)),
    height: depth === 0 ? packed.height : packed.height + top + PADDING,
    inner,
    ways,
  };
}
