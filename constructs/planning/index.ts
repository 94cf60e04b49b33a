import type { KindName, Values } from "../../provider/schema/fields";
import type { Annotation } from "../annotations";
import type { App } from "../app";
import * as errors from "../errors";
import { MANIFEST_VERSION, type ManifestResource } from "../manifest";
import type { Plan, PlanAnnotation, PlanResource } from "../plan";
import type { RemovalPolicy } from "../removal-policy";
import { pathOf, type MagsResource } from "../resource";
import type { AccountOf } from "./accounts";
import { checkResources } from "./check";
import { Dependencies } from "./dependencies";
import { Leaves, type Leaf } from "./leaves";
import { orderOf } from "./order";
import { Problems, messageOf } from "./problems";
import { manifestOf, manifestResourceOf, treeNodeOf } from "./render";
import { checkTogether, type Warn } from "./rules";
import { visitAspects } from "./visit-aspects";
import { descendants, walk, type Walk } from "./walk";

/**
 * Makes the plan of a tree: aspects, then everything that can be wrong, then order and the frozen result.
 * @param accountOf the account of each resource, where that is known: in a deploy
 */
export function planOf(app: App, accountOf?: AccountOf): Plan {
  const problems = new Problems();
  visitAspects(app, problems);
  const tree = walk(app);
  validate(tree, problems);
  const leaves = new Leaves(tree, problems);
  checkResources(leaves, tree, problems);
  const remarks: PlanAnnotation[] = [];
  const remark: Warn = (resource, message) =>
    remarks.push({ path: resource.path, level: "warning", message });
  checkTogether(leaves, problems, remark, accountOf);
  const dependencies = new Dependencies(leaves, tree, problems);
  const order = orderOf(leaves, dependencies, problems);
  const annotations = collectAnnotations(tree, remarks, problems);
  // What a lazy value or a validation adds comes after everything was looked at.
  const added = descendants(app).length - tree.entries.length;
  if (added !== 0) problems.add(app, errors.treeChanged(added));
  problems.throwIfAny();
  return frozenPlan(tree, leaves, order, dependencies, { annotations, remarks });
}

function validate({ entries }: Walk, problems: Problems): void {
  for (const { construct } of entries) {
    try {
      for (const message of construct.node.validate() as unknown[]) {
        // One that returns nothing has found nothing.
        if (message === undefined || message === null) continue;
        const isText = typeof message === "string" && message.trim() !== "";
        problems.add(construct, isText ? message : errors.validationWithoutText());
      }
    } catch (error) {
      problems.add(construct, errors.validationFailed(messageOf(error)));
    }
  }
}

/** What the plan has remarked, and what the constructs say themselves; their errors are problems. */
function collectAnnotations(
  tree: Walk,
  remarks: readonly PlanAnnotation[],
  problems: Problems,
): PlanAnnotation[] {
  const annotations = [...remarks];
  for (const { annotations: own, construct } of tree.entries) {
    for (const { level, message } of own) {
      if (level === "error") problems.add(construct, message);
      else annotations.push({ path: pathOf(construct), level, message });
    }
  }
  return annotations.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function frozenPlan(
  tree: Walk,
  leaves: Leaves,
  order: readonly Leaf[],
  dependencies: Dependencies,
  { annotations, remarks }: { annotations: PlanAnnotation[]; remarks: readonly PlanAnnotation[] },
): Plan {
  const remarksByPath = new Map<string, Annotation[]>();
  for (const { path, level, message } of remarks)
    remarksByPath.set(path, [...(remarksByPath.get(path) ?? []), Object.freeze({ level, message })]);
  const byLeaf = new Map<Leaf, PlanResource>();
  const byPath = new Map<string, PlanResource>();
  const dependenciesOf = (leaf: Leaf) =>
    allDependencies(leaf, leaves, dependencies).map((other) => byLeaf.get(other)!);
  for (const leaf of order) {
    const resource = new Planned(leaf, manifestResourceOf(leaf, dependencies), dependenciesOf);
    byLeaf.set(leaf, resource);
    byPath.set(leaf.path, resource);
  }
  return Object.freeze<Plan>({
    resources: Object.freeze([...byLeaf.values()]),
    manifest: manifestOf(leaves.all.map((leaf) => byLeaf.get(leaf)!)),
    tree: Object.freeze({ root: treeNodeOf(tree.root, remarksByPath), version: MANIFEST_VERSION }),
    annotations: Object.freeze(annotations.map((annotation) => Object.freeze(annotation))),
    find: (path) => byPath.get(path),
    of(construct) {
      const leaf = leaves.of(construct);
      return leaf && byLeaf.get(leaf);
    },
  });
}

class Planned implements PlanResource {
  readonly path: string;
  readonly kind: KindName;
  readonly construct: MagsResource;
  readonly inputs: Readonly<Values>;
  readonly removalPolicy: RemovalPolicy | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly #leaf: Leaf;
  readonly #find: (leaf: Leaf) => PlanResource[];
  #dependencies: readonly PlanResource[] | undefined;

  constructor(
    leaf: Leaf,
    readonly manifest: ManifestResource,
    find: (leaf: Leaf) => PlanResource[],
  ) {
    this.path = leaf.path;
    this.kind = leaf.kind;
    this.construct = leaf.resource;
    this.inputs = leaf.inputs;
    this.removalPolicy = leaf.resource.removalPolicy;
    this.tags = leaf.entry.tags;
    this.#leaf = leaf;
    this.#find = find;
    Object.freeze(this);
  }

  /** Worked out when they are asked for: between large groups they are many. */
  get dependencies(): readonly PlanResource[] {
    return (this.#dependencies ??= Object.freeze(this.#find(this.#leaf)));
  }
}

function allDependencies(leaf: Leaf, leaves: Leaves, dependencies: Dependencies): Leaf[] {
  const found = new Set<Leaf>();
  for (const { reference } of leaf.references) found.add(leaves.of(reference.target)!);
  for (const entry of dependencies.of(dependencies.selfOf(leaf.entry))) {
    for (const target of dependencies.leavesOf(entry)) found.add(target);
  }
  return [...found].sort((a, b) => (a.path < b.path ? -1 : 1));
}
