import type { ChildProcess, SpawnOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { ExecResult } from "./runtime";

/** Longest log line in characters; the rest of a longer one is cut into further lines. */
const LONGEST_LINE = 16_384;
/** Lines that one stream may add to a log in a second. */
const LINES_PER_SECOND = 10_000;
/** How long the output of an ended command may still be held open by what it left behind. */
const DRAIN_MS = 500;

/**
 * The PATH of a VM: the caller's, so that the tools the user has are found, the usual folders, and `tools`,
 * where a VM finds Node.js whatever else is there (documented: VMs have it).
 */
export function machinePath(tools = dirname(process.execPath)): string {
  const usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const own = (process.env.PATH ?? "").split(":").filter((entry) => entry.startsWith("/"));
  return [...new Set([...own, ...usual, tools])].join(":");
}

/** The environment every script gets: nothing else of the caller's environment, which may hold secrets. */
export function baseEnvironment(home: string, tools?: string): Record<string, string> {
  return {
    PATH: machinePath(tools),
    HOME: home,
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/sh",
    LANG: process.env.LANG ?? "C.UTF-8",
  };
}

/** Starts a program in a session of its own and waits until it is really started. */
export function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    // By default not where the caller is: that folder may not exist inside a VM.
    const child = spawn(command, args, { cwd: "/", ...options, detached: true });
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      child.on("error", () => undefined); // A failed kill; the exit event tells the rest.
      resolve(child);
    });
  });
}

/** The exit code as a shell shows it: 128 plus the signal for a killed process. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
}

/** Resolves with the exit code. */
export function exited(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(exitCodeOf(child.exitCode, child.signalCode));
  }
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

/** Sends a signal to a process group; a group that is gone is fine. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Resolves with the exit code once the output is read too. What a script left in the background may hold its
 * output open, so that is only waited for a moment.
 */
export async function finished(child: ChildProcess): Promise<number> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const exitCode = await exited(child);
  await atMost(closed, DRAIN_MS);
  return exitCode;
}

/** Waits for something, but no longer than a time. */
async function atMost(event: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, late]);
  clearTimeout(timer);
}

/** Calls `onLine` for each line of a stream. A script that writes faster than a log can take has to wait. */
export function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream === null) return;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let written = 0;
  let since = Date.now();
  const throttle = (): void => {
    const now = Date.now();
    if (now - since >= 1_000) {
      since = now;
      written = 0;
    } else if (written > LINES_PER_SECOND) {
      stream.pause();
      setTimeout(() => stream.resume(), since + 1_000 - now).unref();
    }
  };
  const flush = (final: boolean): void => {
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    while (rest.length > LONGEST_LINE) {
      lines.push(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
    for (const line of lines) onLine(line.replace(/\r$/, ""));
    written += lines.length;
    if (final && rest !== "") onLine(rest);
  };
  stream.on("data", (chunk: Buffer) => {
    rest += decoder.write(chunk);
    flush(false);
    throttle();
  });
  stream.on("end", () => {
    rest += decoder.end();
    flush(true);
  });
  stream.on("error", () => undefined); // The process is gone; its exit is what counts.
}

/** Collects a command's output to its end. The process group is ended with the command, as observed. */
export async function collect(
  child: ChildProcess,
  timeoutMs: number,
  outputLimit: number,
): Promise<ExecResult> {
  const stdout = gather(child.stdout, outputLimit);
  const stderr = gather(child.stderr, outputLimit);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeoutMs);
  const exitCode = await exited(child);
  clearTimeout(timer);
  killGroup(child.pid);
  await atMost(closed, DRAIN_MS);
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (!timedOut) return { exitCode, stdout: stdout(), stderr: stderr() };
  const note = `command timed out after ${timeoutMs / 1000} s`;
  const text = stderr();
  return { exitCode: 124, stdout: stdout(), stderr: text === "" ? note : `${text}\n${note}` };
}

function gather(stream: NodeJS.ReadableStream | null, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    // Read on, so that the command does not block, but keep no more than the limit.
    if (size < limit) chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  stream?.on("error", () => undefined); // Destroyed on purpose above, or the process is gone.
  return () => Buffer.concat(chunks).toString("utf8");
}
