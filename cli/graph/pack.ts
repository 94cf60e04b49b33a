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

/** Boxes in rows, the tall ones first, so that the whole is as wide as is pleasant. */
export function pack(boxes: readonly Size[], gap: number): Packed {
  const widest = Math.max(0, ...boxes.map(({ width }) => width));
  const all = boxes.reduce((sum, { width }) => sum + width + gap, -gap);
  const widths = new Set([widest]);
  // Rows end where boxes do, so other widths than these give nothing else.
  const ordered = inOrder(boxes);
  for (let from = 0; from < ordered.length; from++) {
    let width = -gap;
    for (const index of ordered.slice(from)) {
      width += boxes[index]!.width + gap;
      if (width >= widest) widths.add(width);
    }
    if (from > 2) break;
  }
  return [...widths, all]
    .filter((width) => width >= widest)
    .map((width) => inRows(boxes, ordered, width, gap))
    .reduce((best, one) => (badness(one) < badness(best) ? one : best));
}

/** How far a shape is from a pleasant one. */
export function badness({ width, height }: Size): number {
  return height === 0 ? 0 : Math.abs(Math.log(width / height / RATIO));
}

function inOrder(boxes: readonly Size[]): number[] {
  return boxes
    .map((_, index) => index)
    .sort((a, b) => boxes[b]!.height - boxes[a]!.height || boxes[b]!.width - boxes[a]!.width || a - b);
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
