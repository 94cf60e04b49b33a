/** What messages for users of constructs are thrown as. */

/** A mistake in a program, told in full by its message. */
export class ConstructsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConstructsError";
  }
}

/** One thing that is wrong in a tree. */
export interface PlanProblem {
  /** Path of the construct; empty for the app itself. */
  readonly path: string;
  readonly message: string;
}

/** All that is wrong in a tree. */
export class PlanError extends ConstructsError {
  constructor(readonly problems: readonly PlanProblem[]) {
    super(
      `The app has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}. Correct and run again:\n` +
        problems.map(({ path, message }) => `  - [${path || "app"}] ${message}`).join("\n"),
    );
    this.name = "PlanError";
  }
}
