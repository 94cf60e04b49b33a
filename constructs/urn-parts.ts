import type { IConstruct } from "constructs";
import type { KindName } from "../provider/schema/fields";
import { SCHEMAS } from "../provider/schema/schemas";
import { typeToken } from "../provider/schema/tokens";
import { MagsResource, pathOf } from "./resource";
import { typeNameOf } from "./type-names";

/**
 * Whether a construct is a place in Pulumi: a component, that others are in. A resource is none, and neither is an L2
 * construct, which is its one resource there. That is so by class, never by what is below: another child changes no URN.
 */
export function isPlace(construct: IConstruct): boolean {
  return !MagsResource.isMagsResource(construct) && kindNamed(typeNameOf(construct)) === undefined;
}

/** The component that something stands in, or the app: the innermost place around it. */
export function placeAround(construct: IConstruct): IConstruct {
  return placeAt(construct.node.scope!);
}

/** A construct, where it is a place; else the one that what is below it stands in, beside it. */
export function placeAt(construct: IConstruct): IConstruct {
  return isPlace(construct) ? construct : placeAround(construct);
}

/** Types and names are parts of URNs, and so frozen. */
export function pulumiTypeOf(construct: IConstruct): string {
  return MagsResource.isMagsResource(construct)
    ? typeToken(construct.kind)
    : pulumiTypeNamed(typeNameOf(construct));
}

/** The type of what is of a class of this package, by the name of that: a resource for an L2 construct, or a component. */
export function pulumiTypeNamed(typeName: string): string {
  const kind = kindNamed(typeName);
  return kind === undefined ? `mags:constructs:${typeName}` : typeToken(kind);
}

/** The kind of an L2 construct: each is called as the kind of its resource. */
export function kindNamed(typeName: string): KindName | undefined {
  return Object.hasOwn(SCHEMAS, typeName) ? (typeName as KindName) : undefined;
}

/** A URN has the types of all that something is in, but not their names, so the name has the whole path. */
export function pulumiNameOf(construct: IConstruct): string {
  return pathOf(construct);
}
