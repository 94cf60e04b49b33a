/** Two that want to work on one workspace, which has one active VM at most. */
import { MagsError } from "./base";

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

export const twoJobsOnWorkspace = (workspaceId: string, first: string, second: string) =>
  new MagsError(
    `The jobs "${first}" and "${second}" both work on the workspace "${workspaceId}", which can have one active VM only. ` +
      `Give one of them a workspace of its own, for example a fork (baseWorkspaceId).`,
  );

export const cronOnJobWorkspace = (workspaceId: string, cron: string, job: string) =>
  new MagsError(
    `The cron job "${cron}" would fire on the workspace "${workspaceId}", on which the job "${job}" runs: a workspace has one ` +
      `active VM only, so its fires would fail. Give the schedule a workspace of its own.`,
  );

export const runOnJobWorkspace = (workspaceId: string, run: string, job: string) =>
  new MagsError(
    `The run "${run}" would start a VM of its own on the workspace "${workspaceId}", on which the job "${job}" runs: a workspace ` +
      `has one active VM only. Pass job instead of the workspace, so that the script runs inside that job.`,
  );

export const runWorkspaceBusy = (name: string, workspaceId: string, job: string, status: string) =>
  new MagsError(
    `Run "${name}" needs a VM of its own on the workspace "${workspaceId}", but on that is active: ${job} (${status}). ` +
      `A workspace has at most one active VM. Nothing was begun. Set job (or jobName) to run inside it, or stop it.`,
  );
