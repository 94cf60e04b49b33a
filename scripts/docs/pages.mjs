import { componentPage, providerPage } from "./other-pages.mjs";
import { effects, effectList, effectsOf } from "./effects.mjs";
import { code, list, program, quoted, table } from "./markdown.mjs";
import { pageOf, visible } from "./names.mjs";
import { argumentTable, outputTable } from "./tables.mjs";

/** @typedef {import("./source.mjs").KindSource} KindSource */
/** @typedef {import("./source.mjs").Field} Field */
/** @typedef {import("./source-tree.mjs").ErrorText} ErrorText */

/**
 * All pages: file name to text.
 * @param {ReturnType<typeof import("./source.mjs").readSources>} sources
 * @returns {Record<string, string>}
 */
export function referencePages(sources) {
  /** @type {Record<string, string>} */
  const pages = { "README.md": indexPage(sources), "errors.md": errorsPage(sources) };
  for (const kind of sources.kinds) pages[pageOf(kind.name)] = kindPage(kind, sources);
  for (const component of sources.components)
    pages[pageOf(component.name)] = componentPage(component, sources);
  pages[pageOf(sources.provider.name)] = providerPage(sources.provider);
  return pages;
}

/** @param {ReturnType<typeof import("./source.mjs").readSources>} sources */
function indexPage({ kinds, components, provider }) {
  const row = (/** @type {{ name: string, summary: string, id: string }} */ { name, summary, id }) => [
    `[${name}](${pageOf(name)})`,
    firstSentence(summary),
    id,
  ];
  return `# Reference

Made from the tables in \`provider/\` by \`npm run docs\`; edit those, not these pages.

${table(
  ["Resource", "What it is", "Pulumi id"],
  [
    ...kinds,
    ...components.map((component) => ({
      ...component,
      id: `none: it is a component of a ${component.parts.join(" and a ")}`,
    })),
    { ...provider, id: "none" },
  ].map(row),
)}

[Errors](errors.md): every message, what it means and what to do.

## What a change does

${effectList(Object.keys(effects()))}
`;
}

/**
 * @param {KindSource} kind
 * @param {ReturnType<typeof import("./source.mjs").readSources>} sources
 */
function kindPage(kind, { errors, everywhere, kinds, validation }) {
  const shared = sharedErrors(kinds, everywhere);
  const own = errors.filter(({ name }) => kind.errors.has(name) && !shared.has(name));
  return `# ${kind.name}

${kind.summary}

${kind.example}

**Id:** ${kind.id}.

## Arguments

${argumentTable(kind, validation)}

${effectList(effectsOf(kind))}

## Outputs

${outputTable(kind)}

The outputs in the state also mirror the arguments${digestNote(kind)}.

## Time limits

${table(
  ["Operation", "Default"],
  Object.entries(kind.timeouts).map(([operation, seconds]) => [operation, `${seconds} seconds`]),
)}

The argument \`timeouts\` changes them.

${program(kind.program)}

## Errors

Arguments that the program's own values show to be wrong are refused before anything is called, all of them at
once. Beyond that, and beyond [what every kind can give](errors.md):

${list(own.map(({ message }) => quoted(message)))}
`;
}

/** @param {KindSource} kind */
function digestNote({ fields }) {
  const digested = visible(fields).filter(([, field]) => field.digest);
  return digested.map(([name]) => `; of ${code(name)}, only the SHA-256`).join("");
}

/** @param {ReturnType<typeof import("./source.mjs").readSources>} sources */
function errorsPage({ kinds, components, errors, everywhere }) {
  const shared = sharedErrors(kinds, everywhere);
  const who = (/** @type {string} */ name) =>
    shared.has(name)
      ? "every kind"
      : [...kinds, ...components]
          .filter((one) => one.errors.has(name))
          .map((one) => one.name)
          .join(", ");
  const sections = [...new Set(errors.map(({ section }) => section))];
  return `# Errors

Every message says what happened, why, and what to do next. ‹…› stands for a value. A failed run never means that
something was concluded about resources that it did not name.

${sections
  .map(
    (section) =>
      `## ${section}\n\n${table(
        ["Message", "Given by"],
        errors
          .filter((error) => error.section === section)
          .map(({ name, message }) => [quoted(message), who(name)]),
      )}`,
  )
  .join("\n\n")}
`;
}

/**
 * Errors that say nothing about one kind: those of the boundary to Pulumi, and those that all kinds give.
 * @param {KindSource[]} kinds
 * @param {Set<string>} everywhere
 */
function sharedErrors(kinds, everywhere) {
  const common = [...(kinds[0]?.errors ?? [])].filter((name) =>
    kinds.every(({ errors }) => errors.has(name)),
  );
  return new Set([...everywhere, ...common]);
}

/** @param {string} text */
function firstSentence(text) {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
