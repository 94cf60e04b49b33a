/** Every message of the command about what somebody asked of it: what happened, why, and what to do next. */

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

export const appFailed = (command: string, ending: string) =>
  new CliError(
    `The app program "${command}" ${ending}, so there is no plan. What it says is above; correct it and run again.`,
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

// --- Options -------------------------------------------------------------------------------------------

export const oneOf = (options: readonly string[]) =>
  new CliError(`Give exactly one of ${options.join(" and ")}: they are two places for the same.`);

export const jsonNeedsFile = () =>
  new CliError(
    "--json prints about the picture, which then cannot go to stdout too. Name a file with --svg.",
  );
