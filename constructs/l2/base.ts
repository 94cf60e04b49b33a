import { Construct } from "constructs";
import type { KindName } from "../../provider/schema/fields";
import { claimId } from "../ids";
import { RESOURCE_ID } from "../manifest";
import type { PropertiesOf, TimeoutProperties } from "../properties";
import { tellInWords, type PropertyWords } from "../property-words";
import type { RemovalPolicy } from "../removal-policy";
import { MagsResource } from "../resource";
import type { Duration } from "../values/duration";
import type { PropNames } from "../known-props";

/** What every construct that is one resource takes. */
export interface ResourceProps {
  /** Take over an object of this name that exists already, as it is, instead of failing. @default false */
  readonly adopt?: boolean;
  /** Limits for whole operations. @default those of the kind */
  readonly timeouts?: Timeouts;
  /** What happens to the object when the construct leaves the program. @default DESTROY, but a workspace is protected */
  readonly removalPolicy?: RemovalPolicy;
}

/** Names of what every construct that is one resource takes. */
export const RESOURCE_PROPS: PropNames<ResourceProps> = { adopt: true, timeouts: true, removalPolicy: true };

/** How long whole operations may take, each in whole seconds. */
export type Timeouts = { readonly [Operation in keyof TimeoutProperties]: Duration };

/** A construct of the tree that keeps the rules about ids. */
export abstract class MagsConstruct extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, claimId(scope, id));
  }
}

/**
 * Makes the resource of an L2 construct: its child `Resource`.
 * @param words what the construct calls properties that have another name in the resource
 */
export function resourceOf<K extends KindName>(
  scope: Construct,
  kind: K,
  properties: PropertiesOf[K],
  removalPolicy?: RemovalPolicy,
  words: PropertyWords = {},
): MagsResource<K> {
  const resource = new MagsResource(scope, RESOURCE_ID, kind, properties);
  tellInWords(resource as MagsResource, words);
  if (removalPolicy !== undefined) resource.applyRemovalPolicy(removalPolicy);
  return resource;
}
