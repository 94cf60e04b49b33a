import * as pulumi from "./sdk";
import * as errors from "../errors";
import { UNKNOWN, type Values } from "../schema/fields";
import type { Schema } from "../schema/schema";
import { problemsOf } from "../schema/validation";
import { perRun } from "./per-run";

/** The engine stops at the first resource that check refuses; a program's own values are judged all at once. */
const problemsOfThisRun = perRun<{ lines: string[]; failure?: Promise<never> }>(() => ({ lines: [] }));

/**
 * Judges the plain values of one resource. When something is wrong, with it or with anything before it in the same
 * turn, the answer is a promise that fails the run, once all that the program declares in that turn has been judged.
 */
export function judge(schema: Schema, name: string, inputs: Values): Promise<never> | undefined {
  const plain = withoutOutputs(
    Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)),
  ) as Values;
  let problems = problemsOf(schema.fields, plain);
  if (problems.length === 0) problems = schema.problems(plain);
  if (problems.length === 0) return problemsOfThisRun().failure;
  return refuse(
    `${schema.name} "${name}"`,
    problems.map(({ reason }) => reason),
  );
}

/** A promise that fails the run with these problems, and with all others of the same turn. */
export function refuse(resource: string, problems: string[]): Promise<never> {
  return refuseProgram(problems.map((problem) => `${resource}: ${problem}`));
}

/** The same for messages that name their resource. What the program declares next is refused with them. */
export function refuseProgram(messages: string[]): Promise<never> {
  const run = problemsOfThisRun();
  run.lines.push(...messages);
  if (run.failure === undefined) {
    run.failure = new Promise((_, reject) => {
      setImmediate(() => {
        const { lines } = run;
        Object.assign(run, { lines: [], failure: undefined });
        reject(userError(errors.programInvalid(lines)));
      });
    });
    // The resource that is being declared gives it to the engine, which reports it.
    run.failure.catch(() => undefined);
  }
  return run.failure;
}

/** What a program that is not checked by a compiler may have passed instead of a resource would be lost in silence. */
export function refuseNonResource(
  value: pulumi.Resource | undefined,
  resource: string,
  argument: string,
  { expected, instead }: { expected: string; instead: string },
): void {
  if (value === undefined || pulumi.Resource.isInstance(value)) return;
  throw userError(errors.notAResource(resource, argument, expected, instead));
}

/** A mistake in a program, told without a stack. */
export function userError({ message }: Error): Error {
  // The SDK would write in front of it which input it was serializing, once for each resource that waits for it.
  return Object.defineProperty(new pulumi.RunError(message), "message", {
    get: () => message,
    set: () => undefined,
  });
}

/** What is not known while the program runs counts as unknown. */
export function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutOutputs(inner)]));
}
