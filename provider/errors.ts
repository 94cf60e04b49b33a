/**
 * Every message that a user can meet, in one place: what happened, why, and what to do next. Users never see
 * a stack for their own mistake; secrets and tokens never appear in a message.
 */

/** A problem of the user's, the cloud's or the network's making, told in full by its message. */
export class MagsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MagsError";
  }
}

/** Whether a call had its effect could not be found out, so it was not repeated. */
export class OutcomeUnknownError extends MagsError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "OutcomeUnknownError";
  }
}

// --- Settings and credentials ---------------------------------------------------------------------------

export const tokenMissing = (endpoint: string) =>
  new MagsError(
    `No API token for ${endpoint}. Set MAGS_API_TOKEN, run "mags login", or configure one with ` +
      `"pulumi config set --secret mags:apiToken". Tokens are made at https://mags.run/tokens.html.`,
  );

export const tokenEnvironmentVariableUnset = (name: string) =>
  new MagsError(
    `The environment variable ${name}, which mags:apiTokenEnv names for the API token, is not set. Set it and run again.`,
  );

export const tokenMalformed = () =>
  new MagsError(
    `The API token holds spaces, line breaks or other characters that no token has. Copy it again, on one line, ` +
      `into mags:apiToken or MAGS_API_TOKEN, or run "mags login".`,
  );

export const loginFileUnreadable = (path: string) =>
  new MagsError(
    `${path} is not JSON, so it gives no API token. Run "mags login" again, or set MAGS_API_TOKEN.`,
  );

export const endpointInvalid = (text: string) =>
  new MagsError(
    `"${text}" is no URL of a Mags API: it has to start with http:// or https://. Correct mags:endpoint, MAGS_API_URL or apiUrl.`,
  );

export const configInvalid = (key: string, expected: string) =>
  new MagsError(
    `The configuration value mags:${key} has to be ${expected}. Correct it with "pulumi config set mags:${key}".`,
  );

export const configUnknown = (key: string, near: string | undefined, known: readonly string[]) =>
  new MagsError(
    `There is no configuration value mags:${key}: ${near ? `did you mean mags:${near}?` : `known are ${known.join(", ")}.`} ` +
      `Remove it with "pulumi config rm mags:${key}".`,
  );

export const tokenRefused = (status: number, serverMessage: string) =>
  new MagsError(
    `Mags refused the API token (${status}: ${serverMessage}). ` +
      `Check MAGS_API_TOKEN or mags:apiToken, or run "mags login". Nothing was concluded about your resources.`,
  );

/** @param named What says which endpoint it is. */
export const unreachable = (endpoint: string, detail: string, named = "mags:endpoint and MAGS_API_URL") =>
  new MagsError(
    `${endpoint} cannot be reached (${detail}). Check the network${named.includes(" and ") ? "," : " and"} ${named}, then run again: ` +
      `nothing was concluded about your resources.`,
  );

export const apiFailed = (doing: string, detail: string) =>
  new MagsError(`${doing} failed: ${withoutStop(detail)}.`);

/** A server's message may end with a full stop of its own. */
const withoutStop = (text: string) => text.replace(/\.$/, "");

export const accountMismatch = (kind: string, name: string, recorded: string, current: string) =>
  new MagsError(
    `${kind} "${name}" belongs to the account "${recorded}", but this provider talks to "${current}". ` +
      `Nothing was read, changed or deleted. Point the provider back (mags:endpoint, mags:account), ` +
      `or set MAGS_ALLOW_ACCOUNT_MOVE=true for one run if the two are the same account under another label.`,
  );

export const nodeTooOld = (version: string, minimum: string) =>
  new MagsError(
    `pulumi-mags needs Node.js ${minimum} or newer, and this is ${version}. Nothing was called. Put a newer node first in PATH and run again.`,
  );

export const idUnusable = (id: string) =>
  new MagsError(
    `"${id}" cannot be the id of anything: in a path it would mean another place. Correct the name or id.`,
  );

// --- Identity ------------------------------------------------------------------------------------------

/** What is known of an object that stands in the way. */
export interface Occupant {
  status?: string;
  since?: string;
}

const seen = ({ status, since }: Occupant) =>
  [status && `status ${status}`, since && `since ${since}`].filter(Boolean).join(", ") || "no details known";

