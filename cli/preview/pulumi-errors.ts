import { isStackMissing } from "../pulumi/run";
import * as errors from "./errors";

/** A lock that keeps others from a stack. */
export interface Lock {
  /** When it was taken, as far as the backend tells. */
  since?: string;
}

/** The lock that a failure of Pulumi is about. Local and bucket backends say since when, the service does not. */
export function lockIn(error: unknown): Lock | undefined {
  const text = saidByPulumi(error);
  if (!/stack is currently locked|Another update is currently in progress/i.test(text)) return undefined;
  const times = [...text.matchAll(/created by .* at (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+))/g)].map(
    ([, at]) => at!,
  );
  // With several, the youngest decides.
  return { since: times.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1) };
}

/** Milliseconds for which a lock has been there; undefined where nobody knows. */
export function ageOf(lock: Lock, now: number): number | undefined {
  return lock.since === undefined ? undefined : now - Date.parse(lock.since);
}

/** Whether Pulumi knows no such stack. */
export function isMissing(error: unknown): boolean {
  return isStackMissing(saidByPulumi(error));
}

/** Whether there is such a stack already. */
export function isTaken(error: unknown): boolean {
  return /stack '.*' already exists/.test(saidByPulumi(error));
}

/** Whether a failure is one of the CLI, and not of ours. */
export function isOfPulumi(error: unknown): boolean {
  return "commandResult" in (error as object);
}

/** A failure of Pulumi in our words. */
export function explained(
  error: unknown,
  otherwise: (detail: string) => Error = errors.pulumiFailed,
  { atWork = false } = {},
): Error {
  return understood(error, { atWork }) ?? otherwise(causeIn(error));
}

/**
 * Pulumi has no codes for what went wrong, so its texts have to tell. Undefined for what may be anything.
 * @param atWork whether something may have been changed by then
 */
export function understood(error: unknown, { atWork = false } = {}): Error | undefined {
  const text = saidByPulumi(error);
  if (/passphrase must be set|incorrect passphrase|PULUMI_CONFIG_PASSPHRASE/i.test(text))
    return errors.passphraseMissing();
  if (
    /PULUMI_ACCESS_TOKEN|not logged in|pulumi login|unable to open (?:state directory|bucket)|could not list bucket/i.test(
      text,
    ) ||
    /ECONNREFUSED|connection refused|no such host|i\/o timeout/i.test(text)
  )
    return errors.backendUnreachable(firstError(text), atWork);
  return undefined;
}

/** What is behind a failure: of a run the first thing that its diagnostics show, else what Pulumi itself says. */
export function causeIn(error: unknown): string {
  const causes = diagnosticsIn(printedBy(error)?.stdout ?? "");
  const [cause] = [
    ...causes.filter(({ ofStack }) => !ofStack),
    ...causes.filter(({ ofProgram }) => ofProgram),
    ...causes,
  ];
  if (cause) return asSentence(cause.ofStack ? cause.text : `${cause.name}: ${cause.text}`);
  return firstError(saidByPulumi(error) || textOf(error));
}

interface Diagnostic {
  /** Of the resource that it is about. */
  name: string;
  text: string;
  /** About the stack as a whole, where also what a program prints is shown. */
  ofStack: boolean;
  /** What the program has thrown. */
  ofProgram: boolean;
}

/** The errors that a run lists at its end, without those that only say that there were some. */
function diagnosticsIn(output: string): Diagnostic[] {
  const lines =
    output
      .split(/^Diagnostics:$/m)
      .at(1)
      ?.split(/\r?\n/) ?? [];
  const found: Diagnostic[] = [];
  let [type, name] = ["", ""];
  for (const [at, line] of lines.entries()) {
    if (/^\S/.test(line)) break;
    const head = /^ {2}(\S+) \((.*)\):$/.exec(line);
    if (head) [, type = "", name = ""] = head;
    const text = /^ {4}error: (.*)$/.exec(line)?.[1];
    if (text === undefined || /^(?:update|preview|refresh|destroy) failed$/.test(text)) continue;
    const ofProgram = /^Running program '.*' failed with an unhandled exception:$/.test(text);
    const told = ofProgram ? (lines.slice(at + 1).find((one) => one.trim() !== "") ?? text) : text;
    const ofStack = type === "pulumi:pulumi:Stack";
    found.push({ name, text: told.trim().replace(/^Error: /, ""), ofStack, ofProgram });
  }
  return found;
}

/** The first thing that Pulumi calls an error, in one line and as a sentence. */
export function firstError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const line =
    lines.find((one) => /^error: /.test(one)) ?? lines.find((one) => one !== "") ?? "it said nothing";
  return asSentence(line.replace(/^error: /, "").trim());
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * What the CLI itself calls an error, with the indented lines below it. What a program prints, and what a provider
 * says, comes in its report of the run instead, and may be any text.
 */
function saidByPulumi(error: unknown): string {
  const text = printedBy(error)?.stderr ?? textOf(error);
  let isError = false;
  return text
    .split(/\r?\n/)
    .filter((line) => (isError = /^error: /.test(line) || (isError && /^(?:\s|$)/.test(line))))
    .join("\n")
    .trim();
}

function textOf(error: unknown): string {
  const printed = printedBy(error);
  if (printed) return `${printed.stderr}\n${printed.stdout}`;
  return error instanceof Error ? error.message : String(error);
}

interface Printed {
  stdout: string;
  stderr: string;
}

/** What the command of a failure printed. The Automation API has it unmixed only in the error of the process. */
function printedBy(error: unknown): Printed | undefined {
  const { commandResult } = error as { commandResult?: Partial<Printed> & { err?: Partial<Printed> } };
  if (!commandResult) return undefined;
  const { stderr, stdout } = commandResult.err?.stderr === undefined ? commandResult : commandResult.err;
  return { stderr: stderr ?? "", stdout: stdout ?? "" };
}
