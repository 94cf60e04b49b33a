import { cpSync } from "node:fs";
import path from "node:path";

import { PulumiContestant } from "./pulumi.mjs";

/** Empty resources with a constant provider text that call nothing: what the engine costs by itself. */
export class Floor extends PulumiContestant {
  /** @param {import("./pulumi.mjs").ContestantOptions} options */
  constructor(options) {
    super("floor", options);
    const { folder } = this.stack;
    // The host finds handlers as it finds every installed package.
    cpSync(path.join(folder, "bench-empty"), path.join(folder, "node_modules", "bench-empty"), {
      recursive: true,
    });
  }
}