export const alreadyExists = (kind: string, name: string, occupant: Occupant) =>
  new MagsError(
    `A ${kind} named "${name}" exists already (${seen(occupant)}) and nothing proves that it is ours. ` +
      `To take it over as it is, set adopt: true. If the resource was renamed in the program, give it an alias of its old name ` +
      `(the option "aliases"). If a run was interrupted, set MAGS_RECOVER=true for one run, or set mags:namespace so that ` +
      `this is recognized by itself.`,
  );

export const workspaceBusy = (workspaceId: string, job: string, status: string) =>
  new MagsError(
    `Workspace "${workspaceId}" has an active job already: ${job} (${status}). A workspace has at most one active VM. ` +
      `If that is the same job under an older name in the program, give the resource an alias of it (the option "aliases"). ` +
      `If it leaves the program, let a "pulumi up" without the new job remove it first. If it is to move to another workspace ` +
      `in the same run, leave out --parallel 1. Else stop it, or use a workspace of its own.`,
  );

export const workspaceNotLeft = (workspaceId: string, job: string, goesTo: string, seconds: number) =>
  new MagsError(
    `Job ${job} is to leave the workspace "${workspaceId}" for "${goesTo}", but was still active on it after ${seconds} s. ` +
      `Workspaces can be swapped in one run only where the engine replaces both jobs at a time: not with --parallel 1, ` +
      `nor where one job depends on the other. Move that job in a "pulumi up" of its own, then run this again: no file is lost.`,
  );

export const adoptedElsewhere = (name: string, workspaceId: string, wanted: string) =>
  new MagsError(
    `The active job "${name}" works on the workspace "${workspaceId}", not on "${wanted}", and an adoption takes it as it is. ` +
      `Give the resource workspaceId: "${workspaceId}", or stop that job and leave out adopt.`,
  );

export const unrecordedJobActive = (name: string, requestId: string) =>
  new MagsError(
    `A job named "${name}" is active that this stack did not start (request ${requestId}), so its settings are unknown. ` +
      `Nothing was changed. Stop it, or set mags:namespace (or MAGS_RECOVER=true for one run) if it is ours and may be restarted.`,
  );

export const claimedTwice = (kind: string, name: string) =>
  new MagsError(`Two resources of this program are the ${kind} "${name}". Give one of them another name.`);

export const twoJobsOnWorkspace = (workspaceId: string, first: string, second: string) =>
  new MagsError(
    `The jobs "${first}" and "${second}" both work on the workspace "${workspaceId}", which can have one active VM only. ` +
      `Give one of them a workspace of its own, for example a fork (baseWorkspaceId).`,
  );

export const localDiskNameTaken = (name: string) =>
  new MagsError(
    `Job "${name}" has no workspace, so its files stay on its local disk; but a workspace named "${name}" exists, and the two ` +
      `would share the name. Set workspaceId: "${name}" to work on that workspace, or give the job another name.`,
  );

export const cronOnJobWorkspace = (workspaceId: string, cron: string, job: string) =>
  new MagsError(
    `The cron job "${cron}" would fire on the workspace "${workspaceId}", on which the job "${job}" runs: a workspace has one ` +
      `active VM only, so its fires would fail. Give the schedule a workspace of its own.`,
  );

export const sandboxHasOwnWorkspace = (argument: string) =>
  new MagsError(
    `A sandbox has a workspace of its own, so ${argument} cannot be given. To work on another one, use a Job with it.`,
  );

export const sandboxHasNoWorkspace = (fields: string[]) =>
  new MagsError(
    `With persistent: false there is no workspace that ${fields.join(" and ")} could be about. Leave that out; what a VM needs ` +
      `at its start can be in script.`,
  );

export const runOnJobWorkspace = (workspaceId: string, run: string, job: string) =>
  new MagsError(
    `The run "${run}" would start a VM of its own on the workspace "${workspaceId}", on which the job "${job}" runs: a workspace ` +
      `has one active VM only. Pass job instead of the workspace, so that the script runs inside that job.`,
  );

// --- Data protection -----------------------------------------------------------------------------------

