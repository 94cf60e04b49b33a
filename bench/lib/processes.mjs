import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

import { hasCode } from "../../scripts/lib/errors.mjs";
import { parentOf } from "../../scripts/lib/parents.mjs";

/** How long processes may take to end before they are killed, and how often they are looked at, in milliseconds. */
const GRACE = 5_000;
const POLL = 50;

/**
 * The processes that a process has started, and theirs, without itself.
 * @param {number} pid
 */
export function descendants(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const [child, parent] of processTable()) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [child]);
    else siblings.push(child);
  }
  const found = [];
  for (let level = [pid]; level.length > 0;) {
    level = level.flatMap((parent) => children.get(parent) ?? []);
    found.push(...level);
  }
  return found;
}

/**
 * Ends processes: asks first, then kills. Resolves when none of them is left.
 * @param {readonly number[]} pids
 */
export async function endProcesses(pids) {
  for (const pid of pids) signal(pid, "SIGTERM");
  const deadline = performance.now() + GRACE;
  while (pids.some(runs)) {
    if (performance.now() > deadline) for (const pid of pids) signal(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

/**
 * Ends everything that a process has started, also what is started meanwhile.
 * @param {number} pid
 */
export async function endDescendants(pid) {
  for (let left = descendants(pid); left.length > 0; left = descendants(pid).filter(runs))
    await endProcesses(left);
}

/**
 * The command line of a process, words joined by spaces; empty where it has ended, or where there is no /proc.
 * @param {number} pid
 */
export function commandLine(pid) {
  return readProcess(pid, "cmdline").replaceAll("\0", " ");
}

/**
 * The most memory that a process has had resident until now, in bytes; undefined where the system does not tell.
 * @param {number} pid
 */
export function peakBytes(pid) {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readProcess(pid, "status"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Every process with its parent. */
function processTable() {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]);
  }
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return (stdout ?? "")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim().split(/\s+/).map(Number));
}

/**
 * Whether a process is at work still: a zombie is not, it only waits to be noticed.
 * @param {number} pid
 */
function runs(pid) {
  if (!signal(pid, 0)) return false;
  const text = readProcess(pid, "stat");
  return text === "" ? process.platform !== "linux" : text.slice(text.lastIndexOf(")") + 2)[0] !== "Z";
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} what
 */
function signal(pid, what) {
  try {
    process.kill(pid, what);
    return true;
  } catch (error) {
    if (hasCode(error, "ESRCH") || hasCode(error, "EPERM")) return false;
    throw error;
  }
}

/**
 * @param {number} pid
 * @param {string} what
 */
function readProcess(pid, what) {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch (error) {
    // It has ended meanwhile, belongs to somebody else, or this system has no /proc.
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].some((code) => hasCode(error, code))) return "";
    throw error;
  }
}
