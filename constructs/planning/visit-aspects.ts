import type { IConstruct } from "constructs";
import { applicationsIn, type AspectApplication } from "../aspects";
import * as errors from "../errors";
import { messageOf, type Problems } from "./problems";
import { descendants, descendantsById } from "./walk";

/** How often what aspects add may make them add more. Real trees need two or three rounds. */
const MAX_ROUNDS = 16;
/** How many constructs aspects may add at least, however small the tree. */
const MAX_ADDED = 10_000;

interface Round {
  readonly visits: number;
  /** The aspect that found something to visit last. */
  readonly last: AspectApplication | undefined;
}

/**
 * Visits until nothing new is there: in each round every aspect, by priority, on what it has not seen yet. What
 * one adds is seen in the next round, so the number of rounds tells an aspect that adds for ever.
 */
export function visitAspects(root: IConstruct, problems: Problems): void {
  const initial = aspectsOf(root);
  const first = visitOnce(initial, initial, problems);
  const limit = Math.max(MAX_ADDED, 10 * first.visits);
  let visits = 0;
  for (let round = 2; ; round++) {
    const next = visitOnce(aspectsOf(root), initial, problems);
    if (!next.last) return;
    visits += next.visits;
    if (round < MAX_ROUNDS && visits <= limit) continue;
    problems.add(next.last.at, errors.aspectEndless(nameOf(next.last.aspect), visits));
    return;
  }
}

function visitOnce(
  found: readonly AspectApplication[],
  initial: readonly AspectApplication[],
  problems: Problems,
): Round {
  let visits = 0;
  let last: AspectApplication | undefined;
  for (const application of found) {
    const { aspect, at, priority, visited } = application;
    // What was there from the start is in order by itself.
    const later = initial.includes(application) ? [] : found.filter((other) => other.priority > priority);
    for (const construct of unvisited(application)) {
      visited.add(construct);
      visits++;
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
  return { visits, last };
}

/** What an aspect has not seen yet, as it is now. */
function unvisited({ at, visited }: AspectApplication): IConstruct[] {
  if (visited.size > 0 && descendants(at).every((construct) => visited.has(construct))) return [];
  return descendantsById(at).filter((construct) => !visited.has(construct));
}

/** All aspects of the tree, lowest priority first, then by path. */
function aspectsOf(root: IConstruct): AspectApplication[] {
  return applicationsIn(root)
    .filter(({ at }) => isIn(at, root))
    .sort(
      (a, b) => a.priority - b.priority || (a.at.node.path < b.at.node.path ? -1 : a.at === b.at ? 0 : 1),
    );
}

/** Whether a construct is still part of a tree. */
function isIn(construct: IConstruct, root: IConstruct): boolean {
  const { id, scope } = construct.node;
  return scope ? scope.node.tryFindChild(id) === construct && isIn(scope, root) : construct === root;
}

function nameOf(aspect: object): string {
  const { name } = aspect.constructor;
  return name === "" || name === "Object" ? "an aspect" : `the aspect ${name}`;
}
