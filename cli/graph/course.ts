import { goesUpright, sideEnds, uprightEnds, type Box, type Point } from "./route";

/** How a line is drawn: a smooth way through points. */
export interface Course {
  readonly points: readonly Point[];
  /** From above or below, not from a side. */
  readonly isUpright: boolean;
}

/** One piece of a course: a Bézier curve. */
export interface Piece {
  readonly from: Point;
  readonly controls: readonly [Point, Point];
  readonly to: Point;
}

/** Between a line and the corner of a box that it passes. */
const CLEARANCE = 7;
/** Points of a piece that are looked at. */
const SAMPLES = 24;

/**
 * The course of a line that nobody has laid out: straight there, or past a corner of what it would run behind.
 * @param items boxes that it should not run behind
 */
export function freeCourse(from: Box, to: Box, items: readonly Box[]): Course {
  const others = items.filter((item) => !isSame(item, from) && !isSame(item, to));
  const course = (isUpright: boolean, around: readonly Point[] = []): Course => {
    const [start, end] = isUpright ? uprightEnds(from, to) : sideEnds(from, to);
    return { points: [start, ...around, end], isUpright };
  };
  const isUpright = goesUpright(from, to);
  const straight = course(isUpright);
  const hit = others.filter((box) => runsBehind(straight, box));
  if (hit.length === 0) return straight;
  const past = [isUpright, !isUpright].flatMap((way) => [
    course(way),
    ...hit.flatMap(cornersOf).map((corner) => course(way, [corner])),
  ]);
  let [best, fewest, shortest] = [straight, hit.length, Infinity];
  for (const candidate of past) {
    const count = others.filter((box) => runsBehind(candidate, box)).length;
    const length = lengthOf(candidate);
    if (count > fewest || (count === fewest && length >= shortest)) continue;
    [best, fewest, shortest] = [candidate, count, length];
  }
  return best;
}

export function piecesOf({ points, isUpright }: Course): Piece[] {
  return points.slice(1).map((to, index) => {
    const from = points[index]!;
    const [dx, dy] = isUpright ? [0, (to.y - from.y) / 2] : [(to.x - from.x) / 2, 0];
    return {
      from,
      controls: [
        { x: from.x + dx, y: from.y + dy },
        { x: to.x - dx, y: to.y - dy },
      ],
      to,
    };
  });
}

/** Whether a part of a line is inside of a box. */
export function runsBehind(course: Course, box: Box): boolean {
  return piecesOf(course).some((piece) => {
    // A curve stays among its points, and these among its ends.
    const [left, right] = [Math.min(piece.from.x, piece.to.x), Math.max(piece.from.x, piece.to.x)];
    const [top, bottom] = [Math.min(piece.from.y, piece.to.y), Math.max(piece.from.y, piece.to.y)];
    if (left >= box.x + box.width || right <= box.x || top >= box.y + box.height || bottom <= box.y)
      return false;
    return Array.from({ length: SAMPLES + 1 }, (_, index) => pointOf(piece, index / SAMPLES)).some(
      ({ x, y }) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height,
    );
  });
}

function pointOf({ from, controls: [one, two], to }: Piece, at: number): Point {
  const rest = 1 - at;
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * at, 3 * rest * at ** 2, at ** 3];
  return {
    x: a * from.x + b * one.x + c * two.x + d * to.x,
    y: a * from.y + b * one.y + c * two.y + d * to.y,
  };
}

function cornersOf({ x, y, width, height }: Box): Point[] {
  const [left, right] = [x - CLEARANCE, x + width + CLEARANCE];
  const [top, bottom] = [y - CLEARANCE, y + height + CLEARANCE];
  return [left, right].flatMap((across) => [top, bottom].map((down) => ({ x: across, y: down })));
}

function lengthOf({ points }: Course): number {
  return points
    .slice(1)
    .reduce((sum, { x, y }, index) => sum + Math.hypot(x - points[index]!.x, y - points[index]!.y), 0);
}

function isSame(one: Box, other: Box): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}
