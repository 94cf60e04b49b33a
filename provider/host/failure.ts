import { MagsError } from "../errors";
import { explain } from "../lifecycle/explain";
import { PartialError } from "../lifecycle/kind";
import type { Values } from "../lifecycle/fields";
import { PROVIDER_PROPERTY, toHost } from "./json";

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
    kept.properties = { ...toHost(error.outputs), [PROVIDER_PROPERTY]: providerText };
    kept.reasons = error.reasons;
    kept.stack = "";
    return kept;
  }
  const explained = explain(error);
  const plain = new Error(explained.message || "unknown error");
  // The host drops the stack of create and update failures; a bug's is worth showing, a user's mistake has none.
  if (explained instanceof MagsError || error instanceof PartialError) plain.stack = plain.message;
  else plain.stack = explained.stack ?? plain.message;
  return plain;
}
