import type { Interpolation } from "./interpolation";
import type { Lazy } from "./lazy";
import type { Reference } from "./reference";
import type { Secret } from "./secret";

/**
 * What comes from Pulumi: an `Output`. Only its shape is known here, so that a plan needs no engine and loads
 * none of it.
 */
export interface OutputLike<T> {
  apply<U>(func: (value: T) => U): unknown;
  get(): T;
}

/**
 * A value, or something that stands for one: an attribute of another construct, a `Lazy` one, a secret, what
 * Pulumi knows only while it deploys (an `Output`, a promise), or a text with such parts (`interpolate`).
 */
export type Input<T> =
  | T
  | Reference<T>
  | Lazy<T>
  | Secret<T>
  | OutputLike<T>
  | PromiseLike<T>
  | (string extends T ? Interpolation : never);

/** True for an `Output` of any copy of Pulumi's SDK, and for a promise: known when deployed, not before. */
export function isOutput(value: unknown): value is OutputLike<unknown> | PromiseLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  // An Output answers to every name, so its own mark has to be asked for first.
  return (
    (value as { __pulumiOutput?: unknown }).__pulumiOutput === true ||
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** As a message tells what stands where a number was to be; the value of anything else may be secret. */
export function inWords(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (value === undefined || value === null) return "missing";
  return isOutput(value) ? "an Output" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
