import * as pulumi from "@pulumi/pulumi";

/** Sandboxes of each team: the numbers that a pull request changes. */
export const TEAMS: Record<string, number> = { search: 3, billing: 2 };

/** How many a stack has at most. Small here, so that there are several; something like 1000 in earnest. Never change it. */
export const SLICE = 2;

/** The stack with what all others build upon. */
export const SHARED = "shared";

/** Every stack of the fleet: `search-0` has the first sandboxes of its team, `search-1` those after them. */
export function stacks(): string[] {
  const slices = Object.entries(TEAMS).flatMap(([team, count]) =>
    Array.from({ length: Math.ceil(count / SLICE) }, (_, slice) => `${team}-${slice}`),
  );
  return [SHARED, ...slices];
}

/**
 * The sandboxes of a stack: none for one beyond the last, which is what is left of a team that has shrunk. A member
 * never moves to another stack, however large the fleet gets.
 */
export function membersOf(stack: string): { team: string; members: string[] } {
  const [, team = "", slice = ""] = /^(.+)-(0|[1-9]\d*)$/.exec(stack) ?? [];
  const count = TEAMS[team];
  if (count === undefined)
    throw new pulumi.RunError(`"${stack}" is no stack of this fleet, which has ${stacks().join(", ")}.`);
  const first = Number(slice) * SLICE;
  const last = Math.min(first + SLICE, count);
  const members: string[] = [];
  for (let number = first; number < last; number++) members.push(`${team}-${number}`);
  return { team, members };
}
