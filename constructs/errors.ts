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

// --- Durations and sizes -------------------------------------------------------------------------------

export const durationAmount = (amount: unknown, unit: string) =>
  new ConstructsError(
    `A duration of ${String(amount)} ${unit} cannot be: give a number of 0 or more that comes to whole milliseconds, of at most 2^53.`,
  );

export const durationMalformed = (text: unknown) =>
  new ConstructsError(
    `${JSON.stringify(text)} is no duration: write it as ISO 8601 does, such as "PT1H30M" or "P7D", or use Duration.hours(…).`,
  );

export const durationNotWhole = (duration: string, unit: string, near: string) =>
  new ConstructsError(
    `A duration of ${duration} is not a whole number of ${unit}, and is not rounded silently. Use ${near}.`,
  );

export const durationNegative = (duration: string, less: string) =>
  new ConstructsError(`${duration} less ${less} would be less than nothing. Subtract a shorter duration.`);

export const sizeAmount = (amount: unknown, unit: string) =>
  new ConstructsError(
    `A size of ${String(amount)} ${unit} cannot be: give a number of 0 or more that comes to whole bytes, of at most 2^53.`,
  );

export const sizeMalformed = (text: unknown) =>
  new ConstructsError(
    `${JSON.stringify(text)} is no size: write a number with its unit, B, KiB, MiB, GiB, TiB or PiB, such as "8 GiB". ` +
      `What Mags calls a GB is a GiB, a MB a MiB.`,
  );

export const sizeNotWhole = (size: string, unit: string, near: string) =>
  new ConstructsError(
    `A size of ${size} is not a whole number of ${unit}, and is not rounded silently. Use ${near}.`,
  );

// --- Schedules -----------------------------------------------------------------------------------------

/** `problem` goes on where "the schedule …" begins. */
export const scheduleInvalid = (expression: string, problem: string) =>
  new ConstructsError(`The schedule "${expression}" ${problem.replace(/(?<![.?])$/, ".")}`);

export const scheduleFieldMalformed = (field: string, value: unknown) =>
  new ConstructsError(
    `${field}: ${JSON.stringify(value)} is no field of a cron expression. Give a number, or a text without spaces, ` +
      `such as "*/5", "1,15" or "MON-FRI".`,
  );

export const scheduleFieldMissing = (missing: string, of: string, example: string) =>
  new ConstructsError(
    `Schedule.cron without ${missing} would fire in every ${missing} of the ${of}. ` +
      `Give ${missing} too, such as ${example}; "*" if every ${missing} is what you mean.`,
  );

export const scheduleNotEvery = (period: string, day: string, instead: string) =>
  new ConstructsError(`Not every ${period} has a ${day}, so this would skip some. ${instead}`);

export const rateInexact = (duration: string, near: string) =>
  new ConstructsError(
    `A schedule cannot fire every ${duration}: the five fields of a cron expression can say only 1 to 30 minutes that ` +
      `divide an hour, 1 to 12 hours that divide a day, a day, and 7 days. Use ${near}, ` +
      `or Schedule.cron with the times that you want.`,
  );
