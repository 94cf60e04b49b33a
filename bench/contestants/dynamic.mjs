import { PulumiContestant } from "./pulumi.mjs";

/** A `pulumi.dynamic.Resource` as Pulumi's documentation shows it, with the same API calls. */
export class PlainDynamic extends PulumiContestant {
  /** @param {import("./pulumi.mjs").ContestantOptions} options */
  constructor(options) {
    super("dynamic", options);
  }
}
