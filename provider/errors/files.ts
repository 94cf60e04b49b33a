/** What is to be put under /uploads. */
import { MagsError } from "./base";
import { listed } from "./texts";

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
