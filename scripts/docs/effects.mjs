import { createRequire } from "node:module";

import { code, list, table } from "./markdown.mjs";
import { pageOf, visible } from "./names.mjs";

/** @typedef {import("./source.mjs").KindSource} KindSource */
/** @typedef {import("./source.mjs").Field} Field */

const require = createRequire(import.meta.url);

/**
 * What each effect means. Loaded late: it is TypeScript, which readSources makes loadable.
 * @returns {Record<string, string>}
 */
export function effects() {
  return require("../../provider/schema/effects.ts").EFFECT_MEANINGS;
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
        `**${effect}**: ${effects()[effect]}`,
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
export function effectsOf(kind) {
  const used = argumentsByEffect(kind);
  return Object.keys(effects()).filter((effect) => used.has(effect));
}

/** @param {string[]} names */
export function effectList(names) {
  return list(names.map((effect) => `${code(effect)}: ${effects()[effect]}.`));
}
