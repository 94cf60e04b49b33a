import type { Adopted } from "./adoption";
import { block, literal } from "./literals";
import type { Line, Names } from "./program";

/** What stands above every written program. */
export function header(): string[] {
  return [
    "// Written by `mags-iac import`. Mags does not show everything: what each job runs, its environment, its ports and its",
    "// disk are not here. Add them as they are. The first `pulumi up` records what stands here then, as trusted, without a",
    "// call; from then on an edit is a change like any other. What is left out counts as its default, so a job whose script",
    "// is not added would run `sleep infinity` after its next restart.",
  ];
}

/**
 * The arguments of a resource as code.
 * @param special the line for a value that is not said as it is
 */
export function argumentLines(
  thing: Adopted,
  names: Names,
  special: (name: string, value: unknown) => Line | undefined,
): Line[] {
  const lines = Object.entries(thing.args).map(
    ([name, value]): Line => special(name, value) ?? [name, codeOf(name, value)],
  );
  if (thing.kind === "Job" && names.hasUrl(thing))
    // No worse than nothing, with which its next restart would leave it without a URL.
    lines.push(`A guess: it has a URL, and ${DEFAULT_PORT} is the port that Mags opens if none is named.`, [
      "http",
      `{ port: ${DEFAULT_PORT} }`,
    ]);
  if (thing.kind === "Job") lines.push("Not shown by Mags: script, http, environment, diskGb, noSleep, …");
  if (thing.kind === "CronJob") lines.push("Not shown by Mags: environment");
  return lines;
}

/** What the vendor's client sends unless told otherwise (recorded). */
const DEFAULT_PORT = 8080;

function codeOf(name: string, value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return name === "script" ? block(value) : literal(value);
}
