import type { Plan } from "./plan";

export interface SynthOptions {
  /** Compare with what is there instead of writing. @default false */
  readonly check?: boolean;
}

export interface SynthResult {
  readonly plan: Plan;
  /** Content by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the files that were not as they should be: written, or with `check` only found stale. */
  readonly changed: readonly string[];
}

export function synth(_plan: Plan, _dir: string, _options: SynthOptions): SynthResult {
  throw new Error("not yet");
}
