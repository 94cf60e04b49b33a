import type { Handler } from "../../provider/host/handler";
import type { KindName, Values } from "../../provider/schema/fields";

/** One resource of a program. Arguments may hold references to outputs of resources before it. */
export interface Declared {
  /** Logical name. */
  name: string;
  kind: KindName;
  args: Values;
  protect?: boolean;
  /** What its generated name is made from, where that is not its own kind and name: the parts of a sandbox. */
  identity?: Values;
}

export type Program = readonly Declared[];

/** A resource as the state file has it. */
export interface Entry {
  name: string;
  kind: KindName;
  id: string;
  inputs: Values;
  outputs: Values;
  initErrors: string[];
  protect: boolean;
  /** Deleted, so that it can be created anew, which has not succeeded yet. */
  pendingReplacement?: boolean;
  /** Logical names, and by which of our properties we depend on them. */
  dependencies: Record<string, string[]>;
}

export type Operation = "check" | "diff" | "create" | "read" | "update" | "delete";

export interface Failure {
  name: string;
  operation: Operation;
  message: string;
}

/** What a run did. */
export interface Run {
  /** Nothing failed and nothing was killed. */
  ok: boolean;
  killed: boolean;
  failures: Failure[];
  /** What was carried out, in order, such as `create web`. */
  steps: string[];
  /** Refresh only: resources that are gone, and those whose live state differs from their inputs. */
  gone: string[];
  drifted: string[];
}

/** A provider process: one for each run, and one for the preview before it, as with the real engine. */
export interface HostProcess {
  handler(kind: KindName): Handler;
  /** Settles when the process is killed, the engine with it. */
  died: Promise<void>;
  readonly dead: boolean;
  end(): Promise<void>;
}
