import type { IConstruct } from "constructs";
import { PlanError, type PlanProblem } from "../errors";
import { pathOf } from "../resource";

/** Everything that is wrong in a tree, collected, so that one run shows it all. */
export class Problems {
  private readonly found = new Map<string, PlanProblem>();

  /** The same words about the same construct are one problem. */
  add(construct: IConstruct, message: string): void {
    const path = pathOf(construct);
    this.found.set(`${path}\n${message}`, { path, message });
  }

  /** @throws PlanError if there are any */
  throwIfAny(): void {
    if (this.found.size === 0) return;
    throw new PlanError(
      [...this.found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    );
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
