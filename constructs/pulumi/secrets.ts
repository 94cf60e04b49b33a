import * as pulumi from "../../provider/resources/sdk";
import { PlanError, type PlanProblem } from "../errors";
import { isOutput } from "../inputs";
import type { Plan } from "../plan";
import { Reference } from "../reference";
import { Secret } from "../secret";

/** The secrets of a plan, by what stands for them in it. */
export type Secrets = ReadonlyMap<Secret, pulumi.Output<unknown>>;

/**
 * Asks for every secret of a plan, before anything is declared.
 * @throws PlanError with all that there are not
 */
export function secretsOf(plan: Plan): Secrets {
  const found = new Map<Secret, pulumi.Output<unknown>>();
  const problems: PlanProblem[] = [];
  for (const { path, inputs } of plan.resources) {
    for (const secret of secretsIn(inputs)) {
      try {
        if (!found.has(secret)) found.set(secret, pulumi.secret(secret.reveal()));
      } catch (error) {
        problems.push({ path, message: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  if (problems.length > 0) throw new PlanError(problems);
  return found;
}

function* secretsIn(value: unknown): Generator<Secret> {
  if (typeof value !== "object" || value === null || isOutput(value) || Reference.isReference(value)) return;
  if (Secret.isSecret(value)) yield value;
  else for (const inner of Object.values(value)) yield* secretsIn(inner);
}
