import { CommanderError } from "commander";
import { explain } from "../../provider/api/explain";
import { CliError } from "../errors";
import { EXIT_CODES } from "./exit-codes";
import { printJson, say } from "./output";

/**
 * Tells why a command failed, for people on stderr and, if asked for JSON, for programs on stdout.
 * @param args What was typed after the name of the program.
 * @returns the exit code
 */
export function tellFailure(error: unknown, args: readonly string[]): number {
  const failure = understood(error, args);
  if (failure.exitCode === EXIT_CODES.done.code) return failure.exitCode;
  if (!failure.told) {
    // A failure on the user's side explains itself; the stack is for whoever asks for it.
    const stack = process.env.MAGS_IAC_DEBUG && error instanceof Error ? error.stack : undefined;
    say(`mags-iac: ${stack ?? failure.message}`);
  }
  if (says(args, "--json")) printJson({ error: { message: failure.message, exitCode: failure.exitCode } });
  return failure.exitCode;
}

interface Failure {
  message: string;
  exitCode: number;
  /** Whether it has been told on stderr already. */
  told: boolean;
}

function understood(error: unknown, args: readonly string[]): Failure {
  // Of what was typed: commander has said it, and shown help where that was asked for.
  if (error instanceof CommanderError) {
    return { message: error.message.replace(/^error: /, ""), exitCode: error.exitCode, told: true };
  }
  return {
    message: explain(error, says(args, ENDPOINT_FLAG) ? ENDPOINT_FLAG : undefined).message,
    exitCode: error instanceof CliError ? error.exitCode : EXIT_CODES.failed.code,
    told: false,
  };
}

/** Whether a flag was given, also where the arguments could not be read to their end. */
function says(args: readonly string[], flag: string): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === flag || arg.startsWith(`${flag}=`));
}

/** Names the endpoint for one call of a command. */
export const ENDPOINT_FLAG = "--endpoint";
