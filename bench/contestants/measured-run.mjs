import { UserError } from "../../scripts/lib/errors.mjs";
import { lastLines, run } from "../../scripts/lib/run.mjs";
import { commandLine, descendants, endProcesses, peakBytes } from "../lib/processes.mjs";

/** How often a provider's memory is looked at, in milliseconds. */
const POLL = 100;
/** How long one run of a command may take, in milliseconds: ten thousand resources with checkpoints take long. */
const LIMIT = 60 * 60_000;

/**
 * @typedef {object} Operation
 * @property {number} milliseconds Wall time.
 * @property {number} [providerPeakBytes] The most memory that the provider's process had resident, where the
 *   system tells.
 */

/**
 * Runs a command that must succeed, by the clock and with an eye on the memory of a process below it.
 * @param {string} what What the command is for, as the start of a sentence: "pulumi up failed".
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {RegExp} [options.provider] What the provider's command line looks like.
 * @returns {Promise<Operation & { stdout: string }>}
 */
export async function measuredRun(what, command, args, { cwd, env, provider }) {
  let peak;
  let timedOut = false;
  const timers = [];
  const start = performance.now();
  const result = await run(command, args, {
    cwd,
    env,
    onStart: ({ pid }) => {
      if (pid === undefined) return;
      if (provider !== undefined) timers.push(watchMemory(pid, provider, (bytes) => (peak = bytes)));
      const limit = setTimeout(() => {
        timedOut = true;
        void endProcesses([pid, ...descendants(pid)]);
      }, LIMIT);
      timers.push(limit);
    },
  });
  const milliseconds = performance.now() - start;
  timers.forEach((timer) => clearTimeout(timer));
  if (result.code !== 0) {
    const how = timedOut ? "took too long" : `exit code ${result.code}`;
    const said = lastLines(`${result.stdout}\n${result.stderr}`, 20);
    throw new UserError(`${what} (${how}: ${[command, ...args].join(" ")})${said ? `\n${said}` : ""}`);
  }
  return { milliseconds, providerPeakBytes: peak, stdout: result.stdout };
}

/**
 * @param {number} pid The command.
 * @param {RegExp} provider
 * @param {(bytes: number) => void} note Called with the highest value so far.
 */
function watchMemory(pid, provider, note) {
  let highest = 0;
  /** @type {number[]} */
  let known = [];
  return setInterval(() => {
    // Looked for until found: a walk over all processes costs more than a look at one.
    if (known.every((one) => commandLine(one) === ""))
      known = descendants(pid).filter((one) => provider.test(commandLine(one)));
    for (const bytes of known.map(peakBytes)) {
      if (bytes !== undefined && bytes > highest) note((highest = bytes));
    }
  }, POLL);
}
