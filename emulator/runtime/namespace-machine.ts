import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { mirror, overlay, walk } from "../workspaces/mirror";
import { connectLocal, findListener, hostProcesses, processSpace, readProcess } from "./listeners";
import type { NamespacesRuntime } from "./namespaces";
import { baseEnvironment, collect, exited, finished, readLines, start } from "./process";
import type { ExecResult, Machine, MachineSpec, ScriptEnd } from "./runtime";
import { writeScript } from "./scripts";

/** Folder of the tools inside a VM. */
const TOOLS = "/.mags/bin";

/** How often a suspended VM is looked at until its processes are gone, every five milliseconds. */
const ROUNDS = 1_000;

/** One VM: a set of namespaces below those of the holder. */
export class NamespaceMachine implements Machine {
  readonly id: string;
  private ending = false;
  private scripts = 0;

  constructor(
    private readonly spec: MachineSpec,
    private readonly runtime: NamespacesRuntime,
    private readonly child: ChildProcess,
    /** Pid of the VM's first process on this machine. */
    private readonly initPid: number,
    /** The same, as the holder counts. */
    private readonly holderPid: number,
  ) {
    this.id = spec.id;
    void exited(child).then(() => {
      if (!this.ending) spec.onLost();
    });
  }

  async run(script: string): Promise<{ ended: Promise<ScriptEnd> }> {
    const name = `script-${++this.scripts}`;
    const inside = `/tmp/.mags/${name}`;
    const command = await writeScript(join(this.spec.folder, "tmp", ".mags"), name, script, inside);
    const child = await this.enter(command);
    readLines(child.stdout, (line) => this.spec.onLine("stdout", line));
    readLines(child.stderr, (line) => this.spec.onLine("stderr", line));
    return { ended: finished(child).then((exitCode) => ({ exitCode })) };
  }

  async exec(command: string, timeoutMs: number, outputLimit: number): Promise<ExecResult> {
    return collect(await this.enter(["/bin/sh", "-c", command]), timeoutMs, outputLimit);
  }

  async connect(port: number): Promise<Duplex> {
    if (!this.runtime.options.network) return this.runtime.forward(this.holderPid, port);
    const found = await findListener(port, new Set(this.processes()));
    return connectLocal(found, port);
  }

  async suspend(): Promise<void> {
    // All but the first process and the killer itself.
    await exited(await this.enter(["/bin/sh", "-c", "kill -9 -1"]));
    // A killed process holds its port until it is really gone; whoever connects in between is cut off.
    for (let round = 0; round < ROUNDS; round++) {
      if (this.processes().length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`processes of VM ${this.id} do not end: ${this.processes().join(", ")}`);
  }

  async preserve(): Promise<void> {
    const tree = await walk(this.volume);
    await mirror(this.volume, this.kept, tree);
  }

  /** Takes back what was preserved of /data. */
  async refill(): Promise<void> {
    await overlay(this.kept, this.volume, await walk(this.kept), new Map());
  }

  /** The volume as this machine sees it. */
  private get volume(): string {
    return `/proc/${this.initPid}/root/data`;
  }

  private get kept(): string {
    return join(this.spec.folder, "data");
  }

  async end(): Promise<void> {
    this.ending = true;
    const gone = exited(this.child);
    try {
      // The kernel ends everything in a process namespace with its first process.
      process.kill(this.initPid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await gone;
  }

  /** Pids on this machine of what runs in the VM, without its first process and the `sleep` it waits on. */
  private processes(): number[] {
    const own = processSpace(this.initPid);
    if (own === undefined) return []; // The VM has ended.
    const inside: number[] = [];
    for (const { pid, name } of hostProcesses()) {
      if (pid === this.initPid || processSpace(pid) !== own) continue;
      if (name === "sleep" && readProcess(pid, "cmdline") === "sleep\u00003600\u0000") continue;
      inside.push(pid);
    }
    return inside;
  }

  /** Starts a program inside the VM. */
  private enter(command: readonly string[]): Promise<ChildProcess> {
    return start(
      this.runtime.tools.nsenter,
      [
        ...["--user", "--mount", "--uts", "--ipc", "--pid", "--preserve-credentials"],
        ...(this.runtime.options.network ? [] : ["--net"]),
        ...["--root", "--wd", "--target", String(this.initPid)],
        ...["/bin/sh", "-c", 'cd /root; unset OLDPWD; exec "$@"', "sh", ...command],
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...baseEnvironment("/root", TOOLS), ...this.spec.environment },
      },
    );
  }
}
