import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as errors from "../errors";

/** How an app program is run. */
export interface AppCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether `file` is a line for the shell. */
  readonly shell: boolean;
}

const PROGRAM = /^\S+\.[cm]?[jt]s$/;

/**
 * What `--app` means: the path of a program, which Node runs, TypeScript through ts-node where the project has it and
 * is set up for it; or else a line for the shell.
 */
export function appCommand(app: string, folder: string): AppCommand {
  if (!PROGRAM.test(app)) return { file: app, args: [], shell: true };
  const file = path.resolve(folder, app);
  if (!existsSync(file)) throw errors.appMissing(app);
  // Node takes types away by itself, and ts-node's hook does not see ES modules.
  const register =
    app.endsWith("ts") && !isModule(file) && above(file, "tsconfig.json") ? tsNode(file) : undefined;
  return { file: process.execPath, args: [...(register ? ["--require", register] : []), file], shell: false };
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
