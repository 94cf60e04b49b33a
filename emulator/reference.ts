import { COMMON_FACTS, FACTS } from "./facts";
import type { Fact } from "./facts";
import { FAULT_KINDS } from "./faults";
import { LABELS, ROUTES, routeName, routesTable } from "./routes";

/** The markers between which a document holds the generated reference. */
export const MARKERS = ["<!-- reference: generated -->", "<!-- reference end -->"] as const;

/** Routes, facts and faults as Markdown. */
export function referenceText(): string {
  const facts = (list: readonly Fact[]): string =>
    list.map((fact) => `- ${fact.text} (${fact.label})`).join("\n");
  return [
    "### Routes",
    "",
    routesTable(),
    "",
    "How sure each fact is:",
    "",
    ...Object.entries(LABELS).map(([label, text]) => `- **${label}**: ${text}`),
    "",
    "### What the emulator does",
    "",
    "On every route:",
    "",
    facts(COMMON_FACTS),
    ...ROUTES.flatMap((route) => ["", `\`${routeName(route)}\``, "", facts(FACTS[routeName(route)] ?? [])]),
    "",
    "### Faults",
    "",
    "| Kind | What happens |",
    "| --- | --- |",
    ...Object.entries(FAULT_KINDS).map(([kind, text]) => `| \`${kind}\` | ${text} |`),
  ].join("\n");
}

/** A document with the reference brought up to date. */
export function withReference(document: string): string {
  const [start, end] = MARKERS.map((marker) => document.indexOf(marker)) as [number, number];
  if (start < 0 || end < start) {
    throw new Error(`The document needs the lines ${MARKERS.join(" and ")}, in this order.`);
  }
  return `${document.slice(0, start + MARKERS[0].length)}\n\n${referenceText()}\n\n${document.slice(end)}`;
}
