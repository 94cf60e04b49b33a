import type { Json, Manifest } from "../../constructs/manifest";
import { changesBetween, equal, has, recordOf, strongest, type Change } from "../../provider/schema/diff";
import { UNKNOWN, hasUnknown, type Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import type { ResourceChange } from "./compare";
import { isMap } from "./json";
import { Known } from "./known";
import { inOrder } from "./order";
import { partsOf } from "./parts";
import { outcomeOf, outcomeOfAnother } from "./refusals";
import { retypedFrom } from "./retyped";

/** What gets another VM, or runs once more, has attributes that nobody knows before. */
const RESTARTING: readonly string[] = ["rerun", "restart", "resize", "replace"];

/**
 * What a deploy changes of what stays, by path. What is replaced or started anew changes those that refer to it, so
 * each is looked at after what it refers to.
 * @param isKept whether it is there before and after
 * @param isAnother whether another one comes in its place, since what it is in is of other types
 */
export function updatesBetween(
  recorded: Known,
  after: Manifest,
  isKept: (path: string) => boolean,
  isAnother: (path: string) => boolean,
): ReadonlyMap<string, ResourceChange> {
  const replaced = new Set<string>();
  const restarted = new Set<string>();
  const wanted = new Known(after, { recorded, isKept, replaced, restarted });
  const comparison = new Comparison(recorded, wanted);
  const updates = new Map<string, ResourceChange>();
  // What is worked out once is known: references are followed step by step then, and no chain is too long.
  for (const path of inOrder(recorded.manifest)) recorded.inputsOf(path);
  for (const path of inOrder(after, recorded.manifest)) {
    const change = isKept(path) ? comparison.changeOf(path) : undefined;
    if (isAnother(path)) updates.set(path, comparison.retyped(path));
    if (change) {
      updates.set(path, change);
      if (change.action === "replace") replaced.add(path);
      if (RESTARTING.includes(change.action)) restarted.add(path);
    }
    wanted.inputsOnceThere(path);
  }
  return updates;
}

class Comparison {
  constructor(
    private readonly recorded: Known,
    private readonly wanted: Known,
  ) {}

  /** What becomes of a resource, once that is known of all that it refers to. */
  changeOf(path: string): ResourceChange | undefined {
    const change = this.updated(path);
    return change?.action === "replace" ? change : (this.replacedWith(path, change) ?? change);
  }

  /** What comes in the place of something that Pulumi does not know any more. */
  retyped(path: string): ResourceChange {
    const { recorded, wanted } = this;
    const [old, now] = [recorded.manifest.resources[path]!, wanted.manifest.resources[path]!];
    return {
      path,
      kind: now.kind,
      action: "replace",
      changes: [],
      retyped: retypedFrom(path, recorded.manifest, wanted.manifest),
      ...outcomeOfAnother(path, old, recorded.inputsOf(path), wanted.inputsOf(path)),
    };
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
  private replacedWith(path: string, update: ResourceChange | undefined): ResourceChange | undefined {
    const { kind, properties } = this.recorded.manifest.resources[path]!;
    const causes = Object.keys(properties).flatMap((property) => {
      const cause = [...this.recorded.sourcesOf(path, property)].find((one) => this.wanted.isReplaced(one));
      return cause === undefined ? [] : { cause, property };
    });
    const [first] = causes;
    if (!first) return undefined;
    const { fields } = SCHEMAS[kind];
    const before = this.recorded.inputsOf(path);
    const inputs: Values = {
      ...before,
      ...Object.fromEntries(causes.map(({ property }) => [property, UNKNOWN])),
    };
    const changes = changesBetween(fields, recordOf(fields, before), inputs);
    if (!has(changes, "replace")) return undefined;
    const parts = update?.changes ?? [];
    return {
      path,
      kind,
      action: "replace",
      changes: parts,
      because: first.cause,
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
      ? this.wanted.workspaceSourcesOf(path).find((source) => this.wanted.isMadeAnew(source))
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
