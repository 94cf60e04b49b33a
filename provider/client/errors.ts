/**
 * What only the client has to say: what happened, why, and what to do next. Those that a program may want to
 * tell apart are classes; all of them, and those of the API, are MagsErrors.
 */
import { defined } from "../api/defined";
import { ApiError } from "../api/errors";
import type { JobView } from "../api/wire";
import { MagsError, OutcomeUnknownError } from "../errors";

/** An argument is missing, unknown or not what it may be. Nothing was called. */
export class ArgumentError extends MagsError {
  constructor(
    /** The method that was called. */
    readonly method: string,
    /** Everything that is wrong, each with its field, the reason and what to give. */
    readonly problems: readonly string[],
  ) {
    super(
      `${method}: ${problems.length === 1 ? problems[0] : `${problems.length} problems.\n${problems.map((problem) => `  - ${problem}`).join("\n")}`}`,
    );
    this.name = "ArgumentError";
  }
}

/** The API refused the token. */
export class TokenRefusedError extends ApiError {
  constructor(refused: ApiError) {
    super(
      refused,
      `Mags refused the API token (${refused.status}: ${refused.serverMessage}). ` +
        `Check apiToken, MAGS_API_TOKEN or MAGS_TOKEN, or run "mags login".`,
    );
    this.name = "TokenRefusedError";
  }
}

/** Nothing of that name or id is in this account. */
export class NotFoundError extends MagsError {
  constructor(message: string) {
    super(message);
    this.name = "NotFoundError";
  }
}

/** Something else has the name, the workspace or the subdomain. */
export class ConflictError extends MagsError {
  /** The job that has it, where it is one. */
  readonly job?: JobView;

  constructor(message: string, job?: JobView) {
    super(message);
    this.name = "ConflictError";
    if (job) this.job = defined(job);
  }
}

/** The VM is in no state for the call: it has not begun, or it has ended. */
export class JobStateError extends MagsError {
  readonly job: JobView;

  constructor(message: string, job: JobView) {
    super(message);
    this.name = "JobStateError";
    this.job = defined(job);
  }
}

/** What was waited for did not come in time. The job goes on. */
export class JobTimeoutError extends MagsError {
  constructor(
    message: string,
    readonly requestId: string,
  ) {
    super(message);
    this.name = "JobTimeoutError";
  }
}

/** A resize would have to guess settings that the API never shows. Nothing was stopped. */
export class SettingsUnknownError extends MagsError {
  constructor(message: string) {
    super(message);
    this.name = "SettingsUnknownError";
  }
}

// --- Connection ----------------------------------------------------------------------------------------

export const tokenRequired = (endpoint: string) =>
  new MagsError(
    `API token required for ${endpoint}. Pass apiToken, set MAGS_API_TOKEN or MAGS_TOKEN, or run "mags login". ` +
      `Tokens are made at https://mags.run/tokens.html.`,
  );

export const timeoutInvalid = (text: string) =>
  new MagsError(
    `The environment variable MAGS_TIMEOUT ("${text}") has to be a whole number of milliseconds, at least 1000. Correct or unset it.`,
  );

// --- Jobs ----------------------------------------------------------------------------------------------

/** A message may end with a full stop of its own. */
const detailOf = (cause: unknown) =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, "");
const shown = (job: JobView) => `request ${job.requestId}, status ${job.status}`;
const tail = (log: string) => (log ? `\nIts last lines:\n${log}` : "\nIt wrote no log.");

export const jobNotFound = (nameOrId: string) =>
  new NotFoundError(
    `No job of this account has the name, the workspace or the request id "${nameOrId}". Names are case-sensitive.`,
  );

export const jobNotUsable = (nameOrId: string, job: JobView) =>
  new JobStateError(
    `The VM of "${nameOrId}" cannot be used (${shown(job)}): it has to be running or sleeping. ` +
      (job.status === "pending" ? `Wait until it has started.` : `Start it again with run or new.`),
    job,
  );

export const nameTaken = (name: string, job: JobView) =>
  new ConflictError(
    `"${name}" is taken: ${job.name === name ? `a job of that name` : `job "${job.name ?? job.requestId}" on that workspace`} ` +
      `is active (${shown(job)}). Nothing was started. Use it as it is, stop it first, or choose another name.`,
    job,
  );

export const startFailed = (name: string, job: JobView, log: string) =>
  new JobStateError(`"${name}" ended before its VM was ready (${shown(job)}).${tail(log)}`, job);

