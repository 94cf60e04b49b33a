import { Construct, type IConstruct } from "constructs";
import type { KindName } from "../provider/schema/fields";
import { claimId } from "./ids";
import { RESOURCE_ID } from "./manifest";
import type { AttributeOf, PropertiesOf } from "./properties";
import { Reference } from "./reference";
import type { RemovalPolicy } from "./removal-policy";

const MARK = Symbol.for("pulumi-mags.MagsResource");

/**
 * One resource of the cloud (L1): a leaf of the tree, with the properties of its kind's field table. The L2
 * constructs (`Job`, `Workspace`, …) are each a construct with such a child named `Resource`.
 */
export class MagsResource<K extends KindName = KindName> extends Construct {
  static isMagsResource(value: unknown): value is MagsResource {
    return typeof value === "object" && value !== null && MARK in value;
  }

  readonly kind: K;
  /** As they were given: nothing is looked at before the plan. */
  readonly properties: Readonly<PropertiesOf[K]>;
  private readonly overridden: Override[] = [];
  private policy?: RemovalPolicy;
  private knownPath?: string;

  constructor(scope: Construct, id: string, kind: K, properties: PropertiesOf[K]) {
    super(scope, claimId(scope, id));
    this.kind = kind;
    this.properties = properties ?? {};
  }

  /** Path in plan, manifest and messages: that of the construct, without a last part `Resource`. */
  get path(): string {
    return (this.knownPath ??= resourcePath(this));
  }

  /** An attribute, to be used as an input of another construct. It is resolved in the plan. */
  getAtt<T = string>(attribute: AttributeOf<K>): Reference<T> {
    return new Reference<T>(this as MagsResource, attribute);
  }

  /**
   * Sets a property whatever the construct above says: the way out where that does not offer it. Later ones win.
   * It is checked like any other value.
   *
   * @param path names joined by dots, such as `http.port`; a dot inside a name is written `\\.`
   * @example
   * ```ts
   * job.resource.addOverride("noSleep", true);
   * ```
   */
  addOverride(path: string, value: unknown): void {
    this.overridden.push({ path, value });
  }

  /** Takes a property away, so that its default holds. */
  addDeletionOverride(path: string): void {
    this.addOverride(path, undefined);
  }

  get overrides(): readonly Override[] {
    return this.overridden;
  }

  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.policy = policy;
  }

  get removalPolicy(): RemovalPolicy | undefined {
    return this.policy;
  }
}
Object.defineProperty(MagsResource.prototype, MARK, { value: true });

/** What messages, manifest and Pulumi call a construct. */
export function pathOf(construct: IConstruct): string {
  return MagsResource.isMagsResource(construct) ? construct.path : construct.node.path;
}

/** The path of an override of what a map holds under a name, whatever that name is. */
export function pathOfOverride(map: string, name: string): string {
  return `${map}.${String(name).replaceAll(".", "\\.")}`;
}

export interface Override {
  readonly path: string;
  readonly value: unknown;
}

/** Two resources never share a path: a resource inside a resource keeps its whole one. */
function resourcePath(resource: MagsResource): string {
  const { id, path, scope } = resource.node;
  const short = id === RESOURCE_ID && scope?.node.scope !== undefined && !MagsResource.isMagsResource(scope);
  return short ? scope.node.path : path;
}
