import { CliError } from "../errors";

/** Every message of `mags-iac preview` about what somebody asked of it: what happened, why, and what to do next. */

// --- Options -------------------------------------------------------------------------------------------

export const notAPullRequest = (given: string) =>
  new CliError(
    `"${given}" is not the number of a pull request. Give a whole number from 1, such as --pr 12.`,
  );

export const notADuration = (option: string, given: string) =>
  new CliError(
    `${option} "${given}" is not a time. Give a number with m, h or d after it, such as 90m, 72h or 3d.`,
  );

export const notACount = (option: string, given: string) =>
  new CliError(`${option} "${given}" is not a number from 1. Give a whole one, such as ${option} 20.`);

export const lifeTooLong = (ttl: string, longest: string) =>
  new CliError(`--ttl ${ttl} is longer than --max-ttl ${longest}. Give a shorter one, or raise --max-ttl.`);

export const namespaceUnknown = () =>
  new CliError(
    "There is no telling whose pull requests these are: GITHUB_REPOSITORY is not set, and the folder has no git " +
      'remote "origin". Give the repository: --namespace owner/name.',
  );

export const namespaceInvalid = (given: string) =>
  new CliError(
    `"${given}" cannot be a namespace. Give what nobody else uses with this account, such as owner/name: letters, ` +
      "digits and . _ - / alone, at most 200 of them.",
  );

export const repositoryInvalid = (given: string) =>
  new CliError(`"${given}" is not a repository of GitHub. Give it as --repository owner/name.`);

export const openListInvalid = (given: string) =>
  new CliError(
    `--open "${given}" does not list pull requests. Give their numbers with commas, such as --open 3,12, or --open none: ` +
      "an empty list could be one that was not got, and everything would be removed.",
  );

// --- Pulumi --------------------------------------------------------------------------------------------

export const programMissing = (folder: string) =>
  new CliError(
    `There is no Pulumi.yaml in ${folder}, so there is no program to bring up. Give its folder with --program.`,
  );

export const projectUnknown = (folder: string) =>
  new CliError(
    `There is no Pulumi.yaml in ${folder} to take the project's name from. Give the folder with --program or, where ` +
      "there is no program any more, the name with --project.",
  );

export const projectEmpty = () =>
  new CliError(
    "--project is empty, so there is no telling which previews are meant. In a pipeline that is a variable which is not " +
      "set. Give the name in the program's Pulumi.yaml, or leave it out where the program is.",
  );

export const projectUnreadable = (file: string, detail: string) =>
  new CliError(`${file} cannot be read (${detail}). Correct it and run again.`);

export const templateMissing = (file: string) =>
  new CliError(
    `There is no ${file}, which --template names. Give a stack file to copy the configuration from.`,
  );

export const pulumiMissing = (detail: string) =>
  new CliError(
    `The Pulumi CLI could not be started (${detail}). Install it, or put the folder that it is in on PATH.`,
  );

export const backendUnreachable = (detail: string, atWork: boolean) =>
  new CliError(
    `The state backend could not be reached: ${detail} Check PULUMI_BACKEND_URL and the credentials for it; ` +
      (atWork ? "this run was at work, so run it again once that is right." : "nothing was changed."),
  );

export const passphraseEmpty = () =>
  new CliError(
    "PULUMI_CONFIG_PASSPHRASE is empty, so anybody could decrypt the state. In a workflow that is a secret which is " +
      "not set, or which this run is not given: set it. If it is meant, say so with --empty-passphrase.",
  );

export const stacksUnlistable = (project: string, detail: string, inCloud: string) =>
  new CliError(
    `Pulumi does not list the stacks of ${project}: ${detail} Nor does the cloud tell which there are: ${inCloud} ` +
      `${spoilt(project)} up and down of the others work meanwhile.`,
  );

/** A backend that lists nothing, since it can read something not. */
const spoilt = (project: string) =>
  `The state of one is spoilt, most likely: look for it in the backend below .pulumi/stacks/${project}, and put the .bak ` +
  "beside it in its place.";

export const stackUnreadable = (stack: string, detail: string) =>
  new CliError(
    `The state of ${stack} cannot be read: ${detail} It was left alone. In a backend of files, the .bak beside it is ` +
      "the one before it: put that in its place, and run again.",
  );

// Texts of warnings.

export const accountUnknown = (detail: string) =>
  `No state tells which account the previews are in, so the template and the environment have to: ${detail}`;

export const stacksFromFiles = (folder: string, detail: string) =>
  `Pulumi does not list the stacks: ${detail} The state of one is spoilt, most likely; those were taken that have a file ` +
  `in ${folder}.`;

export const stacksFromCloud = (project: string, detail: string) =>
  `Pulumi does not list the stacks of ${project}: ${detail} Those were taken whose names stand in the cloud, so one that has ` +
  `nothing there is missing. ${spoilt(project)}`;

export const noSuchProject = (project: string) =>
  `The state backend has no stack of a project "${project}" at all. If that is not its name, give the right one with ` +
  "--project; if all of its stacks are gone, this is as it should be.";

