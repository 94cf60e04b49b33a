import * as pulumi from "@pulumi/pulumi";
import type { IConstruct } from "constructs";
import { pauseStacks } from "../../provider/resources/stacks";
import { typeToken } from "../../provider/resources/base";
import { MagsResource } from "../resource";
import { typeNameOf } from "../type-names";

/** A construct with resources below it, or a stack. */
export class ConstructComponent extends pulumi.ComponentResource {
  constructor(construct: IConstruct, options: pulumi.ComponentResourceOptions) {
    const stacks = pauseStacks();
    try {
      super(pulumiTypeOf(construct), pulumiNameOf(construct), {}, options);
    } catch (error) {
      throw stacks.endedBy(error);
    } finally {
      stacks.end();
    }
  }

  /** Says that all below it is declared. Its resources have the outputs. */
  complete(): void {
    const stacks = pauseStacks();
    try {
      this.registerOutputs({});
    } finally {
      stacks.end();
    }
  }
}

/** Types and names are parts of URNs, and so frozen. */
export function pulumiTypeOf(construct: IConstruct): string {
  return MagsResource.isMagsResource(construct)
    ? typeToken(construct.kind)
    : `mags:constructs:${typeNameOf(construct)}`;
}

/** A URN has the types of all that something is in, but not their names, so the name has the whole path. */
export function pulumiNameOf(construct: IConstruct): string {
  return MagsResource.isMagsResource(construct) ? construct.path : construct.node.path;
}
