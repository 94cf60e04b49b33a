/**
 * A failure that is explained by its message alone: what happened, why, what to do next. It is shown without
 * a stack.
 */
export class UserError extends Error {}

/**
 * The text to show for anything that was thrown.
 * @param {unknown} error
 */
export function describe(error) {
  if (error instanceof UserError) return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}

/**
 * Whether `error` is a system error with that code, such as ENOENT.
 * @param {unknown} error
 * @param {string} code
 */
export function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
