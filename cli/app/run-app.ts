import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HAND_OVER_FILE, HAND_OVER_VARIABLE, type HandOver } from "../../constructs/hand-over";
import { MANIFEST_FILE, TREE_FILE, type Manifest, type Tree } from "../../constructs/manifest";
import { readManifest, readTree } from "../../constructs/manifest-text";
import type { PlanAnnotation } from "../../constructs/plan";
import * as errors from "../errors";
import { appCommand } from "./command";

/** What an app program comes to. */
export interface AppResult {
  /** The files of `synth`, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly annotations: readonly PlanAnnotation[];
}

/**
 * Runs an app program, and takes what it synthesizes, into a folder of its own: nothing of the project changes. What
 * the program prints goes to stderr.
 */
export async function runApp(app: string, folder = process.cwd()): Promise<AppResult> {
  const place = mkdtempSync(path.join(os.tmpdir(), "mags-iac-"));
  try {
    const ending = await ended(app, folder, place);
    const handOver = readHandOver(place);
    if (handOver?.error !== undefined) throw errors.appMistaken(handOver.error);
    if (ending !== undefined) throw errors.appFailed(app, ending.how, ending.interruptedBy);
    if (!handOver) throw errors.appForgotSynth(app);
    const read = (name: string) => [name, readFileSync(path.join(place, name), "utf8")] as const;
    return {
      files: Object.fromEntries([MANIFEST_FILE, TREE_FILE].map(read)),
      annotations: handOver.annotations ?? [],
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** What an app program synthesizes, read. */
export async function synthesized(app: string): Promise<{ manifest: Manifest; tree: Tree }> {
  const { files } = await runApp(app);
  return {
    manifest: readManifest(MANIFEST_FILE, files[MANIFEST_FILE]!),
    tree: readTree(TREE_FILE, files[TREE_FILE]!),
  };
}

interface Ending {
  /** In words. */
  how: string;
  /** A signal that was ours, and that the program was told of. */
  interruptedBy?: NodeJS.Signals;
}

/** How the program ended; undefined if it ended well. */
function ended(app: string, folder: string, place: string): Promise<Ending | undefined> {
  const { file, args, shell } = appCommand(app, folder);
  const child = spawn(file, args, {
    cwd: folder,
    shell,
    // Its output is not ours: ours may be read by a program.
    stdio: ["inherit", process.stderr, process.stderr],
    env: { ...process.env, [HAND_OVER_VARIABLE]: place },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let interruptedBy: NodeJS.Signals | undefined;
  const forward = (signal: NodeJS.Signals) => child.kill((interruptedBy = signal));
  for (const signal of signals) process.on(signal, forward);
  return new Promise<Ending | undefined>((resolve, reject) => {
    child.once("error", (error) => reject(errors.appNotStarted(app, error.message)));
    child.once("close", (code, signal) => {
      const how = signal ? `was ended by ${signal}` : code ? `ended with exit code ${code}` : undefined;
      resolve(how === undefined ? undefined : { how, interruptedBy });
    });
  }).finally(() => {
    for (const signal of signals) process.removeListener(signal, forward);
  });
}

function readHandOver(place: string): HandOver | undefined {
  try {
    return JSON.parse(readFileSync(path.join(place, HAND_OVER_FILE), "utf8")) as HandOver;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