export const diskShrinks = (name: string, from: number, to: number) =>
  new MagsError(
    `The disk of job "${name}" cannot shrink from ${from} GB to ${to} GB: what is on it would be lost. ` +
      `Set diskGb back to ${from} or more. For a smaller disk, copy what you need from /data into the workspace (/root), ` +
      `then give the job another name, which makes a new VM.`,
  );

export const localDiskWouldBeLost = (name: string, fields: string[]) =>
  new MagsError(
    `A change of ${fields.join(", ")} makes a new VM, and job "${name}" keeps its files on the VM's local disk only: ` +
      `they would be lost. Copy what you need, then set allowDataLoss: true. Files in a workspace outlive their VM.`,
  );

export const persistenceFixed = (name: string) =>
  new MagsError(
    `Job "${name}" cannot change between a workspace of its own name and a local disk (persistent of a Sandbox): to the API ` +
      `both are "${name}", and the files would not move. Nothing was changed. Declare another one under another name, copy ` +
      `what you need, then remove this one.`,
  );

export const dataDiskHoldsFiles = (name: string, files: string) =>
  new MagsError(
    `The disk /data of job "${name}" holds files (${files}), and a restart makes a new, empty one: /data is not synced. ` +
      `Nothing was stopped. Move them to /root, or set allowDataLoss: true.`,
  );

export const dataDiskUnknown = (name: string, detail: string) =>
  new MagsError(
    `Could not find out whether /data of job "${name}" holds files that a restart would lose (${detail}). ` +
      `Nothing was stopped. Run again later, or set allowDataLoss: true.`,
  );

export const syncFailed = (name: string, detail: string) =>
  new MagsError(
    `The files of job "${name}" could not be synced (${detail}), so it was not stopped. ` +
      `Run again later, or set allowDataLoss: true to stop it without.`,
  );

export const stopTimedOut = (name: string, seconds: number) =>
  new MagsError(
    `Job "${name}" was asked to stop but is still active after ${seconds} s. Run again to go on from here.`,
  );

export const workspaceProtected = (name: string) =>
  new MagsError(
    `Workspace "${name}" is protected, so neither it nor its files were deleted. ` +
      `To delete it: set deletionProtection: false, run "pulumi up", then remove it or destroy.`,
  );

export const workspaceInUse = (name: string, jobs: string[]) =>
  new MagsError(
    `Workspace "${name}" was not deleted: active on it ${jobs.length === 1 ? "is job" : "are jobs"} ${jobs.join(", ")}. Stop them first.`,
  );

export const massGone = (gone: number, read: number) =>
  new MagsError(
    `${gone} of ${read} resources look gone at once, which is more likely a wrong account or a broken answer than the truth. ` +
      `None was removed from the state. Check mags:endpoint and the token; if they really are gone, set the environment variable MAGS_ALLOW_MASS_GONE=true for one run.`,
  );

export const notFoundToRead = (kind: string, id: string) =>
  new MagsError(`There is no ${kind} "${id}" in this account. Check the name, mags:endpoint and the token.`);

// --- Jobs ----------------------------------------------------------------------------------------------

const tail = (logTail: string) => (logTail ? `\nIts last lines:\n${logTail}` : "\nIt wrote no log.");

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

// --- Files ---------------------------------------------------------------------------------------------

export const fileUnreadable = (name: string, path: string, detail: string) =>
  new MagsError(
    `The file "${name}" cannot be read from ${path} (${detail}). Nothing was stopped. Correct the path (it is relative to the project).`,
  );

export const fileChanged = (name: string, path: string) =>
  new MagsError(
    `The file "${name}" (${path}) changed while the update ran, so what would be uploaded is not what the plan showed. Run again.`,
  );

export const filesNotAsPlanned = (problems: string[]) =>
  new MagsError(
    `Nothing was uploaded, since not all files are as the plan showed them:\n${listed(problems)}`,
  );

export const filesNoMap = () =>
  new MagsError(`files has to be a map of names to paths: { "app.conf": "./app.conf", "app/": "./app" }.`);

export const fileSourceInvalid = (name: string) =>
  new MagsError(
    `The file "${name}" has to be given as a path or a pattern, or as { path, exclude } with a list of patterns.`,
  );

