import { mapContainer } from "./containers";
import { isOutput, type OutputLike } from "./inputs";
import { Interpolation } from "./interpolation";
import { Lazy } from "./lazy";
import { Reference } from "./reference";
import { Secret } from "./secret";

/** What becomes of all that stands for a value. */
export interface SymbolVisitor {
  reference(reference: Reference): unknown;
  secret(secret: Secret): unknown;
  /** An `Output` or a promise. */
  output(output: OutputLike<unknown> | PromiseLike<unknown>): unknown;
  /** A text with parts that are not known; they have been visited already. */
  interpolation(parts: readonly unknown[], interpolation: Interpolation): unknown;
  /** A list or map, after what is in it. @default left as it is */
  container?(container: object): unknown;
}

/**
 * The inputs of a planned resource with each symbol turned into something else, at any depth: how a plan is shown,
 * checked and deployed. What holds no symbol is the same object afterwards. A plan holds no lazy values; those of
 * others are asked for.
 */
export function mapSymbols(value: unknown, visitor: SymbolVisitor): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Asked first, since an Output answers to every question.
  if (isOutput(value)) return visitor.output(value);
  if (Lazy.isLazy(value)) return mapSymbols(value.produce(), visitor);
  if (Reference.isReference(value)) return visitor.reference(value);
  if (Secret.isSecret(value)) return visitor.secret(value);
  if (Interpolation.isInterpolation(value)) {
    const parts = value.parts.map((part) => mapSymbols(part, visitor));
    return visitor.interpolation(parts, value);
  }
  const container = mapContainer(value, (inner) => mapSymbols(inner, visitor));
  return visitor.container ? visitor.container(container) : container;
}
