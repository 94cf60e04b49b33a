import type { JobView } from "../../api/wire";
import { progress } from "../../api/progress";
import * as errors from "../../errors";
import type { Values } from "../../schema/fields";
import type { Context } from "../kind";

/** One run: what is to be carried out, under the name that it is found by. */
export interface RunOrder {
  name: string;
  /** The name with the hash of its content. */
  runId: string;
  inputs: Values;
}

/** What is known of a run that was begun. */
export interface RunResult {
  requestId: string;
  vmId?: string;
  exitCode?: number;
  /** Secrets masked. */
  logTail?: string;
}

/** Where runs are carried out: in a VM that keeps nothing, in one on a workspace, or inside a job. */
export interface RunPlace {
  /**
   * Finds the VM of the run, or submits it. Until this returns, nothing is known to exist.
   * @param recorded the request id in the state, if there is one
   */
  begin(context: Context, order: RunOrder, recorded: string | undefined): Promise<JobView>;
  /** Brings the run to its end, wherever it stands. What becomes known on the way is put into `result`. */
  finish(context: Context, order: RunOrder, vm: JobView, result: RunResult): Promise<void>;
  /** Ends the run if it still goes on. */
  stop(context: Context, order: RunOrder): Promise<void>;
}

/** A pause grows up to so many times the first one: what takes an hour is not asked for every second. */
const LONGEST_PAUSE = 10;

/** Looks until there is something to see, telling the user how long it takes. */
export async function lookUntil<T>(
  context: Context,
  name: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const { clock, deadline, pollMs } = context;
  const startedAt = clock.now();
  const say = progress(context);
  for (let pause = pollMs; ; pause = Math.min(pause * 1.5, pollMs * LONGEST_PAUSE)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const now = clock.now();
    if (now >= deadline) throw errors.runNotFinished(name, Math.round((now - startedAt) / 1000));
    say(() => `for run "${name}" to end`);
    await clock.sleep(Math.min(pause, deadline - now));
  }
}

/**
 * A log as it may be shown: every value of `secrets` is masked, every line of one that has several, and the end of
 * one whose beginning was cut off with the log's.
 */
export function masked(log: string, { inputs }: RunOrder): string {
  const values = Object.values((inputs.secrets ?? {}) as Record<string, string>);
  const lines = values.flatMap((value) => value.split("\n").filter((line) => line.length >= TELLING));
  const texts = [...values, ...lines]
    .filter((text) => text.trim() !== "")
    .sort((a, b) => b.length - a.length);
  const whole = texts.reduce((text, secret) => text.split(secret).join(MASK), log);
  const cut = Math.max(0, ...texts.map((secret) => cutOff(whole, secret)));
  return cut === 0 ? whole : MASK + whole.slice(cut);
}
const MASK = "[secret]";
/** A shorter piece of a secret, such as a bracket, says nothing of it. */
const TELLING = 6;

/** How much of the end of a secret a text begins with. */
function cutOff(text: string, secret: string): number {
  for (let length = secret.length - 1; length >= TELLING; length--)
    if (text.startsWith(secret.slice(-length))) return length;
  return 0;
}

const MESSAGE_LINES = 20;

/** The end of a log for a message; undefined where the program has made it a secret. */
export function messageTail(logTail: string, { inputs }: RunOrder): string | undefined {
  return inputs.secretLog === true ? undefined : logTail.split("\n").slice(-MESSAGE_LINES).join("\n");
}
