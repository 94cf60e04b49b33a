import type { Cron } from "croner";

/** How a cron expression is read, for the field tables and for schedules in constructs alike. */

/** What is wrong with a cron expression, or undefined. Mags' examples have five fields (documented). */
export function cronProblem(text: string): string | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 || text.trim() === "") {
    const found = text.trim() === "" ? 0 : fields.length;
    return `has ${found} ${found === 1 ? "field" : "fields"}: a cron expression has five (minute, hour, day of month, month, day of week), for example "0 3 * * *".`;
  }
  try {
    return parsed(fields.join(" ")).nextRun(new Date(0))
      ? undefined
      : `never fires: there is no day that "${text}" describes.`;
  } catch (error) {
    return `is no cron expression: ${(error as Error).message.replace(/^CronPattern: /, "")}`;
  }
}

/** The next times that an expression fires after the given one; fewer where there are no more. */
export function firesAfter(expression: string, after: Date, count: number): Date[] {
  return parsed(expression.trim()).nextRuns(count, after);
}

/** Mags fires in UTC (assumed). */
function parsed(expression: string): Cron {
  const croner = require("croner") as typeof import("croner");
  return new croner.Cron(expression, { timezone: "UTC", paused: true, mode: "5-part" });
}
