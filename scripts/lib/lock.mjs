import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { hasCode } from "./errors.mjs";
import { isAlive } from "./run.mjs";

/** The holder touches its lock this often, in milliseconds. */
const HEARTBEAT = 5_000;

/** A lock that nobody has touched for this long has no holder any more, in milliseconds. */
const STALE = 60_000;

/** How often a waiter looks again, in milliseconds. */
const POLL = 500;

/**
 * Runs `work` while holding the lock `file`, so that two runs at once take turns. A lock whose holder has
 * died is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(holder: string) => void} [onWait] Called once, with who holds the lock, when there is a wait.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => undefined) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), since: new Date().toISOString() });
  for (let waited = false; !tryCreate(file, mine);) {
    if (removeIfStale(file)) continue;
    if (!waited) onWait(describeHolder(file));
    waited = true;
    await sleep(POLL);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch (error) {
      // Somebody removed the lock by hand. The work goes on; it ends by renames that are safe without it.
      if (!hasCode(error, "ENOENT")) throw error;
    }
  }, HEARTBEAT);
  heartbeat.unref();
  const release = () => {
    if (readLock(file) === mine) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener("exit", release);
    release();
  }
}

/**
 * @param {string} file
 * @param {string} content
 */
function tryCreate(file, content) {
  try {
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** @param {string} file */
function readLock(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Removes a lock whose holder is gone. True when the lock is worth trying for again at once.
 * @param {string} file
 */
function removeIfStale(file) {
  const content = readLock(file);
  if (content === undefined) return true;
  if (!isStale(file, content)) return false;
  // Two waiters may come here at once: the rename lets one win, and what it got is looked at again, since
  // the other may have made a new lock in between.
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
  if (readLock(aside) !== content) putBack(aside, file);
  rmSync(aside, { force: true });
  return true;
}

/**
 * @param {string} aside
 * @param {string} file
 */
function putBack(aside, file) {
  try {
    linkSync(aside, file);
  } catch (error) {
    // A third run took the lock meanwhile; both then work at once, which the renames at the end allow.
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

/**
 * @param {string} file
 * @param {string} content
 */
function isStale(file, content) {
  const holder = parse(content);
  // An empty lock is one that is being written.
  if (holder?.host === os.hostname() && !isAlive(holder.pid)) return true;
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - touched > STALE;
}

/** @param {string} file */
function describeHolder(file) {
  const holder = parse(readLock(file) ?? "");
  return holder ? `process ${holder.pid}, since ${holder.since}` : "another process";
}

/**
 * @param {string} content
 * @returns {{ pid: number, host: string, since: string } | undefined}
 */
function parse(content) {
  try {
    return JSON.parse(content);
  } catch {
    // Half-written: its holder is at it right now.
    return undefined;
  }
}
