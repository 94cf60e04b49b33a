import type { Settings } from "../api/settings";
import type { Change } from "./diff";
import type { FieldTable, KindName, Values } from "./fields";
import type { Problem } from "./validation";

/** When things were made, as far as check can tell. */
export interface Making {
  /** A text of the resource's own, from its making to its end. Unknown where a preview only plans to make it. */
  own: unknown;
  /** The same of the workspace that the resource refers to, if the program says which resource that is. */
  workspace: unknown;
}

/** All that can be said of a kind without asking the cloud: its field table, and the rules about several fields. */
export interface Schema {
  name: KindName;
  fields: FieldTable;
  /** The input that a generated name goes into. */
  nameField: string;
  nameMaxLength: number;
  /** Default limits of operations, in seconds. */
  timeouts: { create: number; update: number; delete: number };
  /**
   * Adds what is derived from the inputs, such as a URL. Without settings, what they say stays unknown; without a
   * making, nothing is said of it.
   */
  derive(inputs: Values, settings?: Settings, making?: Making): Values;
  /** What is wrong with the inputs beyond what the field table says. */
  problems(inputs: Values): Problem[];
  /** Throws when a plan must be refused because it would lose data; unknown values are let pass. */
  guard?(recorded: Values, wanted: Values, changes: readonly Change[]): void;
  /** True when what is recorded shows that something is to be repaired, though no input changed. */
  needsRepair(recorded: Values): boolean;
}
