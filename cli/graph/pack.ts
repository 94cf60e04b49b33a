interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Packed extends Size {
  /** In the order in which the boxes were given. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

/** Width over height that is pleasant to look at, and fits a page. */
const RATIO = 1.5;
/** How much emptier, as a logarithm, the order in which readers look may make it. */
const ORDER_IS_WORTH = 0.15;
/** Rows end where boxes do: one of the first rows is a full one, whatever the width is. */
const FULL_ROWS = 4;

/** Boxes in rows, so that the whole has a pleasant shape and little empty space. */
export function pack(boxes: readonly Size[], gap: number): Packed {
  const all = boxes.map((_, index) => index);
  const byHeight = [...all].sort((a, b) => boxes[b]!.height - boxes[a]!.height || a - b);
  // Much taller ones first; those of about one height as they were given, which is how a reader looks for them.
  const rank = (index: number) => Math.round(Math.log2(Math.max(1, boxes[index]!.height)));
  const asGiven = [...all].sort((a, b) => rank(b) - rank(a) || a - b);
  const used = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  const cost = (one: Packed) =>
    badness(one) + Math.log(Math.max(1, (one.width * one.height) / Math.max(1, used)));
  const best = (order: readonly number[]) =>
    widthsFor(boxes, order, gap)
      .map((width) => inRows(boxes, order, width, gap))
      .reduce((one, other) => (cost(other) < cost(one) ? other : one));
  const [first, second] = [best(asGiven), best(byHeight)];
  return cost(second) + ORDER_IS_WORTH < cost(first) ? second : first;
}

/** How far a shape is from a pleasant one. */
export function badness({ width, height }: Size): number {
  return height === 0 ? 0 : Math.abs(Math.log(width / height / RATIO));
}

/** The widths that are worth trying, the smallest first. */
function widthsFor(boxes: readonly Size[], order: readonly number[], gap: number): number[] {
  const widest = Math.max(0, ...boxes.map(({ width }) => width));
  const widths = new Set([widest]);
  for (let from = 0; from < Math.min(FULL_ROWS, order.length); from++) {
    let width = -gap;
    for (const index of order.slice(from)) {
      width += boxes[index]!.width + gap;
      if (width > widest) widths.add(width);
    }
  }
  return [...widths].sort((a, b) => a - b);
}

function inRows(boxes: readonly Size[], order: readonly number[], limit: number, gap: number): Packed {
  const places = boxes.map(() => ({ x: 0, y: 0 }));
  let [x, y, row, width] = [0, 0, 0, 0];
  for (const index of order) {
    const box = boxes[index]!;
    if (x > 0 && x + box.width > limit) [x, y, row] = [0, y + row + gap, 0];
    places[index] = { x, y };
    width = Math.max(width, x + box.width);
    row = Math.max(row, box.height);
    x += box.width + gap;
  }
  return { width, height: boxes.length === 0 ? 0 : y + row, places };
}
