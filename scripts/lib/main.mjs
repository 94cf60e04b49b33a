import { describe } from "./errors.mjs";

/**
 * Runs a script: its number is the exit code, and what it throws is shown as one message, with code 1.
 * @param {() => Promise<number | void>} work
 */
export function main(work) {
  work().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      process.stderr.write(`${describe(error)}\n`);
      process.exitCode = 1;
    },
  );
}
