import * as errors from "./errors";

/** Stacks of previews have this name and no other, so that no other stack is taken for one. */
const STACK = /^pr-([1-9]\d{0,8})$/;
const NUMBER = /^[1-9]\d{0,8}$/;

/** The number that somebody gave. */
export function pullRequestNumber(given: string): number {
  if (!NUMBER.test(given)) throw errors.notAPullRequest(given);
  return Number(given);
}

export function stackOf(pullRequest: number): string {
  return `pr-${pullRequest}`;
}

/** The pull request that a stack could be the preview of, by its name alone. */
export function pullRequestOf(stack: string): number | undefined {
  const digits = STACK.exec(stack)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The pull requests that somebody says are open. */
export function openNumbers(given: string): Set<number> {
  if (given === "none") return new Set();
  const parts = given.split(",").map((part) => part.trim());
  if (!parts.every((part) => NUMBER.test(part))) throw errors.openListInvalid(given);
  return new Set(parts.map(Number));
}
