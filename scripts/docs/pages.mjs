import { createRequire } from "node:module";

import { code, list, table } from "./markdown.mjs";

/** @typedef {import("./source.mjs").KindSource} KindSource */
/** @typedef {import("./source.mjs").Field} Field */
/** @typedef {import("./source-tree.mjs").ErrorText} ErrorText */

const require = createRequire(import.meta.url);

/**
 * What each effect means. Loaded late: it is TypeScript, which readSources makes loadable.
 * @returns {Record<string, string>}
 */
function effects() {
  return require("../../provider/schema/effects.ts").EFFECT_MEANINGS;
}

/** @param {string} effect */
function meaning(effect) {
  return effects()[effect];
}

/**
 * All pages: file name to text.
 * @param {ReturnType<typeof import("./source.mjs").readSources>} sources
 * @returns {Record<string, string>}
 */
export function referencePages(sources) {
  const pages = { "README.md": indexPage(sources.kinds), "errors.md": errorsPage(sources) };
  for (const kind of sources.kinds) pages[pageOf(kind.name)] = kindPage(kind, sources);
  return pages;
}

/** @param {string} kind */
function pageOf(kind) {
  return `${kind.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}

/** @param {KindSource[]} kinds */
function indexPage(kinds) {
  return `# Reference

Made from the tables in \`provider/\` by \`npm run docs\`; edit those, not these pages.

${table(
  ["Resource", "What it is", "Pulumi id"],
  kinds.map(({ name, summary, id }) => [`[${name}](${pageOf(name)})`, firstSentence(summary), id]),
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

## Errors

Arguments that the program's own values show to be wrong are refused before anything is called, all of them at
once. Beyond that, and beyond [what every kind can give](errors.md):

${list(own.map(({ message }) => quoted(message)))}
`;
}

/**
 * @param {KindSource} kind
 * @param {any} validation
 */
function argumentTable(kind, validation) {
  const rows = [];
  for (const [name, field] of visible(kind.fields)) {
    const instead = Object.keys(kind.shorthands).filter((short) => kind.shorthands[short]?.field === name);
    rows.push(row(name, field, validation, instead));
    if (field.type.kind === "object") {
      for (const [inner, nested] of visible(field.type.fields)) {
        rows.push(row(`${name}.${inner}`, nested, validation, []));
      }
    }
    for (const [short, { field: target, type, effect, description }] of Object.entries(kind.shorthands)) {
      if (target === name) rows.push([code(short), type, "", "", "", code(effect), description]);
    }
  }
  return table(["Argument", "Type", "Unit", "Default", "Secret", "A change", "Description"], rows);
}

/**
 * @param {string} name
 * @param {Field} field
 * @param {any} validation
 * @param {string[]} instead Arguments that can stand for it.
 */
function row(name, field, validation, instead) {
  const change =
    field.onRemove && field.onRemove !== field.effect
      ? `${code(field.effect)}; ${code(field.onRemove)} when it goes away`
      : code(field.effect);
  return [
    field.required ? `**${code(name)}**` : code(name),
    typeOf(field, validation),
    field.unit ?? "",
    field.required
      ? ["required", ...instead.map(code)].join(", or ")
      : field.default === undefined
        ? ""
        : code(JSON.stringify(field.default)),
    field.secret ? "yes" : "",
    change,
    field.description,
  ];
}

/**
 * @param {Field} field
 * @param {any} validation
 */
function typeOf(field, validation) {
  const { type } = field;
  // Programs give a path; the constructor adds the hash of what the file holds.
  if (type.kind === "map" && type.keys === "file") return "a map: each value a path";
  if (type.kind === "map") return `a map: each value ${validation.expected(type.of)}`;
  if (type.kind === "list") return `a list: each item ${validation.expected(type.of)}`;
  return validation.expected(type);
}

/** @param {KindSource} kind */
function outputTable({ outputs }) {
  return table(
    ["Output", "Type", "Known at preview", "Description"],
    Object.entries(outputs).map(([name, { type, optional, preview, description }]) => [
      code(name),
      optional ? `${type}, may be absent` : type,
      preview ? "yes" : "",
      description,
    ]),
  );
}

/** @param {KindSource} kind */
function digestNote({ fields }) {
  const digested = visible(fields).filter(([, field]) => field.digest);
  return digested.map(([name]) => `; of ${code(name)}, only the SHA-256`).join("");
}

/** @param {ReturnType<typeof import("./source.mjs").readSources>} sources */
function errorsPage({ kinds, errors, everywhere }) {
  const shared = sharedErrors(kinds, everywhere);
  const who = (/** @type {string} */ name) =>
    shared.has(name)
      ? "every kind"
      : kinds
          .filter((kind) => kind.errors.has(name))
          .map((kind) => kind.name)
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

/**
 * The table of README.md: what an edit of which argument does.
 * @param {KindSource[]} kinds
 */
export function editsTable(kinds) {
  const rows = kinds.flatMap((kind) => {
    const byEffect = argumentsByEffect(kind);
    return Object.keys(effects())
      .filter((effect) => byEffect.has(effect))
      .map((effect, index) => [
        index === 0 ? `[${kind.name}](docs/reference/${pageOf(kind.name)})` : "",
        (byEffect.get(effect) ?? []).join(", "),
        `**${effect}**: ${meaning(effect)}`,
      ]);
  });
  return table(["Resource", "Edit of", "What happens"], rows);
}

/** @param {KindSource} kind */
function argumentsByEffect(kind) {
  /** @type {Map<string, string[]>} */
  const byEffect = new Map();
  const add = (/** @type {string} */ effect, /** @type {string} */ text) =>
    byEffect.set(effect, [...(byEffect.get(effect) ?? []), text]);
  const visit = (/** @type {string} */ name, /** @type {Field} */ field) => {
    const parts = field.type.kind === "object" ? visible(field.type.fields) : [];
    const varied = parts.some(([, part]) => part.effect !== field.effect || part.onRemove !== undefined);
    if (varied) for (const [inner, part] of parts) visit(`${name}.${inner}`, part);
    else add(field.effect, code(name));
    if (field.onRemove && field.onRemove !== field.effect) add(field.onRemove, `${code(name)} taken away`);
  };
  for (const [name, field] of visible(kind.fields)) visit(name, field);
  for (const [name, { effect }] of Object.entries(kind.shorthands)) add(effect, code(name));
  return byEffect;
}

/** @param {KindSource} kind */
function effectsOf(kind) {
  const used = argumentsByEffect(kind);
  return Object.keys(effects()).filter((effect) => used.has(effect));
}

/** @param {string[]} effects */
function effectList(effects) {
  return list(effects.map((effect) => `${code(effect)}: ${meaning(effect)}.`));
}

/** @param {Record<string, Field>} fields */
function visible(fields) {
  return Object.entries(fields).filter(([, field]) => !field.derived);
}

/** @param {string} text */
function quoted(text) {
  return text.replace(/([*<>[\]`\\])/g, "\\$1").replace(/\n/g, " ");
}

/** @param {string} text */
function firstSentence(text) {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
