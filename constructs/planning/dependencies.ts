import type { IConstruct } from "constructs";
import { App } from "../app";
import * as errors from "../errors";
import type { Leaf, Leaves } from "./leaves";
import type { Problems } from "./problems";
import { Entry, type Walk } from "./walk";

/**
 * What was told to wait for what, by `node.addDependency`: between constructs that do not contain each other, so
 * that "all below this one after all below that one" has a meaning.
 */
export class Dependencies {
  private readonly byWaiting = new Map<Entry, Set<Entry>>();
  private readonly selves = new Map<Entry, Entry>();
  private readonly leavesBelow = new Map<Entry, readonly Leaf[]>();
  private readonly inherited = new Map<Entry, readonly Entry[]>();

  constructor(
    private readonly leaves: Leaves,
    walk: Walk,
    problems: Problems,
  ) {
    for (const entry of walk.entries) {
      for (const construct of toldOf(entry, problems)) {
        const target = walk.entryOf(construct);
        if (target) this.add(entry, target, problems);
        else {
          const elsewhere = construct.node.root !== walk.root.construct && App.isApp(construct.node.root);
          const say = elsewhere ? errors.dependencyAcrossApps : errors.dependencyGone;
          problems.add(entry.construct, say(construct.node.path));
        }
      }
    }
  }

  /** What a construct itself, with all below it, was told to wait for. By path. */
  own(entry: Entry): readonly Entry[] {
    const own = this.byWaiting.get(entry);
    return own ? byPath(own) : NONE;
  }

  /** All that a construct waits for: what it was told itself, and what all that it is in was. By path. */
  of(entry: Entry): readonly Entry[] {
    let found = this.inherited.get(entry);
    if (!found) {
      const above = entry.parent ? this.of(entry.parent) : NONE;
      const own = this.own(entry);
      found = own.length === 0 ? above : byPath(new Set([...above, ...own]));
      this.inherited.set(entry, found);
    }
    return found;
  }

  /** The resources at and below a construct. */
  leavesOf(entry: Entry): readonly Leaf[] {
    let found = this.leavesBelow.get(entry);
    if (!found) {
      const own = entry.resource && this.leaves.of(entry.resource);
      found = [...(own ? [own] : []), ...entry.children.flatMap((child) => this.leavesOf(child))];
      this.leavesBelow.set(entry, found);
    }
    return found;
  }

  /** A resource alone, as a part of itself where constructs are below it. */
  selfOf(entry: Entry): Entry {
    if (entry.children.length === 0) return entry;
    let self = this.selves.get(entry);
    if (!self) {
      self = new Entry(entry.construct, entry.id, entry.path, entry);
      this.selves.set(entry, self);
    }
    return self;
  }

  private add(waiting: Entry, target: Entry, problems: Problems): void {
    if (waiting === target) problems.add(waiting.construct, errors.waitsForItself());
    // All of it waits for a part of it: what is not that part does.
    else if (contains(waiting, target))
      for (const beside of this.around(target, waiting)) this.note(beside, target);
    // A part of it waits for all of it: for what is not that part.
    else if (contains(target, waiting))
      for (const beside of this.around(waiting, target)) this.note(waiting, beside);
    else this.note(waiting, target);
  }

  /** All that `outer` holds and `inner` does not, in as few parts as can be. */
  private *around(inner: Entry, outer: Entry): Generator<Entry> {
    for (let at = inner; at !== outer; at = at.parent!) {
      const above = at.parent!;
      if (above.resource) yield this.selfOf(above);
      for (const child of above.children) if (child !== at) yield child;
    }
  }

  private note(waiting: Entry, target: Entry): void {
    const noted = this.byWaiting.get(waiting);
    if (noted) noted.add(target);
    else this.byWaiting.set(waiting, new Set([target]));
  }
}

/** What a construct was told to wait for. Something that is no construct is found out only when it is asked for. */
function toldOf({ construct }: Entry, problems: Problems): readonly IConstruct[] {
  try {
    return construct.node.dependencies;
  } catch {
    problems.add(construct, errors.dependencyInvalid());
    return [];
  }
}

const NONE: readonly Entry[] = [];

function contains(outer: Entry, inner: Entry): boolean {
  for (let at = inner.parent; at; at = at.parent) if (at === outer) return true;
  return false;
}

function byPath(entries: Set<Entry>): readonly Entry[] {
  return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
}