export const startTimedOut = (name: string, requestId: string, status: string, milliseconds: number) =>
  new JobTimeoutError(
    `"${name}" was not ready within ${milliseconds} ms (status ${status}). It goes on starting as request ${requestId}: ` +
      `look at it with status, stop it, or give it longer with timeout.`,
    requestId,
  );

export const runTimedOut = (requestId: string, status: string, milliseconds: number) =>
  new JobTimeoutError(
    `Job ${requestId} timed out: its script had not ended after ${milliseconds} ms (status ${status}). It goes on: ` +
      `look at it with status and logs, stop it, or give it longer with timeout.`,
    requestId,
  );

export const submitUnknown = (name: string, detail: string, job: JobView) =>
  new OutcomeUnknownError(
    `Starting "${name}": the answer was lost (${detail}). A job of that name is listed (${shown(job)}), and nothing shows ` +
      `whether it is the one. It was not started a second time. Look at it, or give each job a name of its own.`,
  );

export const submitUnseen = (name: string, cause: unknown) =>
  new OutcomeUnknownError(
    `Starting "${name}": the answer was lost, and the job could not be looked for (${detailOf(cause)}). It may have been ` +
      `started, and was not started a second time. Look for it with findJob(${JSON.stringify(name)}).`,
    { cause },
  );

export const execUnknown = (nameOrId: string, cause: unknown) =>
  new OutcomeUnknownError(
    `The command on "${nameOrId}" was sent and its answer was lost (${detailOf(cause)}): it may have run, may still run, or not. ` +
      `It was not sent again. Commands that take longer than about 90 s are better run in the background of the VM.`,
    { cause },
  );

export const noUrl = (nameOrId: string, port: number) =>
  new MagsError(
    `Port ${port} of "${nameOrId}" is open, but the API shows no URL for it. Try again when the VM has settled.`,
  );

// --- Resize --------------------------------------------------------------------------------------------

export const settingsUnknown = (workspace: string, job: JobView | undefined) =>
  new SettingsUnknownError(
    `${job ? `The VM on "${workspace}" (${shown(job)})` : `The last VM on "${workspace}"`} was not started by this client, and the ` +
      `API never shows with which script, environment and other settings it was. A resize starts a new VM, which would ` +
      `lose them, so nothing was stopped. Say how it is to be started: ` +
      `resize(${JSON.stringify(workspace)}, diskGb, { persistent: true }) for a plain sandbox with a synced workspace, with ` +
      `script, environment, noSleep, startupCommand and the rest beside it where it has them. ` +
      `If a Pulumi program declares it, change diskGb there.`,
  );

export const notPersistent = (workspace: string, job: JobView) =>
  new JobStateError(
    `On "${workspace}" runs a script that is not persistent (${shown(job)}): a resize would end it and run it again from its ` +
      `start. Nothing was stopped. Wait until it has ended.`,
    job,
  );

export const withoutWorkspace = (nameOrId: string, job: JobView) =>
  new JobStateError(
    `"${nameOrId}" has no workspace (${shown(job)}), so nothing of it would outlive its VM. Nothing was stopped. ` +
      `Start another one with run and diskGb.`,
    job,
  );

export const resizeInterrupted = (workspace: string, cause: unknown) =>
  new MagsError(
    `The resize of "${workspace}" is not finished: ${detailOf(cause)}. The old VM, if there was one, is stopped; the files of ` +
      `a synced workspace are kept. Call resize again, with the same arguments, to go on from here.`,
    { cause },
  );

// --- Workspaces, aliases, schedules --------------------------------------------------------------------

export const workspaceNotFound = (name: string) =>
  new NotFoundError(
    `There is no workspace "${name}" in this account. Names are case-sensitive; listWorkspaces shows them.`,
  );

export const aliasNotFound = (subdomain: string) =>
  new NotFoundError(`There is no URL alias "${subdomain}" in this account; urlAliasList shows them.`);

export const aliasAmbiguous = (subdomain: string, domains: string[]) =>
  new ConflictError(
    `The subdomain "${subdomain}" exists on ${domains.join(" and ")}, and the API deletes aliases by subdomain alone: ` +
      `all of them would go. Nothing was deleted. Delete it in the dashboard.`,
  );

export const aliasPointsElsewhere = (host: string, target: string) =>
  new ConflictError(
    `The alias ${host} exists and points to "${target}". Delete it first with urlAliasDelete, or choose another subdomain.`,
  );

export const aliasTaken = (host: string) =>
  new ConflictError(
    `The alias ${host} is taken by somebody else: it is not in this account's list. Choose another subdomain.`,
  );

export const cronNotFound = (id: string) =>
  new NotFoundError(`There is no cron job with the id "${id}" in this account; cronList shows them.`);
