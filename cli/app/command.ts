import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as errors from "../errors";

/** How an app program is run. */
export interface AppCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether `file` is a line for the shell. */
  readonly shell: boolean;
}

const PROGRAM = /\.[cm]?[jt]s$/;

/**
 * What `--app` means: the path of a program, which Node runs, TypeScript through ts-node where the project has it and
 * is set up for it; or else a line for the shell.
 */
export function appCommand(app: string, folder: string): AppCommand {
  const file = path.resolve(folder, app);
  const isThere = existsSync(file);
  // A path may have spaces in it; a line such as `node app.js` has, and is no file.
  if (!PROGRAM.test(app) || (/\s/.test(app) && !isThere)) return { file: app, args: [], shell: true };
  if (!isThere) throw errors.appMissing(app);
  const options = app.endsWith("ts") ? typeScriptOptions(file) : [];
  return { file: process.execPath, args: [...options, file], shell: false };
}

/** What Node needs to run TypeScript: ts-node's hook, which does not see ES modules, or one of our own. */
function typeScriptOptions(file: string): string[] {
  const register = !isModule(file) && above(file, "tsconfig.json") ? tsNode(file) : undefined;
  if (register) return ["--require", register];
  const own = pathToFileURL(path.join(__dirname, "typescript.js")).href;
  return [
    ...NODE_OPTIONS.filter((option) => process.allowedNodeEnvironmentFlags.has(flagOf(option))),
    "--import",
    own,
  ];
}

/** Enums and parameter properties, too; and no warnings about how Node has come to understand it. */
const NODE_OPTIONS = [
  "--experimental-transform-types",
  "--disable-warning=ExperimentalWarning",
  "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
];

function flagOf(option: string): string {
  return option.split("=")[0]!;
}

/** ts-node as the project has it. */
function tsNode(file: string): string | undefined {
  try {
    return createRequire(file).resolve("ts-node/register");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Whether Node loads the file as an ES module. */
function isModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  const description = above(file, "package.json");
  if (description === undefined) return false;
  return (JSON.parse(readFileSync(description, "utf8")) as { type?: string }).type === "module";
}

/** The nearest file of a name, in the folder of another file or one around it. */
function above(file: string, name: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, name);
    if (existsSync(candidate)) return candidate;
    if (folder === path.dirname(folder)) return undefined;
  }
}
