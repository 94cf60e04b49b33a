import type { Json, Manifest, ManifestResource } from "../../constructs/manifest";
import { referencesOf } from "../../constructs/references-of";
import * as providerErrors from "../../provider/errors";
import { changesBetween, equal, has, recordOf, strongest, type Change } from "../../provider/schema/diff";
import { EFFECT_MEANINGS } from "../../provider/schema/effects";
import { UNKNOWN, hasUnknown, type Effect, type KindName, type Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { isProtected } from "../../provider/schema/workspace";
import { Known } from "./known";
import { partsOf, type PropertyChange } from "./parts";

/** What a deploy does with a resource: one of the effects of the field tables, or what goes beyond properties. */
export type Action = "create" | "delete" | "forget" | Effect;

export interface ResourceChange {
  readonly path: string;
  readonly kind: KindName;
  readonly action: Action;
  readonly changes: readonly PropertyChange[];
  /** Why a deploy will not do it. */
  readonly refused?: string;
  /** Files are lost, which the program allows. */
  readonly losesFiles?: true;
  /** What it is replaced for, where its own properties are not the reason. */
  readonly because?: string;
  /** The path of a resource that goes, and is otherwise the same. */
  readonly looksLike?: string;
}

/**
 * What a deploy of one manifest over another would do, by the provider's own field tables, diff and guards. What no
 * manifest shows, secrets and Outputs, is not compared.
 */
export function compare(before: Manifest, after: Manifest): ResourceChange[] {
  const recorded = new Known(before);
  const wanted = new Known(after, recorded);
  const paths = [...new Set([...Object.keys(before.resources), ...Object.keys(after.resources)])].sort();
  const isKept = (path: string) => before.resources[path]?.kind === after.resources[path]?.kind;
  const found = paths.flatMap((path) => {
    const [old, now] = [before.resources[path], after.resources[path]];
    if (old && now && isKept(path)) return updated(path, old, now, recorded, wanted) ?? [];
    return [...(old ? [deleted(path, old)] : []), ...(now ? [created(path, now)] : [])];
  });
  return withLookalikes(withDependents(found, before, after, recorded, wanted), before, after);
}

function created(path: string, { kind }: ManifestResource): ResourceChange {
  return { path, kind, action: "create", changes: [] };
}

function deleted(path: string, resource: ManifestResource): ResourceChange {
  const { kind, properties } = resource;
  if (resource.removalPolicy === "retain") return { path, kind, action: "forget", changes: [] };
  return { path, kind, action: "delete", changes: [], ...refusalOfDelete(path, kind, properties) };
}

/** A workspace that is protected cannot go, neither by itself nor to make place for another. */
function refusalOfDelete(path: string, kind: KindName, recorded: Values): { refused?: string } {
  const isRefused = kind === "Workspace" && isProtected(recorded);
  return isRefused ? { refused: providerErrors.workspaceProtected(nameOf(path, recorded)).message } : {};
}

function updated(
  path: string,
  old: ManifestResource,
  now: ManifestResource,
  recorded: Known,
  wanted: Known,
): ResourceChange | undefined {
  const { kind } = now;
  const [before, after] = [recorded.inputsOf(path), wanted.inputsOf(path)];
  const shown = (field: string): [Json | undefined, Json | undefined] => [
    recorded.followed(old.properties[field]),
    wanted.followed(now.properties[field]),
  ];
  const changes = changesBetween(SCHEMAS[kind].fields, recordOf(SCHEMAS[kind].fields, before), after).filter(
    // Unknown in the same way is no change that anybody could see.
    ({ field }) => !(hasUnknown(after[field]) && equal(...shown(field))),
  );
  const action = strongest(changes);
  if (action === undefined) return undefined;
  const parts = changes.flatMap((change) => {
    const [one, other] = [old.properties[change.field], now.properties[change.field]];
    // The same reference may come to something else.
    const [was, is] = equal(one, other) ? shown(change.field) : [one, other];
    return partsOf(SCHEMAS[kind].fields, change, was, is);
  });
  return { path, kind, action, changes: parts, ...judged(path, kind, old, before, after, changes) };
}

/** What the guard of the kind says: why it is refused, or that files are lost where the program allows it. */
function judged(
  path: string,
  kind: KindName,
  old: ManifestResource,
  before: Values,
  after: Values,
  changes: readonly Change[],
): { refused?: string; losesFiles?: true } {
  const recorded = { ...before, name: nameOf(path, old.properties) };
  const refused = refusalOf(kind, recorded, after, changes);
  if (refused !== undefined) return { refused };
  if (has(changes, "replace")) {
    const kept = refusalOfDelete(path, kind, old.properties);
    if (kept.refused !== undefined) return kept;
  }
  const unless = refusalOf(kind, recorded, { ...after, allowDataLoss: false }, changes);
  return unless === undefined ? {} : { losesFiles: true };
}

function refusalOf(
  kind: KindName,
  recorded: Values,
  after: Values,
  changes: readonly Change[],
): string | undefined {
  try {
    SCHEMAS[kind].guard?.(recorded, after, changes);
    return undefined;
  } catch (error) {
    if (error instanceof providerErrors.MagsError) return error.message;
    throw error;
  }
}

/**
 * Pulumi replaces with a resource what depends on it and would have to be replaced if that value were another one:
 * it asks before the new value is known.
 */
function withDependents(
  found: readonly ResourceChange[],
  before: Manifest,
  after: Manifest,
  recorded: Known,
  wanted: Known,
): ResourceChange[] {
  const isUpdate = ({ action }: ResourceChange) => action in EFFECT_MEANINGS;
  const updates = new Map(found.filter(isUpdate).map((change) => [change.path, change]));
  const replaced = [...updates.values()].filter(({ action }) => action === "replace").map(({ path }) => path);
  const uses = usesOf(before);
  for (let cause = replaced.shift(); cause !== undefined; cause = replaced.shift()) {
    for (const [path, properties] of uses.get(cause) ?? []) {
      const old = before.resources[path]!;
      const { kind } = old;
      if (after.resources[path]?.kind !== kind || updates.get(path)?.action === "replace") continue;
      const unknown = Object.fromEntries(properties.map((property) => [property, UNKNOWN]));
      const inputs: Values = { ...wanted.inputsOf(path), ...unknown };
      const { fields } = SCHEMAS[kind];
      const asked = changesBetween(fields, recordOf(fields, recorded.inputsOf(path)), inputs);
      if (!has(asked, "replace")) continue;
      const changes = updates.get(path)?.changes ?? [];
      const outcome = judged(path, kind, old, recorded.inputsOf(path), inputs, asked);
      updates.set(path, { path, kind, action: "replace", changes, because: cause, ...outcome });
      replaced.push(path);
    }
  }
  const others = found.filter((change) => !isUpdate(change));
  return [...others, ...updates.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** By what is referred to: who does, and in which of its properties. */
function usesOf({ resources }: Manifest): Map<string, Map<string, string[]>> {
  const uses = new Map<string, Map<string, string[]>>();
  for (const [path, resource] of Object.entries(resources)) {
    for (const { target, property } of referencesOf(resource)) {
      const users = uses.get(target) ?? new Map<string, string[]>();
      users.set(path, [...(users.get(path) ?? []), property.split(".")[0]!]);
      uses.set(target, users);
    }
  }
  return uses;
}

/** A construct that was only renamed goes and comes: what it has in the cloud goes, too. */
function withLookalikes(
  found: readonly ResourceChange[],
  before: Manifest,
  after: Manifest,
): ResourceChange[] {
  const gone = found.filter(({ action }) => action === "delete");
  return found.map((change) => {
    if (change.action !== "create") return change;
    const { kind, properties } = after.resources[change.path]!;
    const like = gone.filter(
      (other) => other.kind === kind && equal(before.resources[other.path]!.properties, properties),
    );
    return like.length === 1 ? { ...change, looksLike: like[0]!.path } : change;
  });
}

function nameOf(path: string, properties: Values): string {
  return typeof properties.name === "string" ? properties.name : path;
}
