import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { FORWARDER_SCRIPT, HOLDER_SCRIPT, INIT_SCRIPT, MACHINE_SCRIPT, SETNS_NUMBER } from "./holder";
import { findTool, innerPid, onlyChild, tableText } from "./kernel";
import { NamespaceMachine } from "./namespace-machine";
import { baseEnvironment, exited, killGroup, start } from "./process";
import type { Machine, MachineSpec, Runtime } from "./runtime";
import { PortClosedError } from "./runtime";
import { firstLine } from "./scripts";

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
