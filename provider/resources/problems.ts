import * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";
import { UNKNOWN, type Values } from "../schema/fields";
import type { Schema } from "../schema/schema";
import { problemsOf } from "../schema/validation";
import { perRun } from "./per-run";

/** The engine stops at the first resource that check refuses; a program's own values are judged all at once. */
const problemsOfThisRun = perRun<{ lines: string[]; failure?: Promise<never> }>(() => ({ lines: [] }));

/**
 * Judges the plain values of one resource. When something is wrong, the answer is a promise that fails the
 * run, once everything that the program declares in the same turn has been judged too.
 */
export function judge(schema: Schema, name: string, inputs: Values): Promise<never> | undefined {
  const plain = withoutOutputs(
    Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)),
  ) as Values;
  let problems = problemsOf(schema.fields, plain);
  if (problems.length === 0) problems = schema.problems(plain);
  if (problems.length === 0) return undefined;
  return refuse(
    `${schema.name} "${name}"`,
    problems.map(({ reason }) => reason),
  );
}

/** A promise that fails the run with these problems, and with all others of the same turn. */
export function refuse(resource: string, problems: string[]): Promise<never> {
  const run = problemsOfThisRun();
  run.lines.push(...problems.map((problem) => `${resource}: ${problem}`));
  run.failure ??= new Promise((_, reject) => {
    setImmediate(() => {
      const { lines } = run;
      Object.assign(run, { lines: [], failure: undefined });
      reject(userError(errors.programInvalid(lines)));
    });
  });
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
export function userError(error: Error): Error {
  return new pulumi.RunError(error.message);
}

/** What is not known while the program runs counts as unknown. */
export function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutOutputs(inner)]));
}
