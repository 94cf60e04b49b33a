import * as pulumi from "../../provider/resources/sdk";
import type { IConstruct } from "constructs";
import { pauseStacks } from "../../provider/resources/stacks";
import { pulumiNameOf, pulumiTypeOf } from "../urn-parts";

/** A construct that others are in, with resources below it, or a stack. */
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
