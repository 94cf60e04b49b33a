import { diffLines } from "diff";
import { JOIN_KEY, OUTPUT_KEY, REF_KEY, type Json } from "../../constructs/manifest";
import { Schedule } from "../../constructs/values/schedule";
import { EFFECT_MEANINGS } from "../../provider/schema/effects";
import type { Effect } from "../../provider/schema/fields";
import { many, styled } from "../lib/output";
import type { Action, ResourceChange } from "./compare";
import { ANEW_KEY, isSymbol } from "./json";
import type { PropertyChange } from "./parts";
import { renamingText } from "./renaming";

/** What an action means, for people. */
const MEANINGS: Record<Action, string> = {
  create: "it is made",
  delete: "it is deleted in the cloud",
  forget: "it leaves the state, and stays in the cloud as it is (removal policy)",
  rename: "it goes on under another path: nothing is changed in the cloud",
  ...EFFECT_MEANINGS,
};

/** From what changes nothing in the cloud to what can lose most. */
const ORDER = Object.keys(MEANINGS) as Action[];

const LONGEST_VALUE = 100;
/** Lines of a text that are shown around those that change, and all in all. */
const CONTEXT_LINES = 1;
const MOST_LINES = 40;

/** The changes as text, then a summary, then what each kind of change does. */
export function inWords(changes: readonly ResourceChange[]): string {
  if (changes.length === 0) return `${styled("green", "No changes.")}\n`;
  return [...changes.map(resourceText), summary(changes), "", ...legend(changes), ""].join("\n");
}

/** How many of each: `1 to create, 2 to restart, 1 refused`. */
function summary(changes: readonly ResourceChange[]): string {
  const refused = changes.filter((change) => change.refused !== undefined).length;
  const counts = ORDER.flatMap((action) => {
    const count = changes.filter((change) => change.action === action && change.refused === undefined).length;
    return count > 0 ? `${count} to ${VERBS[action] ?? action}` : [];
  });
  if (refused > 0) counts.push(styled("red", `${refused} refused`));
  return styled("bold", `${counts.join(", ")}.`);
}

const VERBS: Partial<Record<Action, string>> = { local: "record only" };

function legend(changes: readonly ResourceChange[]): string[] {
  const used = new Set(
    changes.flatMap(({ action, changes: parts }) => [action, ...parts.map(({ effect }) => effect)]),
  );
  return ORDER.filter((action) => used.has(action)).map((action) => `${action}: ${MEANINGS[action]}.`);
}

function resourceText(change: ResourceChange): string {
  const { path, kind, action, changes, refused, losesFiles, keepsOld, because, renamedFrom } = change;
  const outcome =
    refused === undefined ? styled(colorOf(action), action) : styled("red", `${action}, refused`);
  return [
    `${signOf(change)} ${styled("bold", path)} (${kind}): ${outcome}`,
    ...(refused === undefined ? [] : [`    ${styled("red", refused)}`]),
    ...(renamedFrom === undefined
      ? []
      : [`    ${renamedText(path, renamedFrom)}${action === "replace" ? "" : ": nothing is replaced"}`]),
    ...(!keepsOld
      ? []
      : [`    the old one leaves the state, and stays in the cloud as it is (removal policy)`]),
    ...(!losesFiles
      ? []
      : [`    ${styled("red", "files on its local disk are lost")}, since allowDataLoss permits it`]),
    ...(because === undefined ? [] : [`    since ${because} is replaced, and is referred to`]),
    ...otherwiseText(change).map((line) => `    ${line}`),
    ...changes.flatMap((part) => propertyText(part, action)),
    "",
  ].join("\n");
}

function renamedText(path: string, renamedFrom: string): string {
  return renamedFrom === path ? "of another class until now, by a rename" : `renamed from ${renamedFrom}`;
}

