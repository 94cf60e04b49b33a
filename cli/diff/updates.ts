import type { Json, Manifest } from "../../constructs/manifest";
import { changesBetween, equal, has, recordOf, strongest, type Change } from "../../provider/schema/diff";
import { UNKNOWN, hasUnknown, type Effect, type Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import type { ResourceChange } from "./compare";
import { isMap } from "./json";
import { Known } from "./known";
import { partsOf } from "./parts";
import { outcomeOf } from "./refusals";

/** What gets another VM, or runs once more, has attributes that nobody knows before. */
const RESTARTING: readonly Effect[] = ["rerun", "restart", "resize", "replace"];

/**
 * What a deploy changes of what stays, by path. What is replaced or started anew changes those that refer to it, which
 * changes others in turn, so they are compared until nothing more comes of it.
 * @param kept paths of all that is there before and after
 */
export function updatesBetween(
  recorded: Known,
  after: Manifest,
  kept: readonly string[],
): ReadonlyMap<string, ResourceChange> {
  const replaced = new Set<string>();
  const restarted = new Set<string>();
  const dependents = dependentsIn(recorded, kept);
  for (;;) {
    const comparison = new Comparison(recorded, new Known(after, { recorded, replaced, restarted }));
    const updates = comparison.updates(kept, dependents);
    const found = [...updates.values()];
    const more = (known: Set<string>, actions: readonly string[]) => {
      const { size } = known;
      for (const { action, path } of found) if (actions.includes(action)) known.add(path);
      return known.size > size;
    };
    if (![more(replaced, ["replace"]), more(restarted, RESTARTING)].includes(true)) return updates;
  }
}

/** By path: who refers to it, and in which of its properties. */
type Dependents = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

function dependentsIn(recorded: Known, kept: readonly string[]): Dependents {
  const uses = new Map<string, Map<string, string[]>>();
  for (const path of kept) {
    for (const property of Object.keys(recorded.manifest.resources[path]!.properties)) {
      for (const source of recorded.sourcesOf(path, property)) {
        const users = uses.get(source) ?? new Map<string, string[]>();
        users.set(path, [...(users.get(path) ?? []), property]);
        uses.set(source, users);
      }
    }
  }
  return uses;
}

class Comparison {
  constructor(
    private readonly recorded: Known,
    private readonly wanted: Known,
  ) {}

  updates(kept: readonly string[], dependents: Dependents): Map<string, ResourceChange> {
    const found = new Map(
      kept.flatMap((path) => {
        const change = this.updated(path);
        return change ? [[path, change] as const] : [];
      }),
    );
    const replaced = [...found.values()].filter(({ action }) => action === "replace").map(({ path }) => path);
    for (let cause = replaced.shift(); cause !== undefined; cause = replaced.shift()) {
      for (const [path, properties] of dependents.get(cause) ?? []) {
        if (found.get(path)?.action === "replace") continue;
        const change = this.replacedWith(cause, path, properties, found.get(path));
        if (!change) continue;
        found.set(path, change);
        replaced.push(path);
      }
    }
    return found;
  }

  private updated(path: string): ResourceChange | undefined {
    const { recorded, wanted } = this;
    const [old, now] = [recorded.manifest.resources[path]!, wanted.manifest.resources[path]!];
    const { kind } = now;
    const { fields } = SCHEMAS[kind];
    const [before, after] = [recorded.inputsOf(path), wanted.inputsOf(path)];
    const changes = changesBetween(fields, recordOf(fields, before), after).filter(
      // Unknown in the same way is no change that anybody could see.
      ({ field }) =>
        !(hasUnknown(after[field]) && equal(...this.followed(old.properties[field], now.properties[field]))),
    );
    const action = strongest(changes);
    if (action === undefined) return undefined;
    const parts = changes
      .flatMap((change) =>
        partsOf(fields, change, ...this.shown(old.properties[change.field], now.properties[change.field])),
      )
      // What follows from another property, and the program does not say, is shown with that.
      .filter((part) => part.before !== undefined || part.after !== undefined);
    const because = parts.length > 0 ? undefined : this.madeAnew(path, changes);
    return {
      path,
      kind,
      action,
      changes: parts,
      ...(because === undefined ? {} : { because }),
      ...this.outcome(path, after, changes),
    };
  }

  /**
   * Pulumi replaces with a resource what depends on it and would have to be replaced if that value were another one:
   * it asks before the new value is known, by what is recorded.
   */
  private replacedWith(
    cause: string,
    path: string,
    properties: readonly string[],
    update: ResourceChange | undefined,
  ): ResourceChange | undefined {
    const { kind } = this.recorded.manifest.resources[path]!;
    const { fields } = SCHEMAS[kind];
    const before = this.recorded.inputsOf(path);
    const inputs: Values = {
      ...before,
      ...Object.fromEntries(properties.map((property) => [property, UNKNOWN])),
    };
    const changes = changesBetween(fields, recordOf(fields, before), inputs);
    if (!has(changes, "replace")) return undefined;
    const parts = update?.changes ?? [];
    return {
      path,
      kind,
      action: "replace",
      changes: parts,
      because: cause,
      ...this.outcome(path, inputs, changes),
    };
  }

  private outcome(path: string, after: Values, changes: readonly Change[]) {
    const inputs = {
      before: this.recorded.inputsOf(path),
      after,
      made: this.wanted.inputsOnceThere(path),
    };
    return outcomeOf(path, this.recorded.manifest.resources[path]!, inputs, changes);
  }

  /** The workspace, or the job on it, that is made anew, where a resource has to follow it. */
  private madeAnew(path: string, changes: readonly Change[]): string | undefined {
    return changes.some(({ field }) => field === "workspaceGeneration")
      ? this.wanted.workspaceSourcesOf(path).find((source) => this.wanted.isReplaced(source))
      : undefined;
  }

  /** As far as they are known. */
  private followed(old: Json | undefined, now: Json | undefined): [Json | undefined, Json | undefined] {
    return [this.recorded.followed(old), this.wanted.followed(now)];
  }

  /** As the program says it; where it says the same, what that comes to. */
  private shown(old: Json | undefined, now: Json | undefined): [Json | undefined, Json | undefined] {
    if (equal(old, now)) return this.followed(old, now);
    if (!isMap(old) || !isMap(now)) return [old, now];
    const [before, after]: Record<string, Json>[] = [{}, {}];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const [was, is] = this.shown(old[key], now[key]);
      if (was !== undefined) before![key] = was;
      if (is !== undefined) after![key] = is;
    }
    return [before, after];
  }
}
