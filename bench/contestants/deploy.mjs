import { PulumiContestant } from "./pulumi.mjs";

/** This package's constructs, deployed by `deploy(app)`. */
export class ByDeploy extends PulumiContestant {
  /** @param {import("./pulumi.mjs").ContestantOptions} options */
  constructor(options) {
    super("deploy", options);
  }
}
