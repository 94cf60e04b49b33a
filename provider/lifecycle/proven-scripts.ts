import { createHash } from "node:crypto";
import type { Values } from "../schema/fields";

/** What a script runs with, as far as jobs of a fleet have it in common; of variables only their names. */
const COMMON = ["script", "rootfsType", "baseWorkspaceId", "files", "vcpus", "memoryMb"];

/**
 * The scripts that this run has seen to outlive their start. In a fleet of one script, its first VMs tell for all
 * whether it fails at once; nobody has to wait for the others to be looked at as long.
 */
export class ProvenScripts {
  private readonly proven = new Set<string>();

  /** The script of these inputs outlived its start. */
  note(inputs: Values): void {
    this.proven.add(keyOf(inputs));
  }

  has(inputs: Values): boolean {
    return this.proven.has(keyOf(inputs));
  }
}

function keyOf(inputs: Values): string {
  const variables = [inputs.environment, inputs.secrets].map((map) =>
    Object.keys((map ?? {}) as Values).sort(),
  );
  const parts = [...COMMON.map((field) => inputs[field] ?? null), ...variables];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
