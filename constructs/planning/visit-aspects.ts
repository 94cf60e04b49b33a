import type { IConstruct } from "constructs";
import { applicationsOf, type AspectApplication } from "../aspects";
import * as errors from "../errors";
import type { Problems } from "./problems";
import { descendants } from "./walk";

/** How often what aspects add may make them add more. Real trees need two or three rounds. */
const MAX_ROUNDS = 16;
/** How many constructs aspects may add at least, however small the tree. */
const MAX_ADDED = 100_000;

interface Found extends AspectApplication {
  readonly at: IConstruct;
  readonly below: readonly IConstruct[];
}

/**
 * Visits until nothing new is there: in each round every aspect, by priority, on what it has not seen yet. What
 * one adds is seen in the next round, so the number of rounds tells an aspect that adds for ever.
 */
export function visitAspects(root: IConstruct, problems: Problems): void {
  /** The highest priority that has visited a construct. */
  const reached = new Map<IConstruct, number>();
  let initial: number | undefined;
  for (let round = 1; ; round++) {
    const { found, size } = findAspects(root);
    if (found.length === 0) return;
    initial ??= size;
    let last: Found | undefined;
    for (const application of found) {
      const { aspect, at, below, priority, visited } = application;
      for (const construct of below) {
        if (visited.has(construct)) continue;
        visited.add(construct);
        last = application;
        if ((reached.get(construct) ?? -Infinity) > priority) {
          problems.add(at, errors.aspectTooLate(nameOf(aspect), priority));
        } else {
          reached.set(construct, priority);
        }
        problems.catching(construct, errors.aspectFailed(nameOf(aspect)), () => aspect.visit(construct));
      }
    }
    if (last === undefined) return;
    if (round === MAX_ROUNDS || size > Math.max(MAX_ADDED, 10 * initial)) {
      problems.add(last.at, errors.aspectEndless(nameOf(last.aspect), size - initial));
      return;
    }
  }
}

/** All aspects of the tree, lowest priority first, then outer before inner, with what is below each now. */
function findAspects(root: IConstruct): { found: Found[]; size: number } {
  const found: Found[] = [];
  let size = 0;
  for (const at of descendants(root)) {
    size++;
    const applications = applicationsOf(at);
    if (applications.length === 0) continue;
    const below = descendants(at);
    found.push(...applications.map((application) => ({ ...application, at, below })));
  }
  return { found: found.sort((a, b) => a.priority - b.priority), size };
}

function nameOf(aspect: object): string {
  const { name } = aspect.constructor;
  return name === "" || name === "Object" ? "an aspect" : `the aspect ${name}`;
}
