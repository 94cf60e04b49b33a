/**
 * How a program that `mags-iac` runs gives it what it comes to: by files in a folder that an environment variable
 * names, whatever folder the program itself writes to. A mistake of the program's goes there too, so that whoever
 * runs the command reads what is wrong, and no stack.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ConstructsError, synthTwice } from "./errors";
import type { Plan, PlanAnnotation } from "./plan";
import { synth, type SynthResult } from "./synth";

/** Names the folder. */
export const HAND_OVER_VARIABLE = "MAGS_IAC_OUTDIR";
/** What the other files do not say. */
export const HAND_OVER_FILE = "hand-over.json";

export interface HandOver {
  readonly annotations?: readonly PlanAnnotation[];
  /** What is wrong with the program. */
  readonly error?: string;
}

/** The folder, where somebody waits for files in one. */
export function handOverFolder(): string | undefined {
  return process.env[HAND_OVER_VARIABLE] || undefined;
}

/** Writes the plan for whoever has started the program. */
export function handOver(plan: Plan, folder: string): SynthResult {
  const isFirst = !existsSync(path.join(folder, HAND_OVER_FILE));
  const result = synth(plan, folder, { check: !isFirst });
  if (isFirst) write(folder, { annotations: plan.annotations });
  else if (result.changed.length > 0) throw synthTwice();
  return result;
}

function write(folder: string, content: HandOver): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, HAND_OVER_FILE), `${JSON.stringify(content, null, 2)}\n`);
}

const folder = handOverFolder();
if (folder !== undefined) {
  process.on("uncaughtExceptionMonitor", (error) => {
    // Anything else is a bug, which its stack helps to find.
    if (!(error instanceof ConstructsError)) return;
    write(folder, { error: error.message });
    process.exit(1);
  });
}
