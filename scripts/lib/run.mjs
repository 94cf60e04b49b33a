import { spawn } from "node:child_process";

import { UserError, hasCode } from "./errors.mjs";

/** The signals that mean "end now", in the order of politeness. */
export const END_SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {"inherit" | "pipe"} [output] Default: `pipe`, which collects both streams.
 * @property {boolean} [detached] In a process group of its own, out of reach of the terminal's Ctrl-C.
 * @property {number} [timeout] Milliseconds after which the process group is killed. Default: none.
 * @property {boolean} [forwardSignals] Hands on the signals that end this process, and lives on until the child
 *   has ended.
 * @property {(chunk: string) => void} [onOutput] Called with what is written to either stream.
 * @property {(child: import("node:child_process").ChildProcess) => void} [onStart]
 *
 * @typedef {object} RunResult
 * @property {number} code Exit code; 128 + signal number when a signal ended it, 127 when it was not found.
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} timedOut
 */

/**
 * Runs a command to its end, with nothing on its stdin. Never rejects for a command that fails.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, output = "pipe", detached = false, timeout, onOutput, onStart } = options;
  const stopForwarding = [];
  return new Promise((resolve) => {
    const ownGroup = detached || timeout !== undefined;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: ownGroup,
      stdio: ["ignore", output, output],
    });
    onStart?.(child);
    for (const signal of options.forwardSignals ? END_SIGNALS : []) {
      const forward = () => child.kill(signal);
      process.on(signal, forward);
      stopForwarding.push(() => process.removeListener(signal, forward));
    }
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    child.stdout?.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      onOutput?.(chunk);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
      onOutput?.(chunk);
    });
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            signalGroup(child, "SIGKILL");
          }, timeout);
    const end = () => {
      clearTimeout(timer);
      for (const stop of stopForwarding) stop();
    };
    child.on("error", (error) => {
      end();
      resolve({ code: hasCode(error, "ENOENT") ? 127 : 126, stdout, stderr: error.message, timedOut });
    });
    child.on("close", (code, signal) => {
      end();
      resolve({ code: code ?? 128 + signalNumber(signal), stdout, stderr, timedOut });
    });
  });
}

/**
 * Runs a command that must succeed.
 * @param {string} what What the command is for, as the start of a sentence: "npm ci failed".
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function runOrThrow(what, command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  const said = lastLines(`${result.stdout}\n${result.stderr}`, 20);
  const how = result.timedOut ? "took too long" : `exit code ${result.code}`;
  throw new UserError(`${what} (${how}: ${[command, ...args].join(" ")})${said ? `\n${said}` : ""}`);
}

/**
 * Runs the rest of this program in another process: same terminal, same signals, same exit code. Does not
 * return.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<never>}
 */
export async function become(command, args, env) {
  const child = spawn(command, args, { env, stdio: "inherit" });
  for (const signal of END_SIGNALS) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => resolve(exit ?? 128 + signalNumber(signal)));
  });
  process.exit(code);
}

/**
 * Sends a signal to a process that leads a group, and to everything in that group.
 * @param {{ pid?: number | undefined }} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group: there is nothing to end.
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

/**
 * Whether a process lives (also one that belongs to somebody else).
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * Runs `work` with signals that end this process as an exit does: what was started is ended, and locks are freed.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exitOnSignal(work) {
  const onSignal = () => process.exit(130);
  for (const signal of END_SIGNALS) process.once(signal, onSignal);
  try {
    return await work();
  } finally {
    for (const signal of END_SIGNALS) process.removeListener(signal, onSignal);
  }
}

/**
 * The last lines of a text that are not empty.
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  return lines.slice(-count).join("\n");
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }[/** @type {string} */ (signal)] ?? 0;
}
