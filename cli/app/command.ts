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

const PROGRAM = /\.[cm]?[jt]s$/;

/**
 * What `--app` means: the path of a program, which Node runs, TypeScript through ts-node if the project has it; or
 * else a line for the shell.
 */
export function appCommand(app: string, folder: string): AppCommand {
  const file = path.resolve(folder, app);
  const isProgram = PROGRAM.test(app) && !/\s/.test(app);
  if (!isProgram) return { file: app, args: [], shell: true };
  if (!existsSync(file)) throw errors.appMissing(app);
  const register = /ts$/.test(app) && !isModule(file) ? tsNode(file) : undefined;
  return { file: process.execPath, args: [...(register ? ["--require", register] : []), file], shell: false };
}

/** ts-node as the project has it. Without it, Node itself takes the types away. */
function tsNode(file: string): string | undefined {
  try {
    return createRequire(file).resolve("ts-node/register");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Whether Node loads the file as an ES module, which ts-node's hook does not see. */
function isModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, "package.json");
    if (existsSync(description)) {
      return (JSON.parse(readFileSync(description, "utf8")) as { type?: string }).type === "module";
    }
    if (folder === path.dirname(folder)) return false;
  }
}