export const fileNameInvalid = (name: string) =>
  new MagsError(
    `"${name}" is no name of a file below /uploads. Use names with slashes between them, no dots alone, no backslashes and no ` +
      `control characters; mags-files.tar, .mags-files and .mags-script-… are reserved.`,
  );

export const fileNameTooLong = (name: string) =>
  new MagsError(
    `The file name "${name}" is too long: files in folders travel in a tar archive, where the last 100 bytes have to start ` +
      `at a slash and up to 155 may come before it. Use shorter names.`,
  );

export const fileIsFolder = (name: string, path: string) =>
  new MagsError(
    `The file "${name}" is a folder (${path}). To upload what is in it, end the name with a slash: "${name}/".`,
  );

export const fileIsPattern = (name: string, path: string) =>
  new MagsError(
    `The file "${name}" is given by the pattern ${path}. To upload all that it matches, end the name with a slash: "${name}/".`,
  );

export const filesEmpty = (name: string, path: string) =>
  new MagsError(
    `The folder "${name}" would be empty: ${path} gives no file. Wildcards do not match a dot at the start of a name, ` +
      `and .git and node_modules are left out unless they are named as the folder.`,
  );

export const fileLinkToFolder = (name: string, path: string) =>
  new MagsError(
    `The file "${name}" (${path}) is a link to a folder, and such links are not followed. Exclude it; to have what is behind it, ` +
      `give that folder a name of its own.`,
  );

export const fileIrregular = (name: string, path: string) =>
  new MagsError(
    `The file "${name}" (${path}) is no regular file but a device, a pipe or a socket. Exclude it.`,
  );

export const fileTwice = (name: string, first: string, second: string) =>
  new MagsError(
    `The file "${name}" would be put there twice: from ${first} and from ${second}. Give one of them another name.`,
  );

export const fileIsAlsoFolder = (name: string, inside: string) =>
  new MagsError(
    `"${name}" would be a file and, for "${inside}", a folder as well. Give one of them another name.`,
  );

export const fileTooLarge = (name: string, path: string, bytes: number, limit: number) =>
  new MagsError(
    `The file "${name}" (${path}) has ${bytes} bytes; one file may have ${limit} (assumed, the API documents no limit). ` +
      `Let the script fetch it, or keep it in a workspace.`,
  );

export const filesTooLarge = (what: string, bytes: number, limit: number) =>
  new MagsError(
    `${what} have ${bytes} bytes together; they may have ${limit} (assumed, the API documents no limit). ` +
      `Let the script fetch what is large, or keep it in a workspace.`,
  );

export const filesTooMany = (count: number, limit: number) =>
  new MagsError(
    `These are ${count} files; a job may have ${limit}, since the state records each. ` +
      `Pack them into one file that the script unpacks, or keep them in a workspace.`,
  );

// --- Workspaces ----------------------------------------------------------------------------------------

export const workspaceMissing = (user: string, workspaceId: string) =>
  new MagsError(
    `${user} is to work on the workspace "${workspaceId}", but there is no such workspace in this account. ` +
      `Declare it as a Workspace and pass that, or correct the name: it is case-sensitive.`,
  );

export const baseWorkspaceMissing = (name: string, base: string) =>
  new MagsError(
    `Workspace "${name}" cannot be forked from "${base}": there is no such workspace in this account. Names are case-sensitive.`,
  );

export const setupFailed = (name: string, exitCode: number, logTail: string) =>
  new MagsError(
    `The setup of workspace "${name}" ended with exit code ${exitCode}. The workspace exists; ` +
      `the next "pulumi up" runs the setup again.${tail(logTail)}`,
  );

export const setupInterrupted = (name: string) =>
  new MagsError(
    `The setup of workspace "${name}" was begun and never finished, so what it holds is unknown, and it is not run again over it. ` +
      `Look at the workspace; then either delete it and run again, or set adopt: true to take it as it is.`,
  );

export const setupUnknown = (name: string, detail: string, logTail: string) =>
  new MagsError(
    `Whether the setup of workspace "${name}" succeeded could not be found out (${detail}). Run again to look once more.${tail(logTail)}`,
  );

export const workspaceNotListed = (name: string) =>
  new MagsError(
    `Workspace "${name}" was provisioned, but the API does not list it. Run again to look once more.`,
  );

