import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connectLocal, findListener, hostProcesses, processSpace, readProcess } from "./listeners";
import { FORWARDER_SCRIPT, HOLDER_SCRIPT, INIT_SCRIPT, MACHINE_SCRIPT, SETNS_NUMBER } from "./holder";
import {
  baseEnvironment,
  collect,
  exited,
  finished,
  killGroup,
  machinePath,
  readLines,
  start,
} from "./process";
import type { ExecResult, Machine, MachineSpec, Runtime, ScriptEnd } from "./runtime";
import { PortClosedError } from "./runtime";
import { firstLine, writeScript } from "./scripts";
import { mirror, overlay, walk } from "../workspaces/mirror";

/** Folder of the tools inside a VM. */
const TOOLS = "/.mags/bin";

/** How often a suspended VM is looked at until its processes are gone, every five milliseconds. */
const ROUNDS = 1_000;

/** How long the holder or a VM may take to come up. */
const UP_MS = 15_000;

/** What the namespaces runtime needs. */
export interface NamespacesOptions {
  /** Private folder for the socket and the root folder. */
  runFolder: string;
  /** Folder that no VM may look into. */
  hide: string;
  /** VMs share the host's network. */
  network: boolean;
}

/** VMs as user, mount, process, host-name and network namespaces under one holder. */
export class NamespacesRuntime implements Runtime {
  readonly mode = "namespaces";
  readonly notes: readonly string[];
  private readonly machines = new Set<NamespaceMachine>();

  private constructor(
    readonly options: NamespacesOptions,
    /** Where the tools are: a script's environment may name another PATH. */
    readonly tools: { unshare: string; nsenter: string },
    private readonly holder: ChildProcess,
    /** Pid of the holder on this machine. */
    readonly holderPid: number,
    private readonly socket: string,
    readonly root: string,
  ) {
    this.notes = options.network
      ? ["VMs share this machine's network: two VMs cannot listen on the same port."]
      : ["VMs have a loopback of their own and no other network; `--network` gives them this machine's."];
  }

  /** Starts the holder, or throws with the reason why this machine does not permit it. */
  static async open(options: NamespacesOptions): Promise<NamespacesRuntime> {
    if (process.platform !== "linux")
      throw new Error(`namespaces are a feature of Linux, not ${process.platform}`);
    const number = SETNS_NUMBER[process.arch];
    if (number === undefined) throw new Error(`no system call number is known for ${process.arch}`);
    const root = join(options.runFolder, "rootfs");
    // As files, so that a list of processes stays readable.
    const scripts = {
      holder: join(options.runFolder, "holder.sh"),
      forwarder: join(options.runFolder, "forwarder.pl"),
    };
    await fs.writeFile(scripts.holder, HOLDER_SCRIPT);
    await fs.writeFile(scripts.forwarder, FORWARDER_SCRIPT);
    await fs.writeFile(join(options.runFolder, "machine.sh"), MACHINE_SCRIPT);
    await fs.writeFile(join(options.runFolder, "init.sh"), INIT_SCRIPT);
    const socket = join(options.runFolder, "forward.sock");
    await fs.mkdir(root, { recursive: true });
    const tools = { unshare: await findTool("unshare"), nsenter: await findTool("nsenter") };
    await findTool("perl");
    const holder = await start(
      tools.unshare,
      [
        ...[
          "--user",
          "--map-root-user",
          "--mount",
          "--net",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc",
        ],
        ...[
          "/bin/sh",
          scripts.holder,
          root,
          socket,
          String(number),
          scripts.forwarder,
          tableText(root),
          process.execPath,
        ],
      ],
      { stdio: ["pipe", "pipe", "pipe"], env: { PATH: baseEnvironment("/").PATH } },
    );
    holder.stdin?.on("error", () => undefined); // The holder ended; its exit is reported by `firstLine`.
    try {
      await firstLine(holder, "ready", UP_MS);
      const pid = await onlyChild(holder.pid);
      return new NamespacesRuntime(options, tools, holder, pid, socket, root);
    } catch (error) {
      killGroup(holder.pid);
      throw error;
    }
  }

