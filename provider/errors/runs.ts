/** Scripts that run at most once. */
import { MagsError } from "./base";
import { tail } from "./texts";

/** Undefined for a log that must not be shown. */
const runTail = (logTail: string | undefined) =>
  logTail === undefined ? "\nIts log is secret: the state has it, encrypted, as logTail." : tail(logTail);

export const runFailed = (name: string, exitCode: number, logTail: string | undefined) =>
  new MagsError(
    `The script of run "${name}" ended with exit code ${exitCode}. It runs at most once for what it is given, so it is not tried ` +
      `again as it is: correct it, or change triggers (for example to "second try") to run it again.${runTail(logTail)}`,
  );

export const runOutcomeUnknown = (
  name: string,
  detail: string,
  ifDone: string,
  logTail: string | undefined,
) =>
  new MagsError(
    `Whether the script of run "${name}" did its work is not known: ${detail}. It may have done all of it, a part or nothing, so it ` +
      `is not repeated by itself. Look at what it was to change; then change triggers to run it again, or, if it is done, ` +
      `${ifDone}.${runTail(logTail)}`,
  );

export const runNotStarted = (name: string, status: string, logTail: string | undefined) =>
  new MagsError(
    `The VM of run "${name}" ended with status ${status} before its script began. The next "pulumi up" tries again.${runTail(logTail)}`,
  );

export const runNotFinished = (name: string, seconds: number) =>
  new MagsError(
    `Run "${name}" has not ended within ${seconds} s. It goes on; the next "pulumi up" waits for it again, and timeouts gives it longer.`,
  );

export const runUnreachable = (name: string, detail: string) =>
  new MagsError(
    `The VM in which run "${name}" is carried out cannot be asked any more (${detail}). Run again to look at what is left of it.`,
  );

export const runRecordUnreadable = (name: string, exitCode: number) =>
  new MagsError(
    `The VM's record of run "${name}" could not be read (exit code ${exitCode}). The VM needs a POSIX shell with dd, mkfifo and tail.`,
  );

export const runNotDurable = (name: string, detail: string) =>
  new MagsError(
    `That run "${name}" begins could not be put down where it outlives the VM (${detail}), so it was not begun. Run again later.`,
  );

export const runJobNotActive = (name: string, job: string) =>
  new MagsError(
    `Run "${name}" is to run inside the job "${job}", but no job of that name is active. ` +
      `Declare it as a Job and pass that as job, or correct jobName.`,
  );
