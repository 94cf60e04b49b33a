/** The manifest, as it is written and read. */
import { ConstructsError } from "./base";

export const synthFailed = (place: string, detail: string) =>
  new ConstructsError(
    `The manifest cannot be written to or compared with ${place} (${detail}). Choose another folder, or correct its rights.`,
  );

export const synthTwice = () =>
  new ConstructsError(
    `The program synthesizes two apps, and a manifest is of one. Put their stacks into one App, or give each a program of its own.`,
  );

export const manifestMalformed = (file: string, detail: string) =>
  new ConstructsError(
    `${file} is not what synth writes (${detail}). Make it anew with "app.synth()", and commit that.`,
  );

export const manifestTooNew = (file: string, version: number, known: number) =>
  new ConstructsError(
    `${file} was written by a newer pulumi-mags (shape ${version}; this release knows ${known}). Install that release or a later one.`,
  );
