import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { itIf } from "../support/skip";

const guard = path.join(__dirname, "..", "..", "scripts", "lib", "guard.mjs");
const posix = itIf(process.platform !== "win32", "the guard works by POSIX signals");

/** Prints its pid and stays. */
const command = [process.execPath, "-e", "console.log(process.pid); setInterval(() => undefined, 1000)"];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process, which is what is asked here.
    return false;
  }
}

async function ended(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!isAlive(pid)) return true;
    await sleep(50);
  }
  return false;
}

function firstNumber(stream: NodeJS.ReadableStream): Promise<number> {
  return new Promise((resolve) => stream.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))));
}

posix("ends its command when the process that started it is killed", async () => {
  const parent = spawn(process.execPath, [
    "-e",
    `require("node:child_process").spawn(process.execPath, ${JSON.stringify([guard, ...command])},
       { detached: true, stdio: ["pipe", "inherit", "inherit"] })`,
  ]);
  const pid = await firstNumber(parent.stdout);
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  expect(await ended(pid)).toBe(true);
});

posix("hands signals on, and ends as its command did", async () => {
  const child = spawn(process.execPath, [guard, ...command], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  const pid = await firstNumber(child.stdout);
  child.kill("SIGTERM");
  expect(await exit).toBe("SIGTERM");
  expect(await ended(pid)).toBe(true);
});

posix("passes an exit code on", async () => {
  const child = spawn(process.execPath, [guard, process.execPath, "-e", "process.exit(7)"]);
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(7);
});
