/**
 * Where values lie along an axis.
 * @typedef {object} Scale
 * @property {number[]} ticks Round numbers, from the least to the greatest.
 * @property {(value: number) => number} at The place of a value, within the range.
 */

/** Steps between ticks, below ten. */
const STEPS = [1, 2, 5, 10];

/** The first digits that the ticks of a decade may have, fewest first. */
const DIGITS = [[1], [1, 3], [1, 2, 5]];

/** The fewest ticks that let a logarithmic axis be read. */
const FEWEST_TICKS = 4;

/**
 * A scale from zero, so that twice the height is twice the value.
 * @param {readonly number[]} values None of them negative.
 * @param {readonly [number, number]} range
 * @param {number} most How many steps there are at most.
 * @returns {Scale}
 */
export function linearScale(values, [from, to], most) {
  const highest = Math.max(...values) || 1;
  const power = 10 ** Math.floor(Math.log10(highest / most));
  // Too small by a rounding error is not too small.
  const step = power * (STEPS.find((size) => highest / (size * power) <= most + 1e-9) ?? 10);
  const count = Math.ceil(highest / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) => round(index * step));
  return { ticks, at: (value) => from + ((to - from) * value) / (count * step) };
}

/**
 * A scale on which equal factors have equal lengths.
 * @param {readonly number[]} values All of them above zero.
 * @param {readonly [number, number]} range
 * @param {number} margin What is left free at both ends, as a part of the length of the values.
 * @returns {Scale}
 */
export function logScale(values, [from, to], margin) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low <= 0) throw new Error(`a logarithmic axis has no place for ${low}`);
  // One value alone gets a decade around it.
  const free = low === high ? 10 ** 0.5 : (high / low) ** margin;
  const [least, most] = [low / free, high * free];
  const choices = DIGITS.map((digits) => ticksOf(digits, least, most));
  const length = Math.log(most / least);
  return {
    ticks: choices.find((ticks) => ticks.length >= FEWEST_TICKS) ?? choices.at(-1) ?? [],
    at: (value) => from + ((to - from) * Math.log(value / least)) / length,
  };
}

/**
 * The numbers from `least` to `most` that have one of these first digits and else zeros.
 * @param {readonly number[]} digits
 * @param {number} least
 * @param {number} most
 */
function ticksOf(digits, least, most) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.floor(Math.log10(most)); power++) {
    ticks.push(...digits.map((digit) => round(digit * 10 ** power)));
  }
  return ticks.filter((tick) => tick >= least && tick <= most);
}

/**
 * Without the rounding errors of binary fractions, so that 3 × 0.1 is 0.3.
 * @param {number} value
 */
function round(value) {
  return Number(value.toPrecision(12));
}
