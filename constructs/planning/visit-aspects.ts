import type { IConstruct } from "constructs";
import { applicationsOf, type AspectApplication } from "../aspects";
import * as errors from "../errors";
import { messageOf, type Problems } from "./problems";
import { descendants, descendantsById } from "./walk";

/** How often what aspects add may make them add more. Real trees need two or three rounds. */
const MAX_ROUNDS = 16;
/** How many constructs aspects may add at least, however small the tree. */
const MAX_ADDED = 100_000;

interface Found extends AspectApplication {
  readonly at: IConstruct;
}

/**
 * Visits until nothing new is there: in each round every aspect, by priority, on what it has not seen yet. What
 * one adds is seen in the next round, so the number of rounds tells an aspect that adds for ever.
 */
export function visitAspects(root: IConstruct, problems: Problems): void {
  let initial: Found[] | undefined;
  let initialSize = 0;
  for (let round = 1; ; round++) {
    const { found, size } = findAspects(root);
    if (found.length === 0) return;
    if (!initial) [initial, initialSize] = [found, size];
    const last = visitOnce(found, initial, problems);
    if (!last) return;
    if (round === MAX_ROUNDS || size > Math.max(MAX_ADDED, 10 * initialSize)) {
      problems.add(last.at, errors.aspectEndless(nameOf(last.aspect), size - initialSize));
      return;
    }
  }
}

/** One round. Returns the aspect that found something to visit last. */
function visitOnce(
  found: readonly Found[],
  initial: readonly Found[],
  problems: Problems,
): Found | undefined {
  let last: Found | undefined;
  for (const application of found) {
    const { aspect, at, priority, visited } = application;
    const later = initial.some((one) => one.visited === visited)
      ? []
      : found.filter((other) => other.priority > priority);
    for (const construct of unvisited(application)) {
      visited.add(construct);
      last = application;
      if (later.some((other) => other.visited.has(construct))) {
        problems.add(at, errors.aspectTooLate(nameOf(aspect), priority));
      }
      try {
        aspect.visit(construct);
      } catch (error) {
        problems.add(construct, errors.aspectFailed(nameOf(aspect), messageOf(error)));
      }
    }
  }
  return last;
}

/** What an aspect has not seen yet, as it is now. */
function unvisited({ at, visited }: Found): IConstruct[] {
  if (descendants(at).every((construct) => visited.has(construct))) return [];
  return descendantsById(at).filter((construct) => !visited.has(construct));
}

/** All aspects of the tree, lowest priority first, then by path. */
function findAspects(root: IConstruct): { found: Found[]; size: number } {
  const all = descendants(root);
  const found = all.flatMap((at) => {
    const applications = applicationsOf(at);
    return applications.length === 0 ? applications : applications.map((one) => ({ ...one, at }));
  }) as Found[];
  found.sort(
    (a, b) => a.priority - b.priority || (a.at.node.path < b.at.node.path ? -1 : a.at === b.at ? 0 : 1),
  );
  return { found, size: all.length };
}

function nameOf(aspect: object): string {
  const { name } = aspect.constructor;
  return name === "" || name === "Object" ? "an aspect" : `the aspect ${name}`;
}
