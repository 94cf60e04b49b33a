import { code, table } from "./markdown.mjs";
import { visible } from "./names.mjs";

/** @typedef {import("./source.mjs").KindSource} KindSource */
/** @typedef {import("./source.mjs").Field} Field */

/**
 * @param {KindSource} kind
 * @param {any} validation
 */
export function argumentTable(kind, validation) {
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
    changeOf(field),
    field.description,
  ];
}

/** @param {Field} field */
export function changeOf({ effect, onRemove }) {
  return onRemove && onRemove !== effect
    ? `${code(effect)}; ${code(onRemove)} when it goes away`
    : code(effect);
}

/**
 * @param {Field} field
 * @param {any} validation
 */
export function typeOf(field, validation) {
  const { type } = field;
  // Programs give paths; the constructor finds the files and the hash of what each holds.
  if (type.kind === "map" && type.keys === "file")
    return "a map: each value a path or, for a name that ends with `/`, a path, a pattern or `{ path, exclude }`";
  if (type.kind === "map") return `a map: each value ${validation.expected(type.of)}`;
  if (type.kind === "list") return `a list: each item ${validation.expected(type.of)}`;
  return validation.expected(type);
}

/** @param {KindSource} kind */
export function outputTable({ outputs }) {
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
