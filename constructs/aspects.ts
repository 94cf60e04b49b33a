import type { IConstruct } from "constructs";
import { Annotations } from "./annotations";
import * as errors from "./errors";

/** Something done to every construct of a part of the tree, before it is checked. */
export interface IAspect {
  visit(construct: IConstruct): void;
}

/**
 * In which order aspects are visited: lower numbers first, each on the whole of its part of the tree before the
 * next. So what only looks, with `READONLY`, sees what those that change have made of every construct.
 */
export class AspectPriority {
  static readonly MUTATING = 200;
  static readonly DEFAULT = 500;
  static readonly READONLY = 1000;

  private constructor() {}
}

export interface AspectOptions {
  /** @default AspectPriority.DEFAULT */
  readonly priority?: number;
}

/** An aspect, where it holds, and what it has visited already: a second plan does not visit again. */
export interface AspectApplication {
  readonly at: IConstruct;
  readonly aspect: IAspect;
  readonly priority: number;
  readonly visited: Set<IConstruct>;
}

const APPLICATIONS = Symbol.for("pulumi-mags.Aspects");

/**
 * Aspects of a construct and all that is below it. An aspect may change properties, attach annotations, and add
 * constructs or further aspects; what is added is visited too.
 *
 * @example
 * ```ts
 * Aspects.of(app).add({
 *   visit(construct) {
 *     if (construct instanceof Job) Tags.of(construct).add("kind", "job");
 *   },
 * });
 * ```
 */
export class Aspects {
  static of(construct: IConstruct): Aspects {
    return new Aspects(construct);
  }

  private constructor(private readonly construct: IConstruct) {}

  /** The same aspect, added twice, is one. */
  add(aspect: IAspect, options: AspectOptions = {}): void {
    const { priority = AspectPriority.DEFAULT } = options;
    const { construct: at } = this;
    // Plain JavaScript may give anything.
    if (typeof (aspect as IAspect | undefined)?.visit !== "function") {
      Annotations.of(at).addError(errors.noAspect());
      return;
    }
    if (this.own.some((one) => one.aspect === aspect && one.priority === priority)) return;
    const root = at.node.root as Holder;
    (root[APPLICATIONS] ??= []).push({ at, aspect, priority, visited: new Set() });
  }

  /** Those added to this construct itself. */
  get all(): readonly IAspect[] {
    return this.own.map(({ aspect }) => aspect);
  }

  private get own(): readonly AspectApplication[] {
    return applicationsIn(this.construct.node.root).filter(({ at }) => at === this.construct);
  }
}

/** They are kept at the root, so that nobody has to look for them. */
interface Holder extends IConstruct {
  [APPLICATIONS]?: AspectApplication[];
}

/** All aspects of a tree, in the order in which they were added. */
export function applicationsIn(root: IConstruct): readonly AspectApplication[] {
  return (root as Holder)[APPLICATIONS] ?? [];
}
