import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import type { Duplex } from "node:stream";
import { PortClosedError } from "./runtime";

/** One process of this machine. */
export interface HostProcess {
  pid: number;
  parent: number;
  group: number;
  session: number;
  name: string;
}

/**
 * Every process this machine shows. Empty where there is no /proc. These files are made of memory: reading
 * some hundred of them at once takes a few milliseconds, by way of the thread pool ten times that.
 */
export function hostProcesses(): HostProcess[] {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const found: HostProcess[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while it is looked at.
    const text = readProcess(name, "stat");
    const match = /^(\d+) \((.*)\) (\S) (\d+) (\d+) (\d+)/s.exec(text);
    if (match === null || match[3] === "Z") continue;
    found.push({
      pid: Number(match[1]),
      name: match[2] ?? "",
      parent: Number(match[4]),
      group: Number(match[5]),
      session: Number(match[6]),
    });
  }
  return found;
}

/** A file of a process; empty if the process has ended or belongs to somebody else. */
export function readProcess(pid: number | string, file: "stat" | "environ" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // As said above: nothing to see is an answer.
  }
}

/** The process namespace of a process; undefined if it has ended or belongs to somebody else. */
export function processSpace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined; // As said above.
  }
}

/** Address of a listening socket on a port that one of the processes holds. */
export async function findListener(port: number, pids: ReadonlySet<number>): Promise<string | undefined> {
  const listening = await listeners(port);
  for (const pid of pids) {
    const descriptors = await fs.readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await fs.readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      const address = inode === undefined ? undefined : listening.get(inode);
      if (address !== undefined) return address;
    }
  }
  return undefined;
}

/** Listening sockets on a port: inode to the address to dial. */
export async function listeners(port: number): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [table, any, loopback] of [
    ["tcp", "127.0.0.1", "127.0.0.1"],
    ["tcp6", "::1", "::1"],
  ] as const) {
    const text = await fs.readFile(`/proc/self/net/${table}`, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      const [, local = "", , state] = columns;
      const [host = "", hex = ""] = local.split(":");
      if (state !== "0A" || parseInt(hex, 16) !== port) continue;
      found.set(columns[9] ?? "", /^0+$/.test(host) ? any : table === "tcp" ? dotted(host) : loopback);
    }
  }
  return found;
}

/** Opens a connection on this machine. */
export function connectLocal(host: string | undefined, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (host === undefined) {
      reject(new PortClosedError(`no process of the VM listens on port ${port}`));
      return;
    }
    const socket = net.connect({ host, port, noDelay: true });
    const fail = (error: Error): void =>
      reject(new PortClosedError(`nothing answers on port ${port} (${error.message})`));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** An address of /proc/net/tcp, little-endian hexadecimal, in dots. */
function dotted(hex: string): string {
  const bytes = hex.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
  return bytes.reverse().join(".");
}
