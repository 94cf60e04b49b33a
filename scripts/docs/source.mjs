// What the reference pages are made from: the tables as they are at run time, and the sources as TypeScript
// sees them.
import { createRequire } from "node:module";
import path from "node:path";

import { UserError } from "../lib/errors.mjs";
import { root } from "../lib/paths.mjs";
import { SourceTree } from "./source-tree.mjs";

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Field
 * @property {any} type
 * @property {string} [unit]
 * @property {boolean} [required]
 * @property {unknown} [default]
 * @property {boolean} [secret]
 * @property {string} effect
 * @property {string} [onRemove]
 * @property {boolean} [derived]
 * @property {boolean} [digest]
 * @property {string} description
 *
 * @typedef {object} KindSource
 * @property {string} name
 * @property {string} summary What the class says of itself.
 * @property {string} example
 * @property {string} id
 * @property {Record<string, Field>} fields
 * @property {Record<string, { field: string, type: string, effect: string, description: string }>} shorthands
 * @property {Record<string, { type: string, optional?: boolean, preview?: boolean, description: string }>} outputs
 * @property {Record<string, number>} timeouts In seconds.
 * @property {Set<string>} errors Names of the errors that it can give.
 */

/** Where each kind's class and lifecycle are. */
const KINDS = [
  { name: "Workspace", file: "workspace", variable: "workspace" },
  { name: "Job", file: "job", variable: "job" },
  { name: "UrlAlias", file: "url-alias", variable: "urlAlias" },
  { name: "CronJob", file: "cron-job", variable: "cronJob" },
];

/** Reads everything. The sources are loaded as they are, whether or not dist/ is up to date. */
export function readSources() {
  require("ts-node").register({ transpileOnly: true, cwd: root, skipProject: false });
  /** @param {string} file */
  const load = (file) => require(path.join(root, "provider", `${file}.ts`));
  const tree = new SourceTree();
  const { OUTPUTS, IDS } = load("schema/outputs");
  const { SHORTHANDS } = load("schema/shorthands");
  const roots = KINDS.flatMap(({ variable }) => [variable, `${variable}Schema`]);
  const kinds = KINDS.map(({ name, file, variable }) => {
    const kind = load(`lifecycle/${file}`)[variable];
    const { summary, example } = tree.comment(`resources/${file}.ts`, name);
    const own = [
      { file: `lifecycle/${file}.ts`, name: variable },
      { file: `resources/${file}.ts`, name },
    ];
    const source = /** @type {KindSource} */ ({
      name,
      summary,
      example,
      id: IDS[name],
      fields: kind.fields,
      shorthands: SHORTHANDS[name],
      outputs: OUTPUTS[name],
      timeouts: kind.timeouts,
      errors: tree.errorsReachedFrom(
        own,
        roots.filter((other) => other !== variable && other !== `${variable}Schema`),
      ),
    });
    assertAgrees(tree, file, source);
    return source;
  });
  const everywhere = tree.errorsReachedFrom([{ file: "host/handler.ts", name: "handlerOf" }], roots);
  return { kinds, errors: tree.errors(load("errors")), everywhere, validation: load("schema/validation") };
}

/**
 * The class, its arguments and its tables must say the same.
 * @param {SourceTree} tree
 * @param {string} file
 * @param {KindSource} kind
 */
function assertAgrees(tree, file, { name, fields, shorthands, outputs }) {
  const source = `resources/${file}.ts`;
  const inputs = Object.keys(fields).filter((field) => !fields[field].derived);
  assertSame(`${name}Args`, "field table and shorthands", tree.members(source, `${name}Args`), [
    ...inputs,
    ...Object.keys(shorthands),
  ]);
  const declared = [...tree.members(source, name), ...tree.members("resources/base.ts", "MagsResource")];
  assertSame(`class ${name}`, "output table", declared, Object.keys(outputs));
}

/**
 * @param {string} what
 * @param {string} table
 * @param {string[]} declared
 * @param {string[]} tabled
 */
function assertSame(what, table, declared, tabled) {
  const missing = tabled.filter((name) => !declared.includes(name));
  const extra = declared.filter((name) => !tabled.includes(name));
  if (missing.length + extra.length === 0) return;
  const parts = [
    missing.length > 0 && `${what} does not declare ${missing.join(", ")}`,
    extra.length > 0 && `its ${table} does not have ${extra.join(", ")}`,
  ];
  throw new UserError(`${parts.filter(Boolean).join("; ")}. Let both say the same.`);
}
