import { readFileSync, readdirSync } from "node:fs";

/** Pids of the provider hosts that a run of the CLI has started, directly or through its plugin script. */
export function providerHostsOf(cli: number): number[] {
  return processesBelow(cli, "dynamic-provider");
}

/** Pids of what a process has started, directly or not, that have this text in their command line. */
export function processesBelow(pid: number, text: string): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(entry);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid).filter((child) => commandOf(child).includes(text));
}

/** Whether a process is at work: one that has ended and waits to be noticed has no command line. */
export function isAtWork(pid: number): boolean {
  return commandOf(pid) !== "";
}

function parentOf(pid: string): number | undefined {
  try {
    // The name in parentheses may hold anything; the fields after it do not.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // it has ended in between
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended in between
  }
}
