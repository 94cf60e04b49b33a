import * as fs from "node:fs/promises";
import { join } from "node:path";

/** Folders this process holds: its own pid in a lock cannot tell a live lock from one of an earlier process. */
const held = new Set<string>();

/**
 * Takes a data folder for this process, so that two emulators never write one state. A lock whose process is
 * gone is taken over. Returns what gives it back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock");
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await fs.writeFile(path, String(process.pid), { flag: "wx", mode: 0o600 });
      held.add(path);
      return async () => {
        held.delete(path);
        await fs.rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await fs.readFile(path, "utf8").catch(() => ""));
    if (Number.isInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)) {
      throw new Error(
        `The data folder ${folder} is in use by the process ${owner}. Stop that emulator, or give this one a folder of its own.`,
      );
    }
    if (owner === process.pid && held.has(path)) {
      throw new Error(`The data folder ${folder} is in use by another emulator of this process.`);
    }
    await fs.rm(path, { force: true });
  }
  throw new Error(`The data folder ${folder} could not be locked. Remove ${path} if no emulator uses it.`);
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
