import type { FaultRule } from "../../emulator";
import type { KindName, Values } from "../../provider/schema/fields";

/**
 * One resource of a program, as plain data. An argument may hold `{ $ref: [name, output] }`, an output of a
 * resource declared before, and `{ $output: value }`, a value that only the engine knows, so that nothing in
 * the program itself can judge it.
 */
export interface Resource {
  /** Logical name. */
  name: string;
  kind: KindName;
  args: Values;
  protect?: boolean;
}

export type Resources = readonly Resource[];

/** What somebody else does in the cloud, by the logical names of the stack. */
export type Outside =
  /** Stops a job, and waits until it has ended. */
  | { stop: string }
  /** Deletes an alias, a schedule, or a workspace that no job is active on. */
  | { remove: string }
  | { repoint: string; to: string }
  | { edit: string; fields: Values };

export type Step =
  /**
   * `killAt`: the engine and the provider die when this call has had its effect, before its answer. `replace`:
   * logical names of what is replaced on demand.
   */
  | { do: "up"; program: Resources; killAt?: string; given?: true; replace?: readonly string[] }
  | { do: "refresh" }
  | { do: "destroy" }
  /** For the next run only, in which it has to go off. */
  | { do: "fault"; rule: FaultRule }
  | { do: "outside"; change: Outside };

/** What is done to one stack, one after the other. */
export interface History {
  title: string;
  /**
   * The real engine previews before each `up`, as it does for users. Left out where no preview can fail, which
   * saves a third of the time. The model always does.
   */
  previews?: true;
  steps: readonly Step[];
}

export const up = (...program: Resource[]): Step => ({ do: "up", program });
/** What is there when a history begins: never previewed by the real engine. */
export const given = (...program: Resource[]): Step => ({ do: "up", program, given: true });
export const killedUp = (killAt: string, ...program: Resource[]): Step => ({ do: "up", program, killAt });
export const replaced = (names: readonly string[], ...program: Resource[]): Step => ({
  do: "up",
  program,
  replace: names,
});
export const refresh: Step = { do: "refresh" };
export const destroy: Step = { do: "destroy" };
export const outside = (change: Outside): Step => ({ do: "outside", change });

/** Refuses one call of a route, which is not sent again. */
export const refuse = (route: string, more: Partial<FaultRule> = {}): Step => ({
  do: "fault",
  rule: { kind: "error-before", status: 403, route, ...more },
});

/** The next VM does not start. */
export const noBoot: Step = { do: "fault", rule: { kind: "boot-fails", route: "POST /mags-jobs" } };

/** A value of a program with its marks replaced. */
export function replaceMarks(
  value: unknown,
  marks: { ref: (name: string, output: string) => unknown; output: (value: unknown) => unknown },
): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceMarks(item, marks));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) return marks.ref(...(value.$ref as [string, string]));
  if ("$output" in value) return marks.output(value.$output);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceMarks(item, marks)]));
}

/** The logical names that a history ever declares. */
export function namesOf(history: History): string[] {
  const names = history.steps.flatMap((step) =>
    step.do === "up" ? step.program.map((resource) => resource.name) : [],
  );
  return [...new Set(names)];
}
