import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KindName, Values } from "../../provider/schema/fields";

/** A resource as the state has it, the volatile parts of its values replaced by placeholders. */
export interface ResourceRecord {
  kind: KindName;
  id: string;
  inputs: Values;
  outputs: Values;
  /** Came up not ready, or was not updated to the end. */
  initErrors?: true;
  protect?: true;
  /** Deleted to be replaced, and not made again. */
  pendingReplacement?: true;
  /** Which of its inputs come from which resources. */
  dependencies?: Record<string, string[]>;
}

/** What one run did. */
export interface StepRecord {
  /** `up`, `refresh` or `destroy`. */
  run: string;
  ok: boolean;
  /** What the engine carried out or tried to, in order, such as `create box`. */
  operations: string[];
  /** Calls that may change something, in order, with the status of the answer. Not recorded for a killed run. */
  calls?: string[];
  /** Creates that began, and of which no result is recorded. */
  pending?: string[];
  /** By logical name; `same` stands for all resources when the run has changed nothing in the state. */
  resources: Record<string, ResourceRecord> | "same";
}

const FILE = join(__dirname, "recorded.json");

/** What the real engine did, by title of the history. */
export function recorded(): Record<string, StepRecord[]> {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Record<string, StepRecord[]>) : {};
}

/** Writes the record anew. Only what the real engine did belongs there. */
export function record(histories: Record<string, StepRecord[]>): void {
  writeFileSync(FILE, `${JSON.stringify(histories, null, 2)}\n`);
}
