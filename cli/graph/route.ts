/** Where things are, and how lines go between them. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** How a line between two members of one group goes. */
export interface Way {
  /** What it passes on its way. */
  readonly around: readonly Point[];
  readonly isUpright: boolean;
}

export function moved({ around, isUpright }: Way, by: Point): Way {
  return { around: around.map(({ x, y }) => ({ x: x + by.x, y: y + by.y })), isUpright };
}

/** Whether a line has more room above or below a box than beside it. */
export function goesUpright(from: Box, to: Box): boolean {
  const beside = Math.max(to.x - from.x - from.width, from.x - to.x - to.width);
  const above = Math.max(to.y - from.y - from.height, from.y - to.y - to.height);
  return beside <= 0 || above > beside * 2;
}

/** Where a line leaves one box and meets another: in the middle of the sides that face each other. */
export function sideEnds(from: Box, to: Box): [Point, Point] {
  const [a, b] = [from.y + from.height / 2, to.y + to.height / 2];
  return to.x >= from.x
    ? [
        { x: from.x + from.width, y: a },
        { x: to.x, y: b },
      ]
    : [
        { x: from.x, y: a },
        { x: to.x + to.width, y: b },
      ];
}

/** The same from above or below. */
export function uprightEnds(from: Box, to: Box): [Point, Point] {
  const [a, b] = [from.x + from.width / 2, to.x + to.width / 2];
  return to.y >= from.y
    ? [
        { x: a, y: from.y + from.height },
        { x: b, y: to.y },
      ]
    : [
        { x: a, y: from.y },
        { x: b, y: to.y + to.height },
      ];
}
