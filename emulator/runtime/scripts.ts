import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs/promises";
import { join } from "node:path";

/**
 * Writes a script into `folder` and returns the command that runs it, where the VM sees it at `inside`.
 * A script that names its interpreter is run by it, any other by `/bin/sh`.
 */
export async function writeScript(
  folder: string,
  name: string,
  script: string,
  inside = join(folder, name),
): Promise<string[]> {
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(join(folder, name), script.endsWith("\n") ? script : `${script}\n`, { mode: 0o700 });
  return script.startsWith("#!") ? [inside] : ["/bin/sh", inside];
}

/** Waits until a process says `expected` on its standard output; fails with what it said on the other. */
export function firstLine(child: ChildProcess, expected: string, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complaint = "";
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      child.stdout?.off("data", onOutput);
      child.stdout?.resume();
      child.stderr?.off("data", onComplaint);
      child.stderr?.resume();
      child.off("exit", onExit);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onOutput = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
      if (said.split("\n").includes(expected)) finish();
    };
    const onComplaint = (chunk: Buffer): void => {
      complaint = (complaint + chunk.toString("utf8")).slice(-2_000);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      const reason = complaint.trim() === "" ? `it ended with ${signal ?? code}` : complaint.trim();
      // A moment for the last words to arrive.
      setTimeout(() => finish(new Error(complaint.trim() === "" ? reason : complaint.trim())), 10);
    };
    const timer = setTimeout(() => finish(new Error(`not ready after ${limitMs} ms`)), limitMs);
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onComplaint);
    child.once("exit", onExit);
  });
}
