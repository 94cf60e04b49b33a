/** What would lose files, or the record of what there is. */
import { MagsError } from "./base";

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
