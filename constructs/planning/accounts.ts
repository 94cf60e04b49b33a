import { MagsResource } from "../resource";
import { Stack } from "../stack";
import type { Identity, Leaf, Leaves } from "./leaves";

/** The account that a resource is deployed to: the same value for the same account. Only a deploy knows. */
export type AccountOf = (resource: MagsResource) => unknown;

/** The parts of a tree within which a name is one thing in the cloud. */
export interface Realms {
  of(resource: MagsResource): unknown;
  /** Whether two resources of one realm are in one account for certain. */
  readonly certain: boolean;
}

/**
 * A name is one thing in each account. Without a deploy nobody knows the accounts: what is in one stack is taken to
 * be in one, and what is in several may be.
 */
export function realmsOf(accountOf: AccountOf | undefined): readonly Realms[] {
  if (accountOf) return [{ of: accountOf, certain: true }];
  return [
    { of: stackOf, certain: true },
    { of: () => ANYWHERE, certain: false },
  ];
}

const ANYWHERE = Symbol("any account");

function stackOf(resource: MagsResource): unknown {
  for (const scope of resource.node.scopes.reverse()) if (Stack.isStack(scope)) return scope;
  return resource.node.root;
}

/** What a property of a resource names, in the realm of the resource that says the name. */
export interface Place {
  readonly realm: unknown;
  readonly identity: Identity;
}

export function placeOf(leaves: Leaves, realms: Realms, leaf: Leaf, value: unknown): Place | undefined {
  const { identity, resource } = leaves.origin(value, leaf.resource);
  if (identity === undefined) return undefined;
  // A generated name is that of one resource, whoever refers to it.
  return { identity, realm: MagsResource.isMagsResource(identity) ? ANYWHERE : realms.of(resource) };
}

/** Something for each place. */
export class ByPlace<T> {
  private readonly found = new Map<unknown, Map<Identity, T>>();

  get(place: Place | undefined): T | undefined {
    return place && this.found.get(place.realm)?.get(place.identity);
  }

  /** Keeps the first one for a place, and returns that if it was there already. */
  claim({ realm, identity }: Place, value: T): T | undefined {
    let names = this.found.get(realm);
    if (!names) this.found.set(realm, (names = new Map<Identity, T>()));
    const first = names.get(identity);
    if (first === undefined) names.set(identity, value);
    return first;
  }
}
