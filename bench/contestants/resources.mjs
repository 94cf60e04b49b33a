import { PulumiContestant } from "./pulumi.mjs";

/** This package's resources, one class per object. */
export class ByResources extends PulumiContestant {
  /** @param {import("./pulumi.mjs").ContestantOptions} options */
  constructor(options) {
    super("resources", options);
  }
}