export const passphraseMissing = () =>
  new CliError(
    "The state is encrypted with a passphrase, and there is none or another one. Set PULUMI_CONFIG_PASSPHRASE, or " +
      "PULUMI_CONFIG_PASSPHRASE_FILE, to the one that the previews were made with.",
  );

/** Somebody else is at work on a stack, so nothing can be said of how it stands. */
export class LockedError extends CliError {}

/** How two runs that begin at the same time end for the one that was later. */
export const stackTaken = (stack: string) =>
  new LockedError(
    `Another run has made the stack ${stack} at this very moment, and works on it. Wait for it, and run again.`,
  );

/** @param command What breaks the lock and goes on */
export const locked = (stack: string, since: string | undefined, command: string) =>
  new LockedError(
    `The stack ${stack} is locked${since ? ` since ${since}` : ""}: another run works on it, or one was killed. ` +
      `Wait for it; if it is sure that nothing runs any more, "${command}" goes on.`,
  );

export const stackOfOther = (stack: string, owner: string, namespace: string) =>
  new CliError(
    `The stack ${stack} is the preview of ${owner}, not of ${namespace}. Two repositories with one state backend need ` +
      "projects of different names; if the repository was renamed, go on with --namespace set to its old name.",
  );

export const stackNotPreview = (stack: string) =>
  new CliError(
    `There is a stack ${stack} that no preview command has made. It was left alone. Remove it with pulumi, or rename it.`,
  );

export const stackProtected = (stack: string, names: readonly string[]) =>
  new CliError(
    `${stack} holds what is protected: ${names.join(", ")}. Nothing was removed. A preview has nothing that must stay, ` +
      "so this is either none, or its program has to give up the protection by an up first.",
  );

export const programFails = (stack: string, detail: string) =>
  new CliError(
    `The plan of ${stack} failed: ${detail} Nothing was changed. Correct the program and push again.`,
  );

export const upFailed = (stack: string, detail: string) =>
  new CliError(
    `The update of ${stack} failed: ${detail} What was made stays, and the next up goes on from there.`,
  );

export const downFailed = (stack: string, detail: string) =>
  new CliError(
    `The removal of ${stack} failed: ${detail} The stack stays, so that running this again goes on.`,
  );

export const pulumiFailed = (detail: string) =>
  new CliError(`Pulumi failed: ${detail} What it says is all that is known of it.`);

// --- What is there -------------------------------------------------------------------------------------

/** Why there is no URL to show and to wait for. */
export type UrlProblem = "missing" | "secret" | "invalid";

const URL_PROBLEMS: Record<UrlProblem, (output: string) => string> = {
  missing: (output) => `gives no URL to wait for. Export one from the program as "${output}"`,
  secret: (output) =>
    `its output "${output}" is secret, so it is not shown and not waited for. Export a URL that is none`,
  invalid: (output) =>
    `its output "${output}" is no URL that begins with http:// or https://. Export one of that kind`,
};

export const noUrl = (stack: string, output: string, problem: UrlProblem = "missing") =>
  new CliError(
    `${stack} is up, but ${URL_PROBLEMS[problem](output)}, name another output with --url-output, or give --no-wait.`,
  );

export const urlSilent = (url: string, seconds: number, detail: string) =>
  new CliError(
    `${url} did not answer within ${seconds} s (${detail}). Look at the job's log; --path names a page that is there, ` +
      "and --wait gives it longer.",
  );

export const seedFailed = (command: string, ending: string) =>
  new CliError(
    `The preview is up, but its seed "${command}" ${ending}. It counts as not done, and the next up runs it again.`,
  );

export const leftBehind = (stack: string, things: readonly string[]) =>
  new CliError(
    `Something of ${stack} is still there: ${things.join(", ")}. Run this again; if it stays, remove it by hand.`,
  );

export const sweepIncomplete = (failures: number) =>
  new CliError(
    `${failures === 1 ? "One preview" : `${failures} previews`} could not be dealt with, as is told above.`,
  );

// --- GitHub --------------------------------------------------------------------------------------------

export const noGitHubToken = () =>
  new CliError(
    "There is no token for GitHub: neither GITHUB_TOKEN nor GH_TOKEN is set. In a workflow, give the step " +
      "GITHUB_TOKEN: ${{ github.token }}.",
  );

export const noRepository = () =>
  new CliError("GITHUB_REPOSITORY is not set. Say where the pull request is: --repository owner/name.");

export const gitHubRefused = (call: string, detail: string) =>
  new CliError(
    `GitHub does not let this token do ${call} (${detail}). The workflow needs the permissions pull-requests: write and ` +
      "deployments: write; runs for forks never have them.",
  );

export const gitHubRateLimited = (call: string, until: string) =>
  new CliError(`GitHub's rate limit is used up, so ${call} was not done. Run again ${until}.`);

export const gitHubNotFound = (call: string) =>
  new CliError(
    `GitHub knows nothing of ${call} (404). Check the number and --repository; a token without access to a private ` +
      "repository is told the same.",
  );

export const gitHubFailed = (call: string, detail: string) =>
  new CliError(`GitHub failed at ${call} (${detail}). Run again later.`);
