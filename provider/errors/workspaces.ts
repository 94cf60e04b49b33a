/** Workspaces, and what is set up in them. */
import { MagsError } from "./base";
import { tail } from "./texts";

export const workspaceMissing = (user: string, workspaceId: string) =>
  new MagsError(
    `${user} is to work on the workspace "${workspaceId}", but there is no such workspace in this account. ` +
      `Declare it as a Workspace and pass that, or correct the name: it is case-sensitive.`,
  );

export const baseWorkspaceMissing = (name: string, base: string) =>
  new MagsError(
    `Workspace "${name}" cannot be forked from "${base}": there is no such workspace in this account. Names are case-sensitive.`,
  );

export const jobBaseMissing = (name: string, base: string) =>
  new MagsError(
    `Job "${name}" was not restarted, and its VM was left as it is: there is no workspace "${base}" in this account, ` +
      `which its own was forked from, and without it no VM can be started. Make "${base}" again, under that name, first.`,
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
