import type { EmulatorSnapshot, FaultRule } from "../../emulator";
import type { KindName, Values } from "../../provider/schema/fields";
import { namesOf, type History, type Outside, type Step } from "./history";
import { Normalizer } from "./normalize";
import type { StepRecord } from "./record";

/** A resource as it stands in a state. */
export interface RawResource {
  name: string;
  kind: KindName;
  id: string;
  inputs: Values;
  outputs: Values;
  initErrors: boolean;
  protect: boolean;
  /** Deleted to be replaced, and not made again. */
  pendingReplacement: boolean;
  /** Logical names, and by which of our properties we depend on them. */
  dependencies: Record<string, string[]>;
}

/** What a run did, in the words of whoever ran it. */
export interface Done {
  ok: boolean;
  operations: string[];
}

/** An engine with a stack of its own and a cloud: the real one, or the model. */
export interface Player {
  readonly stack: string;
  up(step: Extract<Step, { do: "up" }>, preview: boolean): Promise<Done>;
  refresh(): Promise<Done>;
  destroy(): Promise<Done>;
  state(): readonly RawResource[];
  pendingCreates(): string[];
  inject(rule: FaultRule): void;
  /** Switches all faults off, and says how often they went off. */
  clearFaults(): number;
  /** Calls that may change something since the last time this was asked, as `METHOD route status`. */
  mutations(): string[];
  snapshot(): EmulatorSnapshot;
  /** A call of somebody who has the token. Fails unless it succeeds. */
  byHand(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Lets time pass until the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

/** Plays a history, and records what each run did. */
export async function play(history: History, player: Player): Promise<StepRecord[]> {
  const normalizer = new Normalizer(player.stack, namesOf(history));
  const records: StepRecord[] = [];
  let armed = 0;
  for (const step of history.steps) {
    if (step.do === "fault") {
      player.inject(step.rule);
      armed++;
      continue;
    }
    if (step.do === "outside") {
      await change(player, step.change);
      continue;
    }
    player.mutations();
    const before = player.state();
    const killed = step.do === "up" && step.killAt !== undefined;
    const done = await (step.do === "up"
      ? player.up(step, history.previews === true && !step.given)
      : player[step.do]());
    const { operations, mixed } = canonical(done.operations, before);
    // Calls of what may happen in any order are compared as a set; the others in their order.
    const calls = mixed ? player.mutations().sort() : player.mutations();
    if (player.clearFaults() < armed) throw new Error(`${history.title}: a fault did not go off`);
    armed = 0;
    const pending = player.pendingCreates();
    records.push({
      run: killed ? `${step.do}, killed at ${step.killAt}` : step.do,
      ok: done.ok,
      operations,
      ...(killed ? {} : { calls }),
      ...(pending.length > 0 ? { pending } : {}),
      resources: normalizer.resources(player.state()),
    });
  }
  return records;
}

/**
 * Deletes that follow one another in alphabetical order, since the engine makes those of resources that do
 * not depend on each other in any. Where a resource goes before one that depends on it, nothing is changed.
 */
function canonical(
  operations: readonly string[],
  before: readonly RawResource[],
): { operations: string[]; mixed: boolean } {
  const blocks: string[][] = [];
  for (const operation of operations) {
    const last = blocks.at(-1);
    if (operation.startsWith("delete ") && last?.[0]?.startsWith("delete ")) last.push(operation);
    else blocks.push([operation]);
  }
  const inOrder = (block: readonly string[]): boolean =>
    before.every(({ name, dependencies }) => {
      const own = block.indexOf(`delete ${name}`);
      return Object.keys(dependencies).every((other) => {
        const depended = block.indexOf(`delete ${other}`);
        return own < 0 || depended < 0 || own < depended;
      });
    });
  return {
    operations: blocks.flatMap((block) => (inOrder(block) ? [...block].sort() : block)),
    mixed: blocks.some((block) => block.length > 1),
  };
}

async function change(player: Player, what: Outside): Promise<void> {
  const find = (name: string): RawResource => {
    const found = player.state().find((resource) => resource.name === name);
    if (!found) throw new Error(`no resource "${name}" in the state`);
    return found;
  };
  if ("stop" in what) {
    const requestId = find(what.stop).outputs.requestId as string;
    await player.byHand("POST", `mags-jobs/${requestId}/stop`);
    const status = (): string | undefined =>
      player.snapshot().jobs.find((job) => job.requestId === requestId)?.status;
    await player.until(() => status() === "completed");
  } else if ("remove" in what) {
    const { kind, id, outputs } = find(what.remove);
    const path = {
      Workspace: `mags-workspaces/${id}`,
      UrlAlias: aliasPath(outputs),
      CronJob: `mags-cron/${id}`,
      Job: undefined,
      Run: undefined,
    }[kind];
    if (path === undefined) throw new Error("a job is stopped, not removed, and a run is over");
    await player.byHand("DELETE", path);
  } else if ("repoint" in what) {
    const { outputs } = find(what.repoint);
    await player.byHand("DELETE", aliasPath(outputs));
    await player.byHand("POST", "mags-url-aliases", {
      subdomain: outputs.subdomain,
      domain: outputs.domain,
      workspace_id: find(what.to).id,
    });
  } else await player.byHand("PATCH", `mags-cron/${find(what.edit).id}`, what.fields);
}

function aliasPath(outputs: Values): string {
  return `mags-url-aliases/${String(outputs.subdomain)}?domain=${String(outputs.domain)}`;
}
