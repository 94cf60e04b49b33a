import { readFileSync } from "node:fs";

/** How often a started emulator looks whether its parent is still there, in milliseconds. */
const POLL_MS = 250;

/** A process, and the parent it must keep. */
export interface Watched {
  pid: number;
  parent: number;
}

/**
 * The processes without whose parents this one ends. npm and npx put a shell in between, which neither passes
 * a signal on nor ends with them. What a script of npm put into the background has no parent any more.
 */
export function watchedProcesses(json: boolean): Watched[] {
  const byNpm = process.env.npm_lifecycle_event !== undefined;
  if (!json && !byNpm) return [];
  const watched = [{ pid: process.pid, parent: process.ppid }];
  try {
    const [program = "", flag] = readFileSync(`/proc/${process.ppid}/cmdline`, "utf8").split("\0");
    const parent = parentOf(process.ppid);
    if (byNpm && flag === "-c" && /sh$/.test(program) && parent !== undefined) {
      watched.push({ pid: process.ppid, parent });
    }
  } catch (error) {
    // No /proc on this system: the direct parent is what can be seen.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return watched;
}

/** Calls `onGone` once one of the processes has lost its parent. */
export function watch(watched: readonly Watched[], onGone: () => void): void {
  if (watched.length === 0) return;
  const timer = setInterval(() => {
    if (watched.every(({ pid, parent }) => parentOf(pid) === parent)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS).unref();
}

function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It has ended.
  }
}
