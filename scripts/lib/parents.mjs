import { readFileSync } from "node:fs";

/** How often a process looks whether its parents are still there, in milliseconds. */
const POLL = 500;

/**
 * Calls `onGone` once when what started this process is gone. npm puts a shell in between, which neither passes
 * a signal on nor ends with npm; so where the parent is such a shell, its own parent counts too.
 * @param {() => void} onGone
 */
export function watchParents(onGone) {
  const parent = process.ppid;
  const grandparent = isShellOfNpm(parent) ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    const there = process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent);
    if (there) return;
    clearInterval(timer);
    onGone();
  }, POLL).unref();
}

/** @param {number} pid */
function isShellOfNpm(pid) {
  if (process.env.npm_lifecycle_event === undefined) return false;
  const [program = "", flag] = readProcess(pid, "cmdline")?.split("\0") ?? [];
  return flag === "-c" && program.endsWith("sh");
}

/**
 * The process that started a process; nothing where it has ended, or where there is no /proc.
 * @param {number} pid
 */
export function parentOf(pid) {
  const text = readProcess(pid, "stat");
  return text && Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/**
 * What the system tells of a process; nothing where it has ended, or where there is no /proc.
 * @param {number} pid
 * @param {string} what
 */
function readProcess(pid, what) {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return undefined;
  }
}
