import type { IConstruct } from "constructs";
import { typeToken } from "../provider/schema/tokens";
import { MagsResource, pathOf } from "./resource";
import { typeNameOf } from "./type-names";

/** Types and names are parts of URNs, and so frozen. */
export function pulumiTypeOf(construct: IConstruct): string {
  return MagsResource.isMagsResource(construct)
    ? typeToken(construct.kind)
    : componentType(typeNameOf(construct));
}

/** The type of a component, by the name of its class in this package. */
export function componentType(typeName: string): string {
  return `mags:constructs:${typeName}`;
}

/** A URN has the types of all that something is in, but not their names, so the name has the whole path. */
export function pulumiNameOf(construct: IConstruct): string {
  return pathOf(construct);
}
