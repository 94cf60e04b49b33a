/**
 * The middle value, or the mean of the two in the middle.
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? /** @type {number} */ (sorted[middle])
    : /** @type {number} */ (sorted[middle - 1] + /** @type {number} */ (sorted[middle])) / 2;
}

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} low
 * @property {number} high
 * @property {number} count
 */

/**
 * The middle of some values, and how far they lie apart.
 * @param {readonly number[]} values At least one.
 * @returns {Spread}
 */
export function spreadOf(values) {
  return {
    median: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    count: values.length,
  };
}

/**
 * The spread of what pairs come to: values of one index were measured one after the other, so that what slowed
 * the machine slowed both.
 * @param {readonly (readonly number[])[]} lists
 * @param {(...values: number[]) => number} combine
 */
export function pairwise(lists, combine) {
  const count = Math.min(...lists.map(({ length }) => length));
  return spreadOf(
    Array.from({ length: count }, (_, index) =>
      combine(...lists.map((list) => /** @type {number} */ (list[index]))),
    ),
  );
}
