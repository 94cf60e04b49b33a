/** Every message of the command about what somebody asked of it: what happened, why, and what to do next. */

import { constants } from "node:os";

/** A failure that its message tells in full. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** What a shell shows of a process that a signal has ended. */
export const exitCodeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

/** There is no command "pulumi" at all. */
export class PulumiNotStartedError extends CliError {}

// --- The app program -----------------------------------------------------------------------------------

export const appUnset = () =>
  new CliError(`There is no app program to run. Give its path, or the command that runs it: --app app.ts`);

export const appMissing = (file: string) =>
  new CliError(
    `There is no file ${file}, which --app names. Give the path of the app program, or the command that runs it, ` +
      `such as --app "node app.js".`,
  );

export const appNotStarted = (command: string, detail: string) =>
  new CliError(`The app program "${command}" could not be started (${detail}). Check what --app says.`);

export const appFailed = (command: string, ending: string, interruptedBy?: NodeJS.Signals) =>
  new CliError(
    `The app program "${command}" ${ending}, so there is no plan. What it says is above; correct it and run again.`,
    interruptedBy && exitCodeOf(interruptedBy),
  );

export const appMistaken = (message: string) => new CliError(message);

export const appForgotSynth = (command: string) =>
  new CliError(
    `The app program "${command}" ended well, but gave no plan. Its App has to be synthesized at the end: add app.synth().`,
  );

// --- Manifests -----------------------------------------------------------------------------------------

export const manifestMissing = (file: string) =>
  new CliError(
    `There is no ${file}. Write it with "mags-iac synth" first, or name the folder that it is in.`,
  );

export const fileUnreadable = (file: string, detail: string) =>
  new CliError(`${file} cannot be read (${detail}). Check its path and its rights.`);

export const fileUnwritable = (file: string, detail: string) =>
  new CliError(`${file} cannot be written (${detail}). Choose another place, or correct its rights.`);

// --- What a deploy refuses -----------------------------------------------------------------------------

export const keptInTheWay = (kind: string, path: string, what: string) =>
  `${kind} "${path}" cannot be replaced: by its removal policy the old one stays in the cloud, and ${what} would be that of the new ` +
  `one too. Give the new one another, or deploy without the removal policy first.`;

export const anotherInTheWay = (kind: string, path: string, what: string) =>
  `${kind} "${path}" cannot be made anew: Pulumi makes the new one before it deletes the old one, and ${what} would be that of ` +
  `both. Say with a rename that it is the same, or give the new one another.`;

// --- Options -------------------------------------------------------------------------------------------

export const oneOf = (options: readonly string[]) =>
  new CliError(`Give exactly one of ${options.join(" and ")}: they are two places for the same.`);

export const jsonNeedsFile = () =>
  new CliError(
    "--json prints about the picture, which then cannot go to stdout too. Name a file with --svg.",
  );

export const watchNeedsTerminal = () =>
  new CliError(
    "--watch draws on a terminal, and this is none. Leave it out, or add --json: then each look is one line of JSON.",
  );

export const intervalNeedsWatch = () =>
  new CliError("--interval says how often --watch looks. Add --watch, or leave it out.");

// --- Pulumi ----------------------------------------------------------------------------------------------

export const pulumiNotStarted = (detail: string) =>
  new PulumiNotStartedError(
    `The command "pulumi" could not be started (${detail}). Install Pulumi (https://www.pulumi.com/docs/install/) ` +
      `and see that it is in PATH.`,
  );

export const folderMissing = (folder: string) =>
  new CliError(`There is no folder ${folder}, which --cwd names. Name the folder of the Pulumi project.`);

export const endpointFlagInvalid = (text: string) =>
  new CliError(
    `"${text}", which --endpoint names, is no URL of a Mags API: it has to start with http:// or https://.`,
  );

export const pulumiFailed = (detail: string) => new CliError(`Pulumi says: ${detail}`);

export const stackMissing = (stack: string) =>
  new CliError(`There is no stack "${stack}" in this backend. "pulumi stack ls" lists those that there are.`);

export const stackUnset = () =>
  new CliError(`No stack is selected. Name one with --stack; "pulumi stack ls" lists them.`);

export const projectMissing = (folder: string) =>
  new CliError(
    `There is no Pulumi project in ${folder} or above it: Pulumi.yaml is missing. Name its folder with --cwd.`,
  );

export const projectUnreadable = (file: string, detail: string) =>
  new CliError(
    `${file} is no project of Pulumi (${detail}). It has to be YAML with at least a name. Correct it.`,
  );

export const passphraseMissing = () =>
  new CliError(
    `Pulumi asks for the passphrase of the stack, by which its secrets are encrypted, and was given none. Set PULUMI_CONFIG_PASSPHRASE, or ` +
      `PULUMI_CONFIG_PASSPHRASE_FILE.`,
  );

export const passphraseWrong = () =>
  new CliError(
    `The passphrase does not fit the secrets of this stack. Correct PULUMI_CONFIG_PASSPHRASE, or ` +
      `PULUMI_CONFIG_PASSPHRASE_FILE.`,
  );

export const backendMissing = () =>
  new CliError(
    `Pulumi has no backend to read the stack from. Set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN, or run "pulumi login".`,
  );

export const stateUnreadable = (detail: string) =>
  new CliError(`What "pulumi stack export" printed is no state of a stack (${detail}).`);

// --- Import ----------------------------------------------------------------------------------------------

export const filterEmpty = () =>
  new CliError(`--only needs a kind, a pattern of names, or both, such as job, "web-*" or "job:web-*".`);

export const filterKindUnknown = (kind: string, known: readonly string[]) =>
  new CliError(
    `--only knows no kind "${kind}": there are ${known.join(", ")}. For names alone, leave it out.`,
  );

export const wouldOverwrite = (files: readonly string[]) =>
  new CliError(
    `${files.join(" and ")} ${files.length === 1 ? "is" : "are"} there already, and would be written over. ` +
      `Name another folder with --out, or say --force. Nothing was written.`,
  );

export const nothingToImport = (only: readonly string[], count: number) =>
  new CliError(
    only.length > 0 && count > 0
      ? `Of ${count} things in the account, --only ${only.join(" --only ")} leaves none. Nothing was written.`
      : `There is nothing in this account that could be imported. Check that it is the right one: --endpoint, --stack, and the token. Nothing was written.`,
  );
