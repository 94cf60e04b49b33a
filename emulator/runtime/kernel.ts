import * as fs from "node:fs/promises";
import { join } from "node:path";
import { machinePath } from "./process";

/** The one child of a process. */
export async function onlyChild(pid: number | undefined): Promise<number> {
  const text = await fs.readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const child = Number(text.trim().split(" ")[0]);
  if (!Number.isInteger(child) || child <= 0) throw new Error(`process ${pid} has no child`);
  return child;
}

/** The pid that the holder's process namespace has for a process of this machine. */
export async function innerPid(pid: number): Promise<number> {
  const status = await fs.readFile(`/proc/${pid}/status`, "utf8");
  const line = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  // Last is the VM's own count (1), before it the holder's.
  const inner = Number(line.at(-2));
  if (!Number.isInteger(inner) || inner <= 0) throw new Error("this kernel does not tell inner process ids");
  return inner;
}

/** The path of a program. */
export async function findTool(name: string): Promise<string> {
  for (const folder of machinePath().split(":")) {
    const path = join(folder, name);
    if (
      await fs.access(path, fs.constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(`the program ${name} is not installed`);
}

/** A path as a mount table writes it. */
export function tableText(path: string): string {
  return path.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