// --- Runs ----------------------------------------------------------------------------------------------

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

export const runWorkspaceBusy = (name: string, workspaceId: string, job: string, status: string) =>
  new MagsError(
    `Run "${name}" needs a VM of its own on the workspace "${workspaceId}", but on that is active: ${job} (${status}). ` +
      `A workspace has at most one active VM. Nothing was begun. Set job (or jobName) to run inside it, or stop it.`,
  );

// --- Aliases and cron jobs -----------------------------------------------------------------------------

export const aliasElsewhere = (subdomain: string, domain: string, otherDomain: string) =>
  new MagsError(
    `The subdomain "${subdomain}" exists on ${otherDomain}. The API deletes aliases by subdomain alone, so one on ${domain} ` +
      `could not be told apart from it. Choose another subdomain.`,
  );

export const aliasTaken = (host: string) =>
  new MagsError(
    `The alias ${host} is taken by somebody else: it is not in this account's list. Choose another subdomain.`,
  );

export const aliasPointsElsewhere = (host: string, target: string) =>
  new MagsError(
    `The alias ${host} exists and points to "${target}". To take it over as it is, set adopt: true; else delete it or choose another subdomain.`,
  );

export const aliasRepointFailed = (host: string, detail: string, restored: boolean) =>
  new MagsError(
    `The alias ${host} could not be pointed to its new target (${detail}). ` +
      (restored
        ? `It points to its old target again.`
        : `Its old target could not be restored either: it answers nothing until the next "pulumi up".`),
  );

export const cronNotTaken = (name: string, fields: string[]) =>
  new MagsError(
    `The cron job "${name}" was changed, but the API still shows the old value of ${fields.join(", ")} after a second try. ` +
      `Look at it with "mags cron list", then run again.`,
  );

// --- Outcomes ------------------------------------------------------------------------------------------

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

export const programInvalid = (problems: string[]) =>
  new MagsError(
    `The program has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}. Correct and run again:\n${listed(problems)}`,
  );

const listed = (problems: string[]) => problems.map((problem) => `  - ${problem}`).join("\n");

export const previewNameGiven = (field: string) =>
  new MagsError(
    `${field} must not be given in a preview: that of the next pull request would have the same. ` +
      `Leave it out, and a name is generated that is this preview's alone; where other stacks need it, give it there only.`,
  );

export const previewProtected = () =>
  new MagsError(
    `deletionProtection must be false in a preview, which is removed when its pull request is closed. ` +
      `Set it to false, or make it a PreviewEnvironment, which does so by itself.`,
  );

export const previewWorksElsewhere = (field: string, value: string) =>
  new MagsError(
    `${field} names "${value}", which is not part of this preview: pull requests would change what others use. ` +
      `Refer to a resource of the program, or make a workspace with baseWorkspaceId, which is a copy.`,
  );

export const importOptionUnsupported = (kind: string, name: string) =>
  new MagsError(
    `${kind} "${name}": the option "import" cannot work for this provider, since Pulumi hands it no code to read with. ` +
      (kind === "Run"
        ? `A run that was carried out under this name with the same content is found by itself.`
        : `Set adopt: true to take over the existing object.`),
  );

export const scriptTwice = (resource: string) =>
  new MagsError(`${resource}: script and scriptFile both say what to run. Keep one of them.`);

export const notAResource = (resource: string, argument: string, expected: string, instead: string) =>
  new MagsError(
    `${resource}: ${argument} has to be ${expected} of the program. To refer to one by its name, use ${instead}.`,
  );

export const providerArgumentUnknown = (provider: string, argument: string, known: string[]) =>
  new MagsError(`Provider "${provider}": there is no argument ${argument}. Known are ${known.join(", ")}.`);

export const providerArgumentEmpty = (provider: string, argument: string) =>
  new MagsError(
    `Provider "${provider}": ${argument} is given but has no value, so the token of another account would be used. ` +
      `Give it a value, perhaps by setting the environment variable or the secret that it is read from, or leave it out.`,
  );

export const targetTwice = (resource: string, one: string, other: string, target = "workspace") =>
  new MagsError(`${resource}: ${one} and ${other} both name the ${target}. Keep one of them.`);
