/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} [value] Absent where it could not be measured.
 * @property {string} [unit]
 * @property {number} [goal] The most that it may be.
 * @property {boolean} met
 * @property {string} how How it was measured, or why it was not.
 */

/**
 * One measured value against its goal. It is rounded for people after it was judged.
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 * @param {number} goal
 * @param {string} how
 * @returns {Result}
 */
export function result(name, value, unit, goal, how) {
  return { name, value: Math.round(value * 100) / 100, unit, goal, met: value <= goal, how };
}

/**
 * What could not be measured here: no goal is missed by that.
 * @param {string} name
 * @param {string} why
 * @returns {Result}
 */
export function absent(name, why) {
  return { name, met: true, how: why };
}

/**
 * The results as columns.
 * @param {Result[]} results
 */
export function tableOf(results) {
  const rows = results.map(({ name, value, unit, goal, met, how }) => [
    name,
    value === undefined ? "–" : `${value} ${unit}`,
    goal === undefined ? "–" : `at most ${goal}`,
    value === undefined ? "absent" : met ? "met" : "MISSED",
    how,
  ]);
  const head = ["What", "Measured", "Goal", "", "How"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (/** @type {string[]} */ row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map(line).join("\n");
}
