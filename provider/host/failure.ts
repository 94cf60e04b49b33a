import { MagsError } from "../errors";
import { explain } from "../lifecycle/explain";
import { PartialError } from "../lifecycle/kind";
import type { Values } from "../lifecycle/fields";
import { PROVIDER_PROPERTY, stamped } from "./json";

/** What the host reads off an error of create and update to keep a half-finished resource. */
interface KeptResource extends Error {
  id?: string;
  properties?: Values;
  reasons?: string[];
}

/**
 * The error to throw at the host. It takes any `id` for "was created", a numeric `code` for a gRPC status,
 * `details` for the message, and never answers when something that is no Error is thrown; so a fresh Error
 * with a message and nothing else leaves, unless a resource is to be kept on purpose.
 */
export function toHostError(error: unknown, providerText: unknown, keep: boolean): Error {
  if (keep && error instanceof PartialError) {
    const kept: KeptResource = new Error(error.message);
    kept.id = error.id;
    // The host does not add the provider's text here, and without it refresh and destroy fail.
    kept.properties = { ...stamped(error.outputs), [PROVIDER_PROPERTY]: providerText };
    kept.reasons = error.reasons;
    kept.stack = "";
    return kept;
  }
  const explained = explain(error);
  const plain = new Error(explained.message || "unknown error");
  plain.stack = isBug(error) ? (explained.stack ?? plain.message) : plain.message;
  return plain;
}

/** True when an error says nothing to its reader but where it happened: a user's mistake needs no stack. */
export function isBug(error: unknown): boolean {
  return !(error instanceof PartialError || explain(error) instanceof MagsError);
}
