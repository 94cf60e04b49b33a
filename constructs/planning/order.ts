import * as errors from "../errors";
import type { Dependencies } from "./dependencies";
import type { Leaf, Leaves } from "./leaves";
import type { Problems } from "./problems";
import type { Entry } from "./walk";

/**
 * A construct before the first and after the last of its resources. "All of a after all of b" is one edge then,
 * from the start of a to the end of b, and the order takes time in proportion to the tree, not to its square.
 */
interface Point {
  readonly entry: Entry;
  readonly end: boolean;
  state: "new" | "open" | "done";
}

/** That one thing comes after another, and why, where that is not only the shape of the tree. */
interface Edge {
  readonly to: Point;
  readonly why?: errors.CycleStep;
}

interface Frame {
  readonly point: Point;
  readonly edges: Iterator<Edge>;
  /** By what this point was come to. */
  readonly why?: errors.CycleStep;
}

/** Each resource after all that it depends on, else by path. */
export function orderOf(leaves: Leaves, dependencies: Dependencies, problems: Problems): Leaf[] {
  return new Sorter(leaves, dependencies, problems).sort();
}

class Sorter {
  private readonly points = new Map<Entry, { start: Point; end: Point }>();
  private readonly order: Leaf[] = [];

  constructor(
    private readonly leaves: Leaves,
    private readonly dependencies: Dependencies,
    private readonly problems: Problems,
  ) {}

  sort(): Leaf[] {
    for (const leaf of this.leaves.all) this.visit(this.point(this.dependencies.selfOf(leaf.entry), true));
    return this.order;
  }

  /** Depth first, on a stack of its own: a chain of dependencies may be longer than that of the machine. */
  private visit(from: Point): void {
    if (from.state !== "new") return;
    const stack: Frame[] = [this.open(from)];
    while (stack.length > 0) {
      const { point, edges } = stack.at(-1)!;
      const next = edges.next();
      if (next.done) {
        stack.pop();
        this.close(point);
      } else if (next.value.to.state === "new") {
        stack.push(this.open(next.value.to, next.value.why));
      } else if (next.value.to.state === "open") {
        this.report(stack, next.value);
      }
    }
  }

  private open(point: Point, why?: errors.CycleStep): Frame {
    point.state = "open";
    return { point, edges: this.edges(point), why };
  }

  private close(point: Point): void {
    point.state = "done";
    const { entry, end } = point;
    if (end && entry.resource && entry.children.length === 0)
      this.order.push(this.leaves.of(entry.resource)!);
  }

  private *edges({ entry, end }: Point): Generator<Edge> {
    if (!end) {
      if (entry.parent) yield { to: this.point(entry.parent, false) };
      for (const target of this.dependencies.own(entry)) {
        yield { to: this.point(target, true), why: { from: entry.path, to: target.path } };
      }
      return;
    }
    yield { to: this.point(entry, false) };
    if (entry.children.length > 0) {
      if (entry.resource) yield { to: this.point(this.dependencies.selfOf(entry), true) };
      for (const child of entry.children) yield { to: this.point(child, true) };
    } else if (entry.resource) yield* this.references(this.leaves.of(entry.resource)!);
  }

  private *references(leaf: Leaf): Generator<Edge> {
    for (const { property, reference } of leaf.references) {
      const target = this.leaves.of(reference.target);
      if (!target) continue;
      const why = { from: leaf.path, to: target.path, by: `${property} is its ${reference.attribute}` };
      yield { to: this.point(this.dependencies.selfOf(target.entry), true), why };
    }
  }

  private report(stack: readonly Frame[], closing: Edge): void {
    const begin = stack.findIndex(({ point }) => point === closing.to);
    const steps = [...stack.slice(begin + 1).map(({ why }) => why), closing.why].filter(
      (why) => why !== undefined,
    );
    // The same circle reads the same from wherever it was come to.
    const first = steps.reduce((least, step, index) => (step.from < steps[least]!.from ? index : least), 0);
    const turned = [...steps.slice(first), ...steps.slice(0, first)];
    this.problems.add(closing.to.entry.construct.node.root, errors.cycle(turned));
  }

  private point(entry: Entry, end: boolean): Point {
    let points = this.points.get(entry);
    if (!points) {
      points = { start: { entry, end: false, state: "new" }, end: { entry, end: true, state: "new" } };
      this.points.set(entry, points);
    }
    return end ? points.end : points.start;
  }
}
