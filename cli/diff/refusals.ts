import type { Json, ManifestResource } from "../../constructs/manifest";
import * as providerErrors from "../../provider/errors";
import { has, type Change } from "../../provider/schema/diff";
import type { KindName, Values } from "../../provider/schema/fields";
import { losesFiles } from "../../provider/schema/plan";
import { SCHEMAS } from "../../provider/schema/schemas";
import { isProtected } from "../../provider/schema/workspace";
import * as errors from "../errors";

/** What becomes of a change besides its action. */
export interface Outcome {
  readonly refused?: string;
  readonly losesFiles?: true;
  readonly keepsOld?: true;
}

/** A workspace that is protected cannot go, neither by itself nor to make place for another. */
export function refusalOfDelete(path: string, kind: KindName, recorded: Values): Outcome {
  const isRefused = kind === "Workspace" && isProtected(recorded);
  return isRefused ? { refused: providerErrors.workspaceProtected(nameOf(path, recorded)).message } : {};
}

/**
 * What the guard of the kind says: why it is refused, or that files are lost where the program allows it.
 * @param inputs checked, of what is recorded, of what is wanted, and of what is made where it is replaced
 */
export function outcomeOf(
  path: string,
  old: ManifestResource,
  inputs: { readonly before: Values; readonly after: Values; readonly made: Values },
  changes: readonly Change[],
): Outcome {
  const { kind, properties } = old;
  const { before, after, made } = inputs;
  const recorded = { ...before, name: nameOf(path, properties) };
  const refused = refusalOf(kind, recorded, after, changes);
  if (refused !== undefined) return { refused };
  const isReplaced = has(changes, "replace");
  if (isReplaced && old.removalPolicy === "retain") {
    const name = inTheWay(kind, before, made);
    return name === undefined ? { keepsOld: true } : { refused: errors.keptInTheWay(kind, path, name) };
  }
  if (isReplaced) {
    const kept = refusalOfDelete(path, kind, properties);
    if (kept.refused !== undefined) return kept;
  }
  return losesFiles(SCHEMAS[kind], recorded, after, changes) ? { losesFiles: true } : {};
}

/**
 * What becomes of an object beside which another one is made, that Pulumi does not know for the same: it goes after
 * that, if at all.
 */
export function outcomeOfAnother(path: string, old: ManifestResource, before: Values, made: Values): Outcome {
  const { kind } = old;
  const isKept = old.removalPolicy === "retain";
  const name = inTheWay(kind, before, made) ?? nameInTheWay(kind, before, made);
  if (name !== undefined) {
    return { refused: (isKept ? errors.keptInTheWay : errors.anotherInTheWay)(kind, path, name) };
  }
  return isKept ? { keepsOld: true } : refusalOfDelete(path, kind, old.properties);
}

/** Of kinds that replace their old object before they make a new one, so that this can be in the way here only. */
function nameInTheWay(kind: KindName, before: Values, made: Values): string | undefined {
  const { nameField } = SCHEMAS[kind];
  const isSame = kind !== "Run" && before[nameField] === made[nameField] && made.adopt !== true;
  return isSame ? `its ${nameField}` : undefined;
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

/** What an old object that is kept has, and the new one needs: its name, or the workspace that it is active on. */
function inTheWay(kind: KindName, before: Values, made: Values): string | undefined {
  if ((kind !== "Workspace" && kind !== "Job") || made.adopt === true) return undefined;
  if (before.name === made.name) return "its name";
  return kind === "Job" && before.workspaceId === made.workspaceId ? "its workspace" : undefined;
}

function nameOf(path: string, properties: Values | { readonly [name: string]: Json }): string {
  return typeof properties.name === "string" ? properties.name : path;
}
