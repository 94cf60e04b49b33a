/** @typedef {import("./source.mjs").Field} Field */

/** @param {string} thing A kind, a component or a provider. */
export function pageOf(thing) {
  return `${thing.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}

/** @param {Record<string, Field>} fields */
export function visible(fields) {
  return Object.entries(fields).filter(([, field]) => !field.derived);
}
