/** Whose an object is, and whether it can have its name. */
import { MagsError } from "./base";

export const idUnusable = (id: string) =>
  new MagsError(
    `"${id}" cannot be the id of anything: in a path it would mean another place. Correct the name or id.`,
  );

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

export const localDiskNameTaken = (name: string) =>
  new MagsError(
    `Job "${name}" has no workspace, so its files stay on its local disk; but a workspace named "${name}" exists, and the two ` +
      `would share the name. Set workspaceId: "${name}" to work on that workspace, or give the job another name.`,
  );

export const notFoundToRead = (kind: string, id: string) =>
  new MagsError(`There is no ${kind} "${id}" in this account. Check the name, mags:endpoint and the token.`);
