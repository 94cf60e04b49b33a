/** From a job's start until it answers. */
import { MagsError } from "./base";
import { tail, withoutStop } from "./texts";

export const jobEnded = (name: string, status: string, exitCode: number | undefined, logTail: string) =>
  new MagsError(
    exitCode === undefined
      ? `Job "${name}" ended with status ${status} before its VM was ready.${tail(logTail)}`
      : `The script of job "${name}" ended with exit code ${exitCode} (status ${status}). Correct it and run again.${tail(logTail)}`,
  );

export const jobNotReady = (name: string, seconds: number, status: string, logTail: string) =>
  new MagsError(
    `Job "${name}" was not ready within ${seconds} s (status ${status}). The next "pulumi up" goes on waiting; ` +
      `timeouts gives it longer.${tail(logTail)}`,
  );

export const jobUnhealthy = (name: string, url: string, seconds: number, last: string, logTail: string) =>
  new MagsError(
    `Job "${name}" runs, but ${url} did not answer with 2xx within ${seconds} s (${last}). ` +
      `Does the script listen on that port, on all interfaces?${tail(logTail)}`,
  );

export const accessFailed = (name: string, port: number, detail: string) =>
  new MagsError(
    `Access to port ${port} of job "${name}" could not be enabled (${detail}). The next "pulumi up" tries again.`,
  );

export const submitFailed = (name: string, detail: string) =>
  new MagsError(`Job "${name}" could not be started: ${withoutStop(detail)}.`);

export const scriptFileMissing = (resource: string, path: string, detail: string) =>
  new MagsError(
    `${resource}: scriptFile "${path}" cannot be read (${detail}). The path is relative to the project folder.`,
  );
