import { KIND_WORDS } from "../../provider/schema/claims";
import { isMassGone } from "../../provider/lifecycle/gone-guard";
import { cut, lineChanges } from "../diff/words";
import { many, styled } from "../lib/output";
import { STANDINGS, isDrift, type Difference, type Finding, type Standing } from "./finding";

type Color = Parameters<typeof styled>[0];

const SIGNS: Record<Standing, { sign: string; color: Color; word: string }> = {
  gone: { sign: "-", color: "red", word: "gone" },
  ended: { sign: "!", color: "red", word: "ended" },
  foreign: { sign: "!", color: "red", word: "not ours" },
  unready: { sign: "!", color: "yellow", word: "not ready" },
  changed: { sign: "~", color: "yellow", word: "changed" },
  unreachable: { sign: "?", color: "magenta", word: "unreachable" },
  same: { sign: " ", color: "green", word: "as recorded" },
};

/** What was found, for people: what is to be done, then what is not known, then how many of each. */
export function inWords(findings: readonly Finding[]): string {
  const ordered = STANDINGS.flatMap((standing) =>
    findings.filter((finding) => finding.standing === standing),
  );
  return [
    ...ordered.filter(isDrift).map(findingText),
    ...unreachableText(findings),
    summary(findings),
    ...hints(findings),
    "",
  ].join("\n");
}

function findingText(finding: Finding): string {
  const { standing, why, differences, up } = finding;
  const { sign, color } = SIGNS[standing];
  return [
    `${styled(color, sign)} ${styled("bold", finding.name)} (${called(finding)}): ${styled(color, standingText(finding))}`,
    ...(why === undefined ? [] : [`    ${why}`]),
    ...differences.flatMap(differenceText),
    up.refused === undefined ? `    up: ${up.meaning}` : `    up: ${styled("red", "refused")}: ${up.refused}`,
    "",
  ].join("\n");
}

function called({ kind, name, object }: Finding): string {
  return name === object ? KIND_WORDS[kind] : `${KIND_WORDS[kind]} "${object}"`;
}

function standingText({ standing, status }: Finding): string {
  if (standing === "ended") return `ended, status ${status}`;
  if (standing === "foreign")
    return "another request is active under its name, which this stack did not start";
  return SIGNS[standing].word;
}

function differenceText({ property, was, is, secret }: Difference): string[] {
  if (secret) return [`    ${property}: another value, which is secret`];
  if (typeof was === "string" && typeof is === "string" && `${was}${is}`.includes("\n"))
    return [`    ${property}:`, ...lineChanges(was, is).map((line) => `      ${line}`)];
  return [`    ${property}: ${valueText(was)} → ${valueText(is)}`];
}

function valueText(value: unknown): string {
  if (value === undefined) return "(none)";
  return cut(JSON.stringify(value));
}

/** One outage is one message, however many it hides. */
function unreachableText(findings: readonly Finding[]): string[] {
  const byReason = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.standing !== "unreachable") continue;
    const reason = finding.why ?? "";
    byReason.set(reason, [...(byReason.get(reason) ?? []), finding]);
  }
  return [...byReason].map(([reason, all]) => {
    const names = all.slice(0, MOST_NAMES).map(({ name }) => name);
    const more = all.length - names.length;
    const list = `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    return `${styled("magenta", "?")} ${styled("bold", list)}: ${styled("magenta", "unreachable")}\n    ${reason}\n`;
  });
}

const MOST_NAMES = 5;

function summary(findings: readonly Finding[]): string {
  const counts = STANDINGS.flatMap((standing) => {
    const count = findings.filter((finding) => finding.standing === standing).length;
    return count > 0 ? [`${count} ${SIGNS[standing].word}`] : [];
  });
  const asleep = findings.filter((finding) => finding.asleep).length;
  const sleepers = asleep > 0 ? ` (${asleep} asleep, which is no drift)` : "";
  if (findings.length === 0) return styled("green", "No Mags resources in this stack.");
  if (findings.every(({ standing }) => standing === "same"))
    return `${styled("green", "No drift.")} ${many(findings.length, "resource")} as recorded${sleepers}.`;
  return styled("bold", `${many(findings.length, "resource")}: ${counts.join(", ")}${sleepers}.`);
}

function hints(findings: readonly Finding[]): string[] {
  const read = findings.filter(({ standing }) => standing !== "unreachable").length;
  const gone = findings.filter(({ standing }) => standing === "gone").length;
  const imported = findings.filter(({ unrecorded }) => unrecorded !== undefined).length;
  return [
    ...(isMassGone(gone, read)
      ? [
          `So many are gone that this may be the wrong account: check mags:endpoint and the token. A refresh refuses to ` +
            `believe it, unless MAGS_ALLOW_MASS_GONE=true.`,
        ]
      : []),
    ...(imported > 0
      ? [`${many(imported, "resource")} imported: the next "pulumi up" records what is declared of them.`]
      : []),
    ...(findings.some(isDrift)
      ? [
          `"pulumi up --refresh" does what stands behind "up"; "pulumi refresh" records what is there instead.`,
        ]
      : []),
  ];
}
