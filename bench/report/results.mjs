import { columns } from "./columns.mjs";

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} [value] Absent where it could not be measured.
 * @property {string} [unit]
 * @property {{ low: number, high: number, count: number }} [spread] Of what the value is the median of.
 * @property {number} [goal] The most that it may be, or the least.
 * @property {"at most" | "at least"} [bound]
 * @property {boolean} [met] Absent like the value.
 * @property {string} how How it was measured, or why it was not.
 */

/**
 * One measured value against the most that it may be. It is rounded for people after it was judged.
 * @param {string} name
 * @param {number | import("./statistics.mjs").Spread} value
 * @param {string} unit
 * @param {number} goal
 * @param {string} how
 * @param {"at most" | "at least"} [bound]
 * @returns {Result}
 */
export function result(name, value, unit, goal, how, bound = "at most") {
  const { median, ...spread } = typeof value === "number" ? { median: value } : value;
  return {
    name,
    value: rounded(median),
    unit,
    ...("low" in spread && spread.count > 1
      ? { spread: { low: rounded(spread.low), high: rounded(spread.high), count: spread.count } }
      : {}),
    goal: rounded(goal),
    bound,
    met: bound === "at most" ? median <= goal : median >= goal,
    how,
  };
}

/**
 * What could not be measured here: no goal is met or missed by that.
 * @param {string} name
 * @param {string} why
 * @returns {Result}
 */
export function absent(name, why) {
  return { name, how: why };
}

/**
 * The results as columns.
 * @param {readonly Result[]} results
 */
export function tableOf(results) {
  return columns([RESULT_HEAD, ...resultRows(results)]);
}

/** What is above the cells of {@link resultRows}. */
export const RESULT_HEAD = ["What", "Measured", "Spread", "Goal", "", "How"];

/**
 * The results as cells.
 * @param {readonly Result[]} results
 */
export function resultRows(results) {
  return results.map(({ name, value, unit, spread, goal, bound, met, how }) => [
    name,
    value === undefined ? "–" : `${value} ${unit}`,
    spread === undefined ? "" : `${spread.low}–${spread.high}`,
    goal === undefined ? "–" : `${bound} ${goal}`,
    value === undefined ? "absent" : met ? "met" : "MISSED",
    how,
  ]);
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 100) / 100;
}