  async start(spec: MachineSpec): Promise<Machine> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) {
      throw new Error(
        "the process that holds the VMs' namespaces has ended, and all VMs with it: restart the emulator",
      );
    }
    for (const name of ["root", "uploads", "tmp"])
      await fs.mkdir(join(spec.folder, name), { recursive: true });
    await fs.chmod(join(spec.folder, "tmp"), 0o1777);
    const child = await start(
      this.tools.nsenter,
      [
        ...["--user", "--mount", "--pid", "--preserve-credentials", "--target", String(this.holderPid)],
        ...[this.tools.unshare, "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"],
        ...(this.options.network ? [] : ["--net"]),
        ...[
          "/bin/sh",
          join(this.options.runFolder, "machine.sh"),
          this.root,
          spec.folder,
          String(spec.diskGb),
        ],
        ...[this.options.hide, this.options.network ? "shared" : "own", this.options.runFolder],
        ...[tableText(this.root), tableText(spec.folder)],
      ],
      { stdio: ["ignore", "pipe", "pipe"], env: { PATH: baseEnvironment("/").PATH } },
    );
    try {
      await firstLine(child, "ready", UP_MS);
      const initPid = await onlyChild(await onlyChild(child.pid));
      const machine = new NamespaceMachine(spec, this, child, initPid, await innerPid(initPid));
      await machine.refill();
      this.machines.add(machine);
      void exited(child).then(() => this.machines.delete(machine));
      return machine;
    } catch (error) {
      killGroup(child.pid);
      throw error;
    }
  }

  /** Opens a connection to a port of a VM through the forwarder. */
  forward(pid: number, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.socket);
      let answer = Buffer.alloc(0);
      const fail = (error: Error): void => {
        socket.destroy();
        reject(error);
      };
      const onData = (chunk: Buffer): void => {
        answer = Buffer.concat([answer, chunk]);
        const end = answer.indexOf(10);
        if (end < 0) return;
        socket.off("data", onData);
        socket.pause();
        const text = answer.subarray(0, end).toString("utf8");
        if (text !== "OK") {
          fail(
            new PortClosedError(`nothing in the VM listens on port ${port} (${text.replace(/^NO /, "")})`),
          );
          return;
        }
        socket.off("error", fail);
        socket.off("close", onClose);
        const rest = answer.subarray(end + 1);
        if (rest.length > 0) socket.unshift(rest);
        resolve(socket);
      };
      const onClose = (): void =>
        fail(new PortClosedError(`the forwarder closed the connection to port ${port}`));
      socket.once("error", fail);
      socket.once("close", onClose);
      socket.on("data", onData);
      socket.write(`${pid} ${port}\n`);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.machines].map((machine) => machine.end()));
    const gone = exited(this.holder);
    this.holder.stdin?.end();
    killGroup(this.holder.pid);
    try {
      process.kill(this.holderPid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await gone;
  }
}

class NamespaceMachine implements Machine {
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

/** The one child of a process. */
async function onlyChild(pid: number | undefined): Promise<number> {
  const text = await fs.readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const child = Number(text.trim().split(" ")[0]);
  if (!Number.isInteger(child) || child <= 0) throw new Error(`process ${pid} has no child`);
  return child;
}

/** The pid that the holder's process namespace has for a process of this machine. */
async function innerPid(pid: number): Promise<number> {
  const status = await fs.readFile(`/proc/${pid}/status`, "utf8");
  const line = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  // Last is the VM's own count (1), before it the holder's.
  const inner = Number(line.at(-2));
  if (!Number.isInteger(inner) || inner <= 0) throw new Error("this kernel does not tell inner process ids");
  return inner;
}

/** The path of a program. */
async function findTool(name: string): Promise<string> {
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
function tableText(path: string): string {
  return path.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
