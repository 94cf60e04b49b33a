import type { Reference } from "../reference";
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

/** That something comes after a point, and why, where that is not only the shape of the tree. */
interface Edge {
  readonly to: Point;
  readonly from?: Entry | Leaf;
  readonly property?: string;
  readonly reference?: Reference;
}

interface Frame {
  readonly point: Point;
  readonly edges: readonly Edge[];
  next: number;
  /** By what this point was come to. */
  readonly by?: Edge;
}

/** Each resource after all that it depends on, else by path. */
export function orderOf(leaves: Leaves, dependencies: Dependencies, problems: Problems): Leaf[] {
  return new Sorter(leaves, dependencies, problems).sort();
}

class Sorter {
  private readonly starts = new Map<Entry, Point>();
  private readonly ends = new Map<Entry, Point>();
  private readonly order: Leaf[] = [];

  constructor(
    private readonly leaves: Leaves,
    private readonly dependencies: Dependencies,
    private readonly problems: Problems,
  ) {}

  sort(): Leaf[] {
    for (const leaf of this.leaves.all) this.visit(this.end(this.dependencies.selfOf(leaf.entry)));
    return this.order;
  }

  /** Depth first, on a stack of its own: a chain of dependencies may be longer than that of the machine. */
  private visit(from: Point): void {
    if (from.state !== "new") return;
    const stack: Frame[] = [this.open(from)];
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      const edge = frame.edges[frame.next++];
      if (!edge) {
        stack.pop();
        this.close(frame.point);
      } else if (edge.to.state === "new") stack.push(this.open(edge.to, edge));
      else if (edge.to.state === "open") this.report(stack, edge);
    }
  }

  private open(point: Point, by?: Edge): Frame {
    point.state = "open";
    return { point, edges: this.edges(point), next: 0, by };
  }

  private close(point: Point): void {
    point.state = "done";
    const { entry, end } = point;
    if (end && entry.resource && entry.children.length === 0)
      this.order.push(this.leaves.of(entry.resource)!);
  }

  private edges({ entry, end }: Point): Edge[] {
    const isGroup = entry.children.length > 0;
    if (!end || !isGroup) {
      const edges: Edge[] = entry.parent ? [{ to: this.start(entry.parent) }] : [];
      for (const target of this.dependencies.own(entry)) edges.push({ to: this.end(target), from: entry });
      if (!isGroup && entry.resource) this.addReferences(edges, this.leaves.of(entry.resource)!);
      return edges;
    }
    const self = entry.resource ? [{ to: this.end(this.dependencies.selfOf(entry)) }] : [];
    return [{ to: this.start(entry) }, ...self, ...entry.children.map((child) => ({ to: this.end(child) }))];
  }

  private addReferences(edges: Edge[], leaf: Leaf): void {
    for (const { property, reference } of leaf.references) {
      const target = this.leaves.of(reference.target);
      if (!target) continue;
      edges.push({ to: this.end(this.dependencies.selfOf(target.entry)), from: leaf, property, reference });
    }
  }

  private report(stack: readonly Frame[], closing: Edge): void {
    const begin = stack.findIndex(({ point }) => point === closing.to);
    const edges = [...stack.slice(begin + 1).map(({ by }) => by), closing];
    const steps = edges.flatMap((edge) => stepOf(edge) ?? []);
    // The same circle reads the same from wherever it was come to.
    const first = steps.reduce((least, step, index) => (step.from < steps[least]!.from ? index : least), 0);
    const turned = [...steps.slice(first), ...steps.slice(0, first)];
    this.problems.add(closing.to.entry.construct.node.root, errors.cycle(turned));
  }

  private start(entry: Entry): Point {
    return pointIn(this.starts, entry, false);
  }

  private end(entry: Entry): Point {
    return pointIn(this.ends, entry, true);
  }
}

function pointIn(points: Map<Entry, Point>, entry: Entry, end: boolean): Point {
  let point = points.get(entry);
  if (!point) points.set(entry, (point = { entry, end, state: "new" }));
  return point;
}

function stepOf(edge: Edge | undefined): errors.CycleStep | undefined {
  if (!edge?.from) return undefined;
  const { from, property, reference, to } = edge;
  return reference
    ? { from: from.path, to: reference.target.path, by: `${property} is its ${reference.attribute}` }
    : { from: from.path, to: to.entry.path };
}
