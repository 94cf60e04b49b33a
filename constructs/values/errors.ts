/** Every message about durations, sizes and schedules. */
import { ConstructsError } from "../errors";

export { ConstructsError };

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

export const scheduleOptions = (given: string) =>
  new ConstructsError(`The time of a schedule is ${given}. Give its parts, such as { hour: 3, minute: 30 }.`);

export const rateNotDuration = (given: string) =>
  new ConstructsError(
    `Schedule.rate takes how long it is from one time to the next, and was given ${given}. Give a Duration, such as Duration.minutes(30).`,
  );

export const rateInexact = (duration: string, near: string) =>
  new ConstructsError(
    `A schedule cannot fire every ${duration}: the five fields of a cron expression can say only 1 to 30 minutes that ` +
      `divide an hour, 1 to 12 hours that divide a day, a day, and 7 days. Use ${near}, ` +
      `or Schedule.cron with the times that you want.`,
  );
