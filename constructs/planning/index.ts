import { annotationsOf } from "../annotations";
import type { App } from "../app";
import * as errors from "../errors";
import { MANIFEST_VERSION, type ManifestResource } from "../manifest";
import type { Plan, PlanAnnotation, PlanResource } from "../plan";
import type { MagsResource } from "../resource";
import { checkResources } from "./check";
import { Dependencies } from "./dependencies";
import { Leaves, type Leaf } from "./leaves";
import { orderOf } from "./order";
import { Problems, pathOf } from "./problems";
import { manifestOf, manifestResourceOf, treeNodeOf } from "./render";
import { checkTogether } from "./rules";
import { visitAspects } from "./visit-aspects";
import { descendants, walk, type Walk } from "./walk";

/** Makes the plan of a tree: aspects, then everything that can be wrong, then order and the frozen result. */
export function planOf(app: App): Plan {
  const problems = new Problems();
  visitAspects(app, problems);
  const tree = walk(app);
  for (const { construct } of tree.entries) validate(construct, problems);
  const leaves = new Leaves(tree, problems);
  checkResources(leaves, tree, problems);
  const annotations: PlanAnnotation[] = [];
  checkTogether(leaves, problems, (resource, message) =>
    annotations.push({ path: resource.path, level: "warning", message }),
  );
  const dependencies = new Dependencies(leaves, tree, problems);
  const order = orderOf(leaves, dependencies, problems);
  collectAnnotations(tree, annotations, problems);
  // What a lazy value or a validation adds comes after everything was looked at.
  const added = descendants(app).length - tree.entries.length;
  if (added !== 0) problems.add(app, errors.treeChanged(added));
  problems.throwIfAny();
  return frozenPlan(tree, leaves, order, dependencies, annotations);
}

function validate(construct: Walk["root"]["construct"], problems: Problems): void {
  const found = problems.catching(construct, errors.validationFailed(), () => construct.node.validate());
  for (const message of found ?? []) problems.add(construct, message);
}

function collectAnnotations(tree: Walk, annotations: PlanAnnotation[], problems: Problems): void {
  for (const { construct } of tree.entries) {
    for (const { level, message } of annotationsOf(construct)) {
      if (level === "error") problems.add(construct, message);
      else annotations.push({ path: pathOf(construct), level, message });
    }
  }
  annotations.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function frozenPlan(
  tree: Walk,
  leaves: Leaves,
  order: readonly Leaf[],
  dependencies: Dependencies,
  annotations: PlanAnnotation[],
): Plan {
  const byResource = new Map<MagsResource, PlanResource>();
  const byPath = new Map<string, PlanResource>();
  const planned = (leaf: Leaf) => byResource.get(leaf.resource)!;
  const manifests = new Map<string, ManifestResource>();
  for (const leaf of order) {
    const manifest = manifestResourceOf(leaf, dependencies);
    const resource = plannedResource(leaf, manifest, () =>
      dependenciesOf(leaf, leaves, dependencies).map(planned),
    );
    byResource.set(leaf.resource, resource);
    byPath.set(leaf.path, resource);
    manifests.set(leaf.path, manifest);
  }
  return Object.freeze<Plan>({
    resources: Object.freeze([...byResource.values()]),
    manifest: manifestOf(manifests),
    tree: Object.freeze({ root: treeNodeOf(tree.root), version: MANIFEST_VERSION }),
    annotations: Object.freeze(annotations.map((annotation) => Object.freeze(annotation))),
    find: (path) => byPath.get(path),
    of: (construct) => byResource.get(construct),
  });
}

/** The dependencies are worked out when they are asked for: between large groups they are many. */
function plannedResource(leaf: Leaf, manifest: ManifestResource, find: () => PlanResource[]): PlanResource {
  let dependencies: readonly PlanResource[] | undefined;
  return Object.freeze<PlanResource>({
    path: leaf.path,
    kind: leaf.kind,
    construct: leaf.resource,
    inputs: leaf.inputs,
    get dependencies() {
      return (dependencies ??= Object.freeze(find()));
    },
    ...(leaf.resource.removalPolicy ? { removalPolicy: leaf.resource.removalPolicy } : {}),
    tags: leaf.entry.tags,
    manifest,
  });
}

function dependenciesOf(leaf: Leaf, leaves: Leaves, dependencies: Dependencies): Leaf[] {
  const found = new Set<Leaf>();
  for (const { reference } of leaf.references) found.add(leaves.of(reference.target)!);
  for (const entry of dependencies.of(dependencies.selfOf(leaf.entry))) {
    for (const target of dependencies.leavesOf(entry)) found.add(target);
  }
  return [...found].sort((a, b) => (a.path < b.path ? -1 : 1));
}
