import * as errors from "./errors";

/** A lock that keeps others from a stack. */
export interface Lock {
  /** When it was taken, as far as the backend tells. */
  since?: string;
}

/** The lock that a failure of Pulumi is about. Local and bucket backends say since when, the service does not. */
export function lockIn(error: unknown): Lock | undefined {
  const text = textOf(error);
  if (!/stack is currently locked|Another update is currently in progress|\[409\] Conflict/i.test(text))
    return undefined;
  const times = [...text.matchAll(/created by .* at (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+))/g)].map(
    ([, at]) => at!,
  );
  // With several, the youngest decides.
  return { since: times.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1) };
}

/** Milliseconds for which a lock has been there; undefined where nobody knows. */
export function ageOf(lock: Lock, now: number): number | undefined {
  return lock.since === undefined ? undefined : now - Date.parse(lock.since);
}

/** Pulumi has no codes for what went wrong, so its texts have to tell. */
export function explained(error: unknown, otherwise: (detail: string) => Error = errors.pulumiFailed): Error {
  const text = textOf(error);
  if (/passphrase must be set|incorrect passphrase|PULUMI_CONFIG_PASSPHRASE/i.test(text))
    return errors.passphraseMissing();
  if (
    /PULUMI_ACCESS_TOKEN|not logged in|pulumi login|unable to open (?:state directory|bucket)|could not list bucket/i.test(
      text,
    ) ||
    /ECONNREFUSED|connection refused|no such host|i\/o timeout/i.test(text)
  )
    return errors.backendUnreachable(firstError(text));
  return otherwise(firstError(text));
}

/** The first thing that Pulumi calls an error, in one line and as a sentence. */
export function firstError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const line =
    lines.find((one) => /^error: /.test(one)) ?? lines.find((one) => one !== "") ?? "it said nothing";
  const sentence = line.replace(/^error: /, "").trim();
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What a command printed. The message of its failure repeats all of that. */
export function textOf(error: unknown): string {
  const { commandResult } = error as { commandResult?: { stderr?: string; stdout?: string } };
  if (commandResult) return `${commandResult.stderr ?? ""}\n${commandResult.stdout ?? ""}`;
  return error instanceof Error ? error.message : String(error);
}
