/**
 * Every message that a user of constructs can meet, in one place: what is wrong, why, and what to do. Those that
 * a plan collects are texts without the path, which is put before each; secrets never appear in them.
 */

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

// --- The tree ------------------------------------------------------------------------------------------

export const scopeMissing = (id: string) =>
  new ConstructsError(
    `"${id}" was given no construct as its scope, so it would belong to no app. Pass the construct that it is to be part of, ` +
      `mostly "this".`,
  );

export const idNotText = (type: string) =>
  `a construct in it has no text for an id (${type === "string" ? "an empty one" : type}). An id is part of the path, which has to be ` +
  `known when the program runs: give a text.`;

export const duplicateId = (id: string) =>
  `two constructs in it have the id "${id}". Give one of them another id.`;

export const noApp = (path: string) =>
  new ConstructsError(`"${path}" is part of no App. Make the outermost construct an App: new Stack(app, …).`);

export const noStack = (path: string) =>
  new ConstructsError(`"${path}" is in no Stack. Create it in the scope of one.`);

// --- Values --------------------------------------------------------------------------------------------

export const secretUnset = (name: string) =>
  new ConstructsError(
    `The environment variable ${name}, which a secret is to be read from, is not set. Set it and deploy again.`,
  );
