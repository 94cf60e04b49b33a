import { spawn } from "node:child_process";
import { constants } from "node:os";

import { startEmulator } from "../../emulator";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { watch, watchedProcesses } from "./parents";

/** How long a start that is no longer wanted may take to come to where it can be undone, in milliseconds. */
const START_GRACE_MS = 5_000;

/** Why an emulator ends, and the signal if it was one. */
interface End {
  reason: string;
  signal?: NodeJS.Signals;
}

/** Starts an emulator and ends it with a signal, or with a parent it depends on. */
export async function serve(options: EmulatorOptions, json: boolean): Promise<void> {
  const { emulator, ending } = await start(options, { json, unwanted: 0 });
  if (json) {
    process.stderr.write(`${[scripts(emulator), ...emulator.notes].join("\n")}\n`);
    process.stdout.write(`${JSON.stringify(ready(emulator))}\n`);
  } else process.stdout.write(welcome(emulator, options));
  const { reason } = await ending;
  process.stderr.write(`stopping: ${reason}\n`);
  await emulator.stop();
  // Whatever still holds the process, such as a parent's pipe, does not keep it.
  process.exit(0);
}

/** Runs a command against an emulator of its own, and ends with its exit code. */
export async function execute(
  options: EmulatorOptions,
  command: readonly string[],
  json: boolean,
): Promise<void> {
  const { emulator, ending } = await start(options, { json: false, unwanted: 1 });
  const started = json
    ? JSON.stringify(ready(emulator))
    : [`Mags emulator on ${emulator.url}`, scripts(emulator)].join("\n");
  process.stderr.write(`${started}\n`);
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: "inherit",
    env: { ...process.env, MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token },
  });
  void ending.then(({ signal = "SIGTERM" }) => {
    // A terminal sends Ctrl-C to the command itself, and to some a second one means to drop everything.
    if (signal !== "SIGINT") child.kill(signal);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new Error(`The command ${program} was not found.`) : error),
    );
    child.once("close", (exitCode, signal) =>
      resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  }).finally(() => emulator.stop());
  process.exit(code);
}

/** Starts an emulator; `ending` resolves when it shall stop. A start that is unwanted ends the process with a code. */
async function start(
  options: EmulatorOptions,
  { json, unwanted }: { json: boolean; unwanted: number },
): Promise<{ emulator: Emulator; ending: Promise<End> }> {
  // Taken before the start, so that a parent that goes meanwhile is noticed.
  const watched = watchedProcesses(json);
  const ending = new Promise<End>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        resolve({ reason: `received ${signal}`, signal });
        // Whoever asks a second time does not want to wait. What is left ends with this process.
        process.once(signal, () => process.exit(1));
      });
    }
    watch(watched, () => resolve({ reason: "the parent process is gone" }));
  });
  const starting = startEmulator(options);
  const early = await Promise.race([starting.then(() => undefined), ending]);
  if (early !== undefined) {
    process.stderr.write(`stopping: ${early.reason}\n`);
    setTimeout(() => process.exit(1), START_GRACE_MS);
    await starting.then((emulator) => emulator.stop());
    process.exit(unwanted);
  }
  return { emulator: await starting, ending };
}

/** The line of `--json`. */
function ready(emulator: Emulator): Record<string, unknown> {
  const { url, port, token, tokens, adminUrl, adminToken, mode, notes } = emulator;
  return { url, port, token, tokens, adminUrl, adminToken, mode, notes, pid: process.pid };
}

function scripts(emulator: Emulator): string {
  return emulator.mode === "simulate"
    ? "Scripts:   simulated"
    : `Scripts:   run as processes with your own rights, told apart by ${emulator.mode}`;
}

function welcome(emulator: Emulator, { data }: EmulatorOptions): string {
  const lines = [
    `Mags emulator on ${emulator.url}`,
    "",
    `  export MAGS_API_URL=${emulator.url}`,
    `  export MAGS_API_TOKEN=${emulator.token}`,
    "",
    ...emulator.tokens.slice(1).map((token, index) => `Token of account ${index + 2}: ${token}`),
    `Fleet:     ${emulator.url}/`,
    `Admin API: ${emulator.adminUrl} (token ${emulator.adminToken})`,
    `State:     ${data ?? "in memory, gone when this ends (--data keeps it)"}`,
    scripts(emulator),
    ...emulator.notes.map((note) => `           ${note}`),
    "",
    "Ctrl-C ends it and everything it started.",
  ];
  return `${lines.join("\n")}\n`;
}
