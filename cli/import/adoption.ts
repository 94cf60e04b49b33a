import type { Settings } from "../../provider/api/settings";
import { stamped, toHost } from "../../provider/host/json";
import { KIND_WORDS, clashOn, type WorkspaceUser } from "../../provider/schema/claims";
import { recordOf } from "../../provider/schema/diff";
import type { Values } from "../../provider/schema/fields";
import { check } from "../../provider/schema/plan";
import { SCHEMAS } from "../../provider/schema/schemas";
import { unrecordedIn } from "../../provider/schema/trust";
import { compare } from "../lib/compare";
import type { Found, LeftOut } from "./inventory";
import { LISTED_KINDS } from "../account/kinds";

/** What is to become a resource: what the program says of it, and what the state is given. */
export interface Adopted extends Found {
  /** What the program declares. */
  readonly args: Values;
  /** As recorded: what is shown, and the names of what is not. */
  readonly recorded: { readonly inputs: Values; readonly outputs: Values };
}

/**
 * What can be declared, in the order of the program: workspaces, what runs on them, and what points to it. All that a
 * program would refuse is left out here, so that what is written works as it is.
 */
export function adoptable(
  found: readonly Found[],
  settings: Settings,
): { adopted: Adopted[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const users = new Map<string, WorkspaceUser[]>();
  const ordered = LISTED_KINDS.flatMap((kind) => found.filter((thing) => thing.kind === kind));
  const adopted = ordered.flatMap((thing): Adopted[] => {
    const leave = (why: string) => leftOut.push({ kind: thing.kind, name: thing.name, why });
    const result = adopt(thing, settings);
    if (typeof result === "string") {
      leave(result);
      return [];
    }
    const clash = clashOf(thing, users);
    if (clash !== undefined) {
      leave(clash);
      return [];
    }
    return [result];
  });
  return { adopted: adopted.sort(inOrder), leftOut };
}

function inOrder(a: Found, b: Found): number {
  return LISTED_KINDS.indexOf(a.kind) - LISTED_KINDS.indexOf(b.kind) || compare(a.name, b.name);
}

/** The thing as a resource; a text says why it cannot be one. */
function adopt(thing: Found, settings: Settings): Adopted | string {
  const { kind, shown } = thing;
  const schema = SCHEMAS[kind];
  const { fields } = schema;
  // What is as it would be without being said is said nowhere.
  const args = Object.fromEntries(
    Object.entries(shown).filter(
      ([name, value]) => !fields[name]?.derived && fields[name]?.default !== value,
    ),
  );
  const { inputs, problems } = check(schema, settings, {}, args);
  if (problems.length > 0) return problems.map(({ reason }) => reason).join(" ");
  const unrecorded = unrecordedIn(fields, shown);
  // What check makes of arguments that are only not known is not what is there.
  const known = Object.entries(inputs).filter(([name]) => !unrecorded.includes(name));
  const recorded = { ...Object.fromEntries(known), unrecorded };
  const outputs = stamped({ ...recordOf(fields, recorded), ...thing.outputs, account: settings.account });
  return { ...thing, args, recorded: { inputs: toHost(recorded), outputs } };
}

/** A program may not have what would be in the way of each other on one workspace. */
function clashOf({ kind, name, shown }: Found, users: Map<string, WorkspaceUser[]>): string | undefined {
  const { workspaceId } = shown;
  if ((kind !== "Job" && kind !== "CronJob") || typeof workspaceId !== "string") return undefined;
  const others = users.get(workspaceId) ?? [];
  const user: WorkspaceUser = { kind, resource: name };
  const clash = clashOn(workspaceId, user, others);
  if (clash) {
    const other = others.find((one) => one.kind === "Job") ?? others[0]!;
    return (
      `it works on the workspace "${workspaceId}", as ${KIND_WORDS[other.kind]} "${other.resource}" does, and a program ` +
      `may declare one of them`
    );
  }
  users.set(workspaceId, [...others, user]);
  return undefined;
}
