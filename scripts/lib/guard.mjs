// node guard.mjs COMMAND [ARGUMENT…]: runs a command and ends it when the process that started this one is
// gone, whatever ended that: its death closes the pipe on stdin. Signals go to the command.
import { spawn } from "node:child_process";

/** How long the command may take to end before it is asked again, and then killed, in milliseconds. */
const GRACE = 5_000;

const [, , command, ...args] = process.argv;
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
  process.stderr.write(`${command} cannot be started: ${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  // Ends in the way the command ended, for whoever looks.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => child.kill(signal));
}
process.stdin.resume();
process.stdin.on("close", () => {
  const signals = /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGKILL"]);
  signals.forEach((signal, index) => setTimeout(() => child.kill(signal), index * GRACE));
});
