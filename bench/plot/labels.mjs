/**
 * Moves places on a line apart until none is nearer to the next than `distance`, each as little as it can be, and
 * none beyond the ends where there is room.
 * @param {readonly number[]} wanted
 * @param {number} distance
 * @param {readonly [number, number]} ends
 * @returns {number[]} In the order of `wanted`.
 */
export function spreadOut(wanted, distance, [first, last]) {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  /**
   * Neighbours that touch and move as one; `start` is the place of the first of them.
   * @type {{ start: number, members: number[] }[]}
   */
  const blocks = [];
  for (const index of order) {
    let block = placed([index]);
    for (let before = blocks.at(-1); before && touches(before, block); before = blocks.at(-1)) {
      blocks.pop();
      block = placed([...before.members, ...block.members]);
    }
    blocks.push(block);
  }
  const places = Array.from(wanted);
  for (const { start, members } of blocks) {
    members.forEach((index, position) => (places[index] = start + position * distance));
  }
  return places;

  /** @param {number[]} members */
  function placed(members) {
    const starts = members.map((index, position) => (wanted[index] ?? 0) - position * distance);
    const mean = starts.reduce((sum, start) => sum + start, 0) / starts.length;
    const latest = last - (members.length - 1) * distance;
    return { start: Math.max(first, Math.min(mean, latest)), members };
  }

  /**
   * @param {{ start: number, members: number[] }} before
   * @param {{ start: number }} block
   */
  function touches(before, block) {
    return before.start + before.members.length * distance > block.start;
  }
}

/**
 * A label beside the end of a line, and how it is written from there.
 * @typedef {object} Beside
 * @property {number} across
 * @property {number} down
 * @property {"start" | "end"} anchor
 */

/** @typedef {[number, number]} Spot From the left, from the top. */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

/**
 * The place for a label near a spot where it lies on nothing else: as near as can be, to the right rather than to the
 * left. Where everything is taken it lies to the right of the spot.
 * @param {Spot} spot
 * @param {{ width: number, height: number, gap: number }} size
 * @param {object} around
 * @param {Box} around.area Nothing lies beyond it.
 * @param {readonly Spot[][]} around.lines
 * @param {readonly Box[]} around.boxes
 * @returns {Beside & { box: Box }}
 */
export function placeBeside([across, down], { width, height, gap }, { area, lines, boxes }) {
  const steps = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6];
  const candidates = steps.flatMap((step) =>
    /** @type {const} */ (["start", "end"]).map((anchor) => {
      const from = anchor === "start" ? across + gap : across - gap;
      const left = anchor === "start" ? from : from - width;
      const at = down + step * height;
      const box = { left, right: left + width, top: at - height / 2, bottom: at + height / 2 };
      return { across: from, down: at, anchor, box };
    }),
  );
  const isFree = (/** @type {Box} */ box) =>
    box.left >= area.left &&
    box.right <= area.right &&
    box.top >= area.top &&
    box.bottom <= area.bottom &&
    !boxes.some((other) => overlap(box, other)) &&
    !lines.some((line) => crosses(line, box));
  const found = candidates.find(({ box }) => isFree(box)) ?? candidates[0];
  return /** @type {NonNullable<typeof found>} */ (found);
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/**
 * Whether a line that goes to the right passes through a box.
 * @param {readonly Spot[]} line
 * @param {Box} box
 */
function crosses(line, { left, right, top, bottom }) {
  return line.slice(1).some(([toX, toY], index) => {
    const [fromX, fromY] = /** @type {Spot} */ (line[index]);
    const [start, end] = [Math.max(fromX, left), Math.min(toX, right)];
    if (start > end) return false;
    const at = (/** @type {number} */ x) => fromY + ((toY - fromY) * (x - fromX)) / (toX - fromX || 1);
    return Math.min(at(start), at(end)) < bottom && Math.max(at(start), at(end)) > top;
  });
}
