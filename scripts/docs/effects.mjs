import { UserError } from "../lib/errors.mjs";
import { code, list, table } from "./markdown.mjs";
import { pageOf, visible } from "./names.mjs";

/** @typedef {import("./source.mjs").KindSource} KindSource */
/** @typedef {import("./source.mjs").Field} Field */

/** What each effect means, for people. */
export const EFFECTS = {
  local: "nothing is changed in the cloud: only the state changes",
  patch: "changed through the API on the live object, without a restart",
  repoint: "the alias is deleted and created again under the same subdomain, and put back if that fails",
  restart:
    "the VM is synced, stopped and started again under the same name with all settings; the resource, its id, its workspace and its aliases stay",
  resize: "a restart that makes a new VM with a larger disk; sizes only grow",
  replace: "Pulumi deletes the object, then creates another",
};

/** @param {string} effect */
function meaning(effect) {
  if (!Object.hasOwn(EFFECTS, effect)) {
    throw new UserError(`The effect "${effect}" of a field has no words: add it to scripts/docs/pages.mjs.`);
  }
  return EFFECTS[/** @type {keyof typeof EFFECTS} */ (effect)];
}

/**
 * The table of README.md: what an edit of which argument does.
 * @param {KindSource[]} kinds
 */
export function editsTable(kinds) {
  const rows = kinds.flatMap((kind) => {
    const byEffect = argumentsByEffect(kind);
    return Object.keys(EFFECTS)
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
export function effectsOf(kind) {
  const used = argumentsByEffect(kind);
  return Object.keys(EFFECTS).filter((effect) => used.has(effect));
}

/** @param {string[]} effects */
export function effectList(effects) {
  return list(effects.map((effect) => `${code(effect)}: ${meaning(effect)}.`));
}
