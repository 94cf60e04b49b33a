import type { Settings } from "../api/settings";
import type { Change } from "./diff";
import type { FieldTable, KindName, Values } from "./fields";
import type { Problem } from "./validation";

/** All that can be said of a kind without asking the cloud: its field table, and the rules about several fields. */
export interface Schema {
  name: KindName;
  fields: FieldTable;
  /** The input that a generated name goes into. */
  nameField: string;
  nameMaxLength: number;
  /** Default limits of operations, in seconds. */
  timeouts: { create: number; update: number; delete: number };
  /** Adds what is derived from the inputs, such as a URL. Without settings, what they say stays unknown. */
  derive(inputs: Values, settings?: Settings): Values;
  /** What is wrong with the inputs beyond what the field table says. */
  problems(inputs: Values): Problem[];
  /** Throws when a plan must be refused because it would lose data; unknown values are let pass. */
  guard?(recorded: Values, wanted: Values, changes: readonly Change[]): void;
  /** True when what is recorded shows that something is to be repaired, though no input changed. */
  needsRepair(recorded: Values): boolean;
}
