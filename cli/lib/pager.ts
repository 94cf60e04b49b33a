import { spawn } from "node:child_process";
import { print } from "./output";

/**
 * Prints a result that may be long. On a terminal that is too short for it, it goes through `PAGER`, or `less`
 * where there is one; else it is printed as it is.
 */
export async function printLong(text: string): Promise<void> {
  const lines = text.split("\n").length;
  const { isTTY, rows = Infinity } = process.stdout;
  const pager = process.env.PAGER ?? "less";
  if (!isTTY || !process.stdin.isTTY || lines < rows || pager === "" || pager === "cat") return print(text);
  if (!(await paged(pager, text))) print(text);
}

/** @returns whether there was a pager */
async function paged(pager: string, text: string): Promise<boolean> {
  const child = spawn(pager, {
    shell: true,
    stdio: ["pipe", "inherit", "inherit"],
    // As git does: colours are kept, and long lines are not folded.
    env: { ...process.env, LESS: process.env.LESS ?? "RSX" },
  });
  // It ends when it is told to; Ctrl-C is for what it does meanwhile.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  child.stdin.on("error", ignore);
  child.stdin.end(text);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(NOT_FOUND));
    child.once("close", resolve);
  });
  process.removeListener("SIGINT", ignore);
  return code !== NOT_FOUND;
}

/** What a shell ends with where there is no such command. */
const NOT_FOUND = 127;
