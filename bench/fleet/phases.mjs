/**
 * What a contestant does, in the order in which it does it. `id` is a name of the JSON, for good.
 * @typedef {object} Phase
 * @property {string} id
 * @property {string} title
 * @property {"firstUp" | "unchanged" | "changeOne" | "refresh" | "destroy"} operation
 */

/** @type {Phase} */
export const FIRST_UP = { id: "first-up", title: "first up", operation: "firstUp" };
/** @type {Phase} */
export const FIRST_UP_BARE = {
  id: "first-up-without-checkpoints",
  title: "first up without checkpoints",
  operation: "firstUp",
};
/** @type {Phase} */
export const NO_OP_UP = { id: "no-op-up", title: "no-op up", operation: "unchanged" };
/** @type {Phase} */
export const CHANGE_ONE = { id: "change-one", title: "one change in the middle", operation: "changeOne" };
/** @type {Phase} */
export const REFRESH = { id: "refresh", title: "refresh", operation: "refresh" };
/** @type {Phase} */
export const DESTROY = { id: "destroy", title: "destroy", operation: "destroy" };

/** All of them, in the order of the table. */
export const PHASES = [FIRST_UP, FIRST_UP_BARE, NO_OP_UP, CHANGE_ONE, REFRESH, DESTROY];
