import type { KindName } from "../../provider/schema/fields";
import { OUTPUTS } from "../../provider/schema/outputs";
import { App } from "../app";
import type { Manifest, ManifestResource, TreeNode } from "../manifest";
import type { Plan } from "../plan";
import type { PropertiesOf } from "../properties";
import type { Stack } from "../stack";
import * as errors from "./errors";
import { explain } from "./explain";
import { closestOf } from "./literal";
import { Match } from "./match";
import { Matcher, resultOf, type MatchResult } from "./matcher";
import { treeText } from "./tree-text";

/** What is expected of the properties of a resource: those named, or a matcher for all of them. */
export type PropertyPattern<K extends KindName = KindName> =
  { readonly [P in keyof PropertiesOf[K]]?: unknown } | Matcher;

/** What is expected of a whole resource, as the manifest shows it. */
export type ResourcePattern<K extends KindName = KindName> =
  | {
      readonly properties?: PropertyPattern<K>;
      readonly dependsOn?: unknown;
      readonly removalPolicy?: unknown;
      readonly tags?: unknown;
    }
  | Matcher;

interface Candidate {
  readonly path: string;
  readonly resource: ManifestResource;
  readonly one: MatchResult;
}

/**
 * What a stack comes to, to be asserted on: neither an engine nor Pulumi's SDK is needed. A failed assertion shows
 * the resource that comes closest, and how it differs.
 *
 * @example
 * ```ts
 * import { App, CronJob, Schedule, Script, Stack } from "pulumi-mags/constructs";
 * import { Template } from "pulumi-mags/testing";
 *
 * const stack = new Stack(new App(), "reports");
 * new CronJob(stack, "nightly", { schedule: Schedule.daily({ hour: 3 }), script: Script.inline("./report") });
 *
 * const template = Template.fromStack(stack);
 * template.resourceCountIs("CronJob", 1);
 * template.hasResourceProperties("CronJob", { cronExpression: "0 3 * * *" });
 * ```
 */
export class Template {
  /** Everything in a stack, with the stacks in it. The whole app is planned. @throws PlanError if it has mistakes */
  static fromStack(stack: Stack): Template {
    return Template.fromPlan(App.of(stack).plan(), stack.node.path);
  }

  /** Everything in an app. @throws PlanError if it has mistakes */
  static fromApp(app: App): Template {
    return Template.fromPlan(app.plan());
  }

  /** Everything in a plan, or what is at and below a path of it. */
  static fromPlan({ manifest, tree }: Plan, path = ""): Template {
    const inside = ([at]: [string, unknown]) => path === "" || at === path || at.startsWith(`${path}/`);
    const resources = Object.entries(manifest.resources).filter(inside);
    return new Template(Object.fromEntries(resources), nodeAt(tree.root, path));
  }

  private constructor(
    private readonly resources: Manifest["resources"],
    private readonly root: TreeNode | undefined,
  ) {}

  /** Fails unless at least one resource of the kind has these properties; others may stand beside them. */
  hasResourceProperties<K extends KindName>(kind: K, properties: PropertyPattern<K>): void {
    this.hasResource(kind, { properties });
  }

  /** Fails unless at least one resource of the kind looks like this in the manifest. */
  hasResource<K extends KindName>(kind: K, pattern: ResourcePattern<K>): void {
    const candidates = this.candidates(kind, pattern);
    const matching = candidates.filter(({ one }) => one.isMatch);
    if (matching.length === 0) throw this.noneMatches(kind, candidates);
    for (const { one } of matching) one.commit();
  }

  /** Fails unless there is a resource of the kind, and every one of them has these properties. */
  allResourcesProperties<K extends KindName>(kind: K, properties: PropertyPattern<K>): void {
    this.allResources(kind, { properties });
  }

