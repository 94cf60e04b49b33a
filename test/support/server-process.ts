import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";

const START_MS = 60_000;
const STOP_MS = 30_000;

/** Starts the command, and sends it a signal when the pipe to us is closed: however we end, it ends too. */
const attached = (signal: string) =>
  `"$0" "$@" & server=$!; read -r nothing; kill -${signal} "$server"; wait "$server"`;

/** A server of somebody else's that tests need, for as long as they run. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** What it said when it was ready. */
    readonly ready: RegExpExecArray,
  ) {}

  /**
   * @param ready what it prints, on standard error, when it can be used
   * @param signal how it is asked to end. A shell has its background ignore INT, unless that handles it itself.
   */
  static async start(
    command: string,
    args: readonly string[],
    ready: RegExp,
    signal: "TERM" | "INT" = "TERM",
    options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> = {},
  ): Promise<ServerProcess> {
    const child = spawn("/bin/sh", ["-c", attached(signal), command, ...args], {
      ...options,
      stdio: ["pipe", "ignore", "pipe"],
    });
    let log = "";
    try {
      const found = await new Promise<RegExpExecArray>((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error(`${command} did not start: ${log}`)), START_MS);
        child.once("error", reject);
        child.stderr.on("data", (chunk: Buffer) => {
          log += chunk.toString();
          const match = ready.exec(log);
          if (!match) return;
          clearTimeout(limit);
          resolve(match);
        });
      });
      return new ServerProcess(child, found);
    } catch (error) {
      await ended(child);
      throw error;
    }
  }

  stop(): Promise<void> {
    return ended(this.child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  const limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.stdin?.end();
  await exited;
  clearTimeout(limit);
}
