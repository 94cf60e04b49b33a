/** How an operation ended, whatever it was about. */
import { MagsError, OutcomeUnknownError } from "./base";
import { withoutStop } from "./texts";

export const apiFailed = (doing: string, detail: string) =>
  new MagsError(`${doing} failed: ${withoutStop(detail)}.`);

export const operationTimedOut = (kind: string, name: string, operation: string, seconds: number) =>
  new MagsError(
    `The ${operation} of ${kind} "${name}" took longer than ${seconds} s. Run again to go on from here; timeouts.${operation} gives it longer.`,
  );

export const outcomeUnknown = (doing: string, detail: string) =>
  new OutcomeUnknownError(
    `${doing}: the answer was lost (${detail}), and no effect of it could be found. Run again to look once more.`,
  );

export const stateTooNew = (version: number, known: number) =>
  new MagsError(
    `The state was written by a newer pulumi-mags (shape ${version}; this release knows ${known}). Install that release or a later one.`,
  );