/** Why Pulumi does not see that something is the same, and how the program can say so. */
function otherwiseText({ looksLike, retyped, keepsOld, refused }: ResourceChange): string[] {
  if (looksLike) {
    const { path, renaming } = looksLike;
    return [
      `like ${path}, which goes` +
        (renaming === undefined
          ? ""
          : `: if ${renaming.path} was only renamed, say so with ${renamingText(renaming)}, and a deploy goes on with it`),
    ];
  }
  if (!retyped) return [];
  const { path, before, after, renaming } = retyped;
  const isGoing = keepsOld !== true && refused === undefined;
  return [
    `since ${path} was of another type (${before}, now ${after}): Pulumi takes what is in it for something new` +
      (isGoing ? ", makes it first, and deletes the old one then" : ""),
    renaming === undefined
      ? `no rename can go on with it: leave ${path} as it was, if it is to stay`
      : `if it is to go on, say so with ${renamingText(renaming)}`,
  ];
}

function signOf({ action, refused }: ResourceChange): string {
  if (refused !== undefined) return styled("red", "!");
  if (action === "create") return styled("green", "+");
  if (action === "delete" || action === "forget") return styled("red", "-");
  return action === "replace" ? styled("magenta", "±") : styled("yellow", "~");
}

function colorOf(action: Action): "green" | "red" | "magenta" | "yellow" | "gray" {
  if (action === "create") return "green";
  if (action === "delete" || action === "forget") return "red";
  return action === "replace" ? "magenta" : action === "local" || action === "rename" ? "gray" : "yellow";
}

function propertyText(
  { property, effect, before, after, default: fallback }: PropertyChange,
  action: Action,
): string[] {
  const note = effect === action ? "" : ` (${effect})`;
  if (isLong(before) || isLong(after)) {
    const lines = lineChanges(textOf(before ?? fallback), textOf(after ?? fallback));
    return [`    ${property}:${note}`, ...lines.map((line) => `      ${line}`)];
  }
  const [from, to] = [before, after].map((value) => valueText(property, value, fallback));
  return [`    ${property}: ${from} → ${to}${note}`];
}

function isLong(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : value === undefined ? "" : valueText("", value, undefined);
}

/** The lines that differ, with their neighbours. */
export function lineChanges(before: string, after: string): string[] {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) => {
    const texts = value.replace(/\n$/, "").split("\n");
    const sign = added ? "+" : removed ? "-" : " ";
    return texts.map((text) => ({ sign, text }));
  });
  const isNear = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
      .some(({ sign }) => sign !== " "),
  );
  const shown = lines.flatMap(({ sign, text }, index) => {
    if (!isNear[index]) return index === 0 || isNear[index - 1] ? ["…"] : [];
    const line = `${sign} ${cut(text)}`;
    return [sign === "+" ? styled("green", line) : sign === "-" ? styled("red", line) : line];
  });
  return shown.length <= MOST_LINES
    ? shown
    : [...shown.slice(0, MOST_LINES), `… and ${many(shown.length - MOST_LINES, "line")} more`];
}

function valueText(property: string, value: Json | undefined, fallback: Json | undefined): string {
  if (value === undefined) return fallback === undefined ? "(none)" : `${jsonText(fallback)} (default)`;
  if (isSymbol(value)) return symbolText(value);
  if (property === "cronExpression" && typeof value === "string") {
    return `${jsonText(value)} (${Schedule.expression(value).describe()})`;
  }
  return jsonText(value);
}

/** What stands for a value, in words; in a text the names of what is referred to are marked off. */
function symbolText(value: Json): string {
  const {
    [ANEW_KEY]: anew,
    [JOIN_KEY]: join,
    [OUTPUT_KEY]: output,
    [REF_KEY]: reference,
  } = value as { [key: string]: Json };
  if (typeof reference === "string") return anew === true ? `another ${reference}` : reference;
  if (Array.isArray(join)) {
    return jsonText(
      join.map((part: Json) => (typeof part === "string" ? part : `‹${symbolText(part)}›`)).join(""),
    );
  }
  return output === undefined ? "(secret)" : "(known when deployed)";
}

function jsonText(value: Json): string {
  return cut(JSON.stringify(value));
}

export function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** What an effect does, for JSON. */
export function meaningOf(action: Action | Effect): string {
  return MEANINGS[action];
}
