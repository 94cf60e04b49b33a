import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { PulumiCommand, Stack, LocalWorkspace } from "@pulumi/pulumi/automation";
import * as errors from "./errors";

type Automation = typeof import("@pulumi/pulumi/automation");

/** The Automation API, which takes a moment to load. */
export function automation(): Automation {
  return require("@pulumi/pulumi/automation") as Automation;
}

/** The user's own Pulumi: on PATH, else where the Automation API installs it. */
export async function findPulumi(): Promise<PulumiCommand> {
  const { PulumiCommand: Command } = automation();
  let failure: unknown;
  for (const root of [undefined, ...installed()]) {
    try {
      return await Command.get(root === undefined ? {} : { root });
    } catch (error) {
      failure ??= error;
    }
  }
  throw errors.pulumiMissing(failure instanceof Error ? failure.message.split("\n")[0]! : String(failure));
}

/** Folders of installed versions, the newest first. */
function installed(): string[] {
  const home = process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");
  const folder = path.join(home, "versions");
  if (!existsSync(folder)) return [];
  const newestFirst = new Intl.Collator("en", { numeric: true });
  return readdirSync(folder)
    .sort((one, other) => newestFirst.compare(other, one))
    .map((version) => path.join(folder, version));
}

export async function workspaceIn(
  folder: string,
  pulumiCommand: PulumiCommand,
  envVars: Record<string, string>,
): Promise<LocalWorkspace> {
  const workspace = await automation().LocalWorkspace.create({ workDir: folder, pulumiCommand, envVars });
  // What somebody has selected in this project is theirs: every command names its stack.
  return Object.assign(workspace, { selectStack: () => Promise.resolve() });
}

/** A stack that exists. */
export function stackIn(workspace: LocalWorkspace, name: string): Promise<Stack> {
  return automation().Stack.select(name, workspace);
}

/**
 * Lets the engine finish what it is at when the run is cancelled: Ctrl-C of a terminal reaches it by itself, and what
 * reaches us alone is handed on. What is begun is then in the state, and the lock is given back.
 */
export async function finishing<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const wait = () => undefined;
  const handOn = () => abort.abort();
  // Without a terminal nobody but us is told.
  const onInterrupt = process.stdin.isTTY ? wait : handOn;
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", handOn);
  try {
    return await work(abort.signal);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    process.removeListener("SIGTERM", handOn);
  }
}
