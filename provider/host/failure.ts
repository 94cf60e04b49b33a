import { MagsError } from "../errors";
import { explain } from "../api/explain";
import { PartialError } from "../lifecycle/kind";
import type { Values } from "../schema/fields";
import { stamped } from "./json";
import { PROVIDER_PROPERTY } from "./properties";

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
  const plain = new Error(onceInFull(explained.message || "unknown error"));
  const [label, stack] = isBug(error) ? ["Mags", explained.stack ?? plain.message] : TOLD_ALREADY;
  plain.stack = stack;
  Object.defineProperty(plain, "toString", { value: () => label });
  withoutRepetitions();
  return plain;
}

/** The host prints `${error}: ${stack}` beside the message that the engine shows with the resource. */
const TOLD_ALREADY = ["Mags", "its error stands with the resource"] as const;
let filtered: typeof console.error | undefined;

/** Keeps that line, which says nothing of its own, out of the diagnostics. */
function withoutRepetitions(): void {
  if (console.error === filtered) return;
  const print = console.error.bind(console);
  const line = TOLD_ALREADY.join(": ");
  console.error = filtered = (...args: unknown[]) => {
    if (args[0] !== line) print(...args);
  };
}

const told = new Set<string>();

/** What is wrong with all resources alike, such as a refused token, is told in full once per run. */
function onceInFull(message: string): string {
  if (!told.has(message)) {
    told.add(message);
    return message;
  }
  const [first] = message.split(/(?<=\.) /, 1);
  return `${first} (Told in full with another resource.)`;
}

/** True when an error says nothing to its reader but where it happened: a user's mistake needs no stack. */
export function isBug(error: unknown): boolean {
  return !(error instanceof PartialError || explain(error) instanceof MagsError);
}
