import { UserError } from "../lib/errors.mjs";
import { code, list, program, quoted, table } from "./markdown.mjs";
import { pageOf, visible } from "./names.mjs";
import { changeOf, outputTable, typeOf } from "./tables.mjs";

/** @typedef {import("./source.mjs").ComponentSource} ComponentSource */
/** @typedef {import("./source.mjs").KindSource} KindSource */

/**
 * A component has no fields of its own: its page says which part each argument goes to.
 * @param {ComponentSource} component
 * @param {ReturnType<typeof import("./source.mjs").readSources>} sources
 */
export function componentPage(component, { kinds, errors, validation }) {
  const parts = kinds.filter(({ name }) => component.parts.includes(name));
  const links = parts.map(({ name }) => `[${name}](${pageOf(name)})`).join(" and ");
  const own = errors.filter(({ name }) => component.errors.has(name));
  return `# ${component.name}

${component.summary}

${component.example}

**Id:** none: it is a component. Its parts are resources of their own, ${component.children.map(code).join(" and ")}.

## Arguments

${table(
  ["Argument", "Type", "Unit", "Default", "Goes to", "A change", "Description"],
  Object.entries(component.arguments).map(([name, goesTo]) =>
    argumentRow(name, goesTo, component, parts, validation),
  ),
)}

What a change does is as for ${links}; where the two differ, both are said.

## Outputs

${outputTable(component)}

${program(component.program)}

## Errors

Beyond those of ${links}:

${list(own.map(({ message }) => quoted(message)))}
`;
}

/**
 * @param {string} name
 * @param {string[]} goesTo
 * @param {ComponentSource} component
 * @param {KindSource[]} parts
 * @param {any} validation
 */
function argumentRow(name, goesTo, { words }, parts, validation) {
  const own = words[name];
  const [first, ...others] = parts
    .filter((part) => goesTo.includes(part.name))
    .map((part) => ({ part: part.name, ...described(part, name, validation) }));
  // What goes to no part says what parts there are.
  if (!first)
    return [code(name), "true or false", "", fallback(own?.default), "", "refused", own?.description ?? ""];
  const change = others.every((other) => other.change === first.change)
    ? first.change
    : [first, ...others].map((one) => `${one.part}: ${one.change}`).join("; ");
  return [
    code(name),
    first.type,
    first.unit,
    own && "default" in own ? fallback(own.default) : first.default,
    goesTo.join(", "),
    change,
    own?.description ?? first.description,
  ];
}

/**
 * An argument as its part has it: a field, or what stands for one.
 * @param {KindSource} part
 * @param {string} name
 * @param {any} validation
 */
function described(part, name, validation) {
  const field = Object.fromEntries(visible(part.fields))[name];
  if (field) {
    const { unit = "", description } = field;
    const type = typeOf(field, validation);
    return { type, unit, default: fallback(field.default), change: changeOf(field), description };
  }
  const shorthand = part.shorthands[name];
  if (!shorthand) throw new UserError(`A ${part.name} has no argument ${name}.`);
  const { type, effect, description } = shorthand;
  return { type, unit: "", default: "", change: code(effect), description };
}

/** @param {unknown} value */
function fallback(value) {
  return value === undefined ? "" : code(JSON.stringify(value));
}

/** @param {import("./source.mjs").ProviderSource} provider */
export function providerPage(provider) {
  return `# ${provider.name}

${provider.summary}

${provider.example}

## Arguments

${table(
  ["Argument", "Type", "Default", "Description"],
  provider.arguments.map(({ name, type, default: given, description }) => [
    code(name),
    type,
    given,
    description,
  ]),
)}

A change of one replaces nothing. What the state says of the account of each resource has to agree with \`account\`:
otherwise nothing is read, changed or deleted.

${program(provider.program)}
`;
}