  /** Fails unless there is a resource of the kind, and every one of them looks like this in the manifest. */
  allResources<K extends KindName>(kind: K, pattern: ResourcePattern<K>): void {
    const candidates = this.candidates(kind, pattern);
    if (candidates.length === 0) throw this.noneMatches(kind, candidates);
    const failing = candidates.filter(({ one }) => !one.isMatch);
    const [first] = failing;
    if (first) {
      const paths = failing.map(({ path }) => path);
      throw errors.notAllMatch(
        kind,
        candidates.length,
        paths,
        explain(first.path, { count: 1, equal: 1 }, first.resource, first.one),
      );
    }
    for (const { one } of candidates) one.commit();
  }

  /** Fails unless there are exactly so many resources of the kind. */
  resourceCountIs(kind: KindName, count: number): void {
    const paths = this.ofKind(kind).map(([path]) => path);
    if (paths.length !== count) throw errors.countDiffers(kind, count, paths);
  }

  /** Fails unless exactly so many resources of the kind have these properties. */
  resourcePropertiesCountIs<K extends KindName>(
    kind: K,
    properties: PropertyPattern<K>,
    count: number,
  ): void {
    const candidates = this.candidates(kind, { properties });
    const matching = candidates.filter(({ one }) => one.isMatch);
    if (matching.length !== count) {
      const others = candidates.filter(({ one }) => !one.isMatch);
      const closest = matching.length < count ? closestOf(others) : undefined;
      throw errors.matchingCountDiffers(
        kind,
        count,
        matching.map(({ path }) => path),
        closest && explain(closest.path, amongst(others, closest), closest.resource, closest.one),
      );
    }
    for (const { one } of matching) one.commit();
  }

  /** The resources of a kind that look like this in the manifest, by their paths. None is no failure. */
  findResources<K extends KindName>(
    kind: K,
    pattern: ResourcePattern<K> = {},
  ): Record<string, ManifestResource> {
    const matching = this.candidates(kind, pattern).filter(({ one }) => one.isMatch);
    for (const { one } of matching) one.commit();
    return Object.fromEntries(matching.map(({ path, resource }) => [path, resource]));
  }

  /** The resources by their paths, as the manifest shows them; for snapshots. */
  toJSON(): Manifest["resources"] {
    return this.resources;
  }

  /** The constructs as a tree of text, with what each refers to; for snapshots. */
  toTree(): string {
    return this.root ? treeText(this.root, this.resources) : "";
  }

  private candidates(kind: KindName, pattern: ResourcePattern): Candidate[] {
    const matcher = Matcher.isMatcher(pattern) ? pattern : Match.objectLike({ ...pattern });
    return this.ofKind(kind).map(([path, resource]) => ({
      path,
      resource,
      one: resultOf(matcher, resource),
    }));
  }

  private ofKind(kind: KindName): [string, ManifestResource][] {
    if (!Object.hasOwn(OUTPUTS, kind)) throw errors.kindUnknown(kind, Object.keys(OUTPUTS));
    return Object.entries(this.resources).filter(([, resource]) => resource.kind === kind);
  }

  private noneMatches(kind: KindName, candidates: readonly Candidate[]): Error {
    const closest = closestOf(candidates);
    if (!closest) return errors.noneOfKind(kind, this.countsInWords());
    const { path, resource, one } = closest;
    return errors.noneMatches(
      kind,
      candidates.length,
      explain(path, amongst(candidates, closest), resource, one),
    );
  }

  private countsInWords(): string {
    const counts = new Map<string, number>();
    for (const { kind } of Object.values(this.resources)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [...counts]
      .map(([kind, count]) => `${count} ${kind}`)
      .sort()
      .join(", ");
  }
}

/** How many there are, and how many are as close as one of them. */
function amongst(candidates: readonly Candidate[], { one }: Candidate): { count: number; equal: number } {
  const equal = candidates.filter((other) => other.one.closeness === one.closeness).length;
  return { count: candidates.length, equal };
}

function nodeAt(root: TreeNode, path: string): TreeNode | undefined {
  if (path === root.path) return root;
  const next = Object.values(root.children ?? {}).find(
    (child) => path === child.path || path.startsWith(`${child.path}/`),
  );
  return next && nodeAt(next, path);
}
