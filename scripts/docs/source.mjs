// What the reference pages are made from: the tables as they are at run time, and the sources as TypeScript
// sees them.
import { existsSync, readFileSync } from "node:fs";
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
 * @property {Program} program
 *
 * @typedef {object} ComponentSource
 * @property {string} name
 * @property {string} summary
 * @property {string} example
 * @property {string[]} parts Names of the kinds that it is made of.
 * @property {string[]} children Members that are its parts.
 * @property {Record<string, string[]>} arguments The parts that each argument goes to.
 * @property {Record<string, { description: string, default?: unknown }>} words
 * @property {KindSource["outputs"]} outputs
 * @property {Set<string>} errors
 * @property {Program} program
 *
 * @typedef {object} ProviderSource
 * @property {string} name
 * @property {string} summary
 * @property {string} example
 * @property {{ name: string, type: string, description: string, default: string }[]} arguments
 * @property {Program} program
 *
 * @typedef {object} Program A project in examples/.
 * @property {string} folder
 * @property {string} code
 */

/** Where each kind's class and lifecycle are. */
const KINDS = [
  { name: "Workspace", file: "workspace", variable: "workspace" },
  { name: "Job", file: "job", variable: "job" },
  { name: "UrlAlias", file: "url-alias", variable: "urlAlias" },
  { name: "CronJob", file: "cron-job", variable: "cronJob" },
  { name: "Run", file: "run", variable: "run" },
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
      program: programIn(file),
      errors: tree.errorsReachedFrom(
        own,
        roots.filter((other) => other !== variable && other !== `${variable}Schema`),
      ),
    });
    assertAgrees(tree, file, source);
    return source;
  });
  const everywhere = tree.errorsReachedFrom([{ file: "host/handler.ts", name: "handlerOf" }], roots);
  return {
    kinds,
    components: [sandbox(tree, load, roots)],
    provider: providerSource(tree),
    errors: tree.errors(load("errors/index")),
    everywhere,
    validation: load("schema/validation"),
  };
}

/**
 * @param {SourceTree} tree
 * @param {(file: string) => any} load
 * @param {string[]} kinds Variables of the kinds, whose errors are theirs.
 * @returns {ComponentSource}
 */
function sandbox(tree, load, kinds) {
  const { SANDBOX_ARGUMENTS, SANDBOX_WORDS } = load("schema/sandbox");
  const { sandboxOutputs } = load("schema/outputs");
  const source = "resources/sandbox.ts";
  const children = ["workspace", "job"];
  assertSame(
    "SandboxArgs",
    "table of arguments",
    tree.allMembers(source, "SandboxArgs"),
    Object.keys(SANDBOX_ARGUMENTS),
  );
  assertSame("class Sandbox", "output table", tree.members(source, "Sandbox"), [
    ...children,
    ...Object.keys(sandboxOutputs),
  ]);
  return {
    name: "Sandbox",
    ...tree.comment(source, "Sandbox"),
    parts: ["Workspace", "Job"],
    children,
    arguments: SANDBOX_ARGUMENTS,
    words: SANDBOX_WORDS,
    outputs: sandboxOutputs,
    errors: tree.errorsReachedFrom([{ file: "schema/sandbox.ts", name: "sandboxParts" }], kinds),
    program: programIn("sandbox"),
  };
}

/**
 * @param {SourceTree} tree
 * @returns {ProviderSource}
 */
function providerSource(tree) {
  return {
    name: "Provider",
    ...tree.comment("resources/provider.ts", "Provider"),
    arguments: tree.memberComments("resources/provider.ts", "ProviderArgs"),
    program: programIn("second-account"),
  };
}

/**
 * @param {string} example
 * @returns {Program}
 */
function programIn(example) {
  const folder = path.join("examples", example);
  const file = path.join(root, folder, "index.ts");
  if (!existsSync(file)) throw new UserError(`There is no ${folder}/index.ts, which the reference shows.`);
  return { folder, code: readFileSync(file, "utf8") };
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
