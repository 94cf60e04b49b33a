import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connectLocal, findListener, hostProcesses, listeners, readProcess } from "./listeners";
import { baseEnvironment, collect, exited, finished, killGroup, readLines, start } from "./process";
import type { ExecResult, Machine, MachineSpec, Runtime, ScriptEnd } from "./runtime";
import { PortClosedError } from "./runtime";
import { writeScript } from "./scripts";

/** Marks every process of a VM in its environment, so that also what left its process group is found. */
export const MARK = "MAGS_EMULATOR_VM";

/**
 * Ends the noted process groups once its standard input ends, that is, also after a kill of the emulator.
 * Lines are `+ GROUP` and `- GROUP`.
 */
const WATCHDOG_SCRIPT = `
groups=" "
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) rest=" "; for other in $groups; do [ "$other" = "$group" ] || rest="$rest$other "; done; groups=$rest ;;
  esac
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
exit 0
`;

/** VMs as process groups with a folder each, where namespaces are not permitted. */
export class PortsRuntime implements Runtime {
  readonly mode = "ports";
  readonly notes = [
    "VMs are plain processes: `/root`, `/data` and `/uploads` are not theirs. Use $HOME and $MAGS_UPLOADS; there is no /data.",
    "VMs share this machine's network: use $PORT. A fixed port is served if its listener belongs to the VM.",
  ];
  private readonly machines = new Set<PortMachine>();

  private constructor(
    private readonly watchdog: ChildProcess,
    readonly home: string,
  ) {}

  /** Starts the watchdog. `home` is the emulator's folder: part of the mark of its processes. */
  static async open(home: string): Promise<PortsRuntime> {
    const watchdog = await start("/bin/sh", ["-c", WATCHDOG_SCRIPT], {
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: baseEnvironment("/").PATH },
    });
    watchdog.stdin?.on("error", () => undefined); // It ended; nothing else depends on it.
    return new PortsRuntime(watchdog, home);
  }

  async start(spec: MachineSpec): Promise<Machine> {
    for (const name of ["root", "uploads", "tmp"])
      await fs.mkdir(join(spec.folder, name), { recursive: true });
    const machine = new PortMachine(spec, this, await freePort());
    this.machines.add(machine);
    return machine;
  }

  watch(group: number | undefined): void {
    if (group !== undefined) this.watchdog.stdin?.write(`+ ${group}\n`);
  }

  unwatch(group: number | undefined): void {
    if (group !== undefined && this.watchdog.stdin?.writable) this.watchdog.stdin.write(`- ${group}\n`);
  }

  forget(machine: PortMachine): void {
    this.machines.delete(machine);
  }

  /** Whether another VM of this emulator owns the listener. */
  async ownerOf(port: number): Promise<string | undefined> {
    for (const machine of this.machines) {
      if ((await findListener(port, new Set(machine.processes()))) !== undefined) return machine.name;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all([...this.machines].map((machine) => machine.end()));
    const gone = exited(this.watchdog);
    this.watchdog.stdin?.end();
    await gone;
  }
}

class PortMachine implements Machine {
  readonly id: string;
  readonly name: string;
  private readonly groups = new Set<number>();
  private scripts = 0;

  constructor(
    private readonly spec: MachineSpec,
    private readonly runtime: PortsRuntime,
    private readonly port: number,
  ) {
    this.id = spec.id;
    this.name = spec.name;
  }

  async run(script: string): Promise<{ ended: Promise<ScriptEnd> }> {
    const command = await writeScript(join(this.spec.folder, "tmp"), `script-${++this.scripts}`, script);
    const child = await this.spawn(command);
    readLines(child.stdout, (line) => this.spec.onLine("stdout", line));
    readLines(child.stderr, (line) => this.spec.onLine("stderr", line));
    return { ended: finished(child).then((exitCode) => ({ exitCode })) };
  }

  async exec(command: string, timeoutMs: number, outputLimit: number): Promise<ExecResult> {
    return collect(await this.spawn(["/bin/sh", "-c", command]), timeoutMs, outputLimit);
  }

  async connect(port: number): Promise<Duplex> {
    const own = new Set(this.processes());
    const listener = await findListener(port, own);
    if (listener !== undefined) return connectLocal(listener, port);
    const assigned = await findListener(this.port, own);
    if (assigned !== undefined) return connectLocal(assigned, this.port);
    const owner = await this.runtime.ownerOf(port);
    if (owner !== undefined) {
      throw new PortClosedError(
        `port ${port} of this machine is taken by the VM ${owner}. In this isolation mode VMs share the ports: ` +
          "let the script listen on $PORT",
      );
    }
    const foreign = (await listeners(port)).size > 0;
    throw new PortClosedError(
      foreign
        ? `port ${port} of this machine belongs to another program. Let the script listen on $PORT`
        : `no process of the VM listens on port ${port} or on $PORT (${this.port})`,
    );
  }

  async suspend(): Promise<void> {
    // Bounded: what forks faster than this is ended group by group on the next round.
    for (let round = 0; round < 20; round++) {
      const pids = this.processes();
      if (pids.length === 0 && this.groups.size === 0) return;
      for (const group of this.groups) {
        killGroup(group);
        this.runtime.unwatch(group);
      }
      this.groups.clear();
      for (const pid of pids) kill(pid);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const left = this.processes();
    if (left.length > 0) throw new Error(`processes of VM ${this.id} do not end: ${left.join(", ")}`);
  }

  async end(): Promise<void> {
    await this.suspend();
    this.runtime.forget(this);
  }

  /** Pids of the VM: its process groups, and everything that carries its mark. */
  processes(): number[] {
    const found: number[] = [];
    for (const { pid, group } of hostProcesses()) {
      if (this.groups.has(group) || markOf(pid) === this.mark) found.push(pid);
    }
    return found;
  }

  private get mark(): string {
    return `${this.runtime.home}#${this.id}`;
  }

  private async spawn(command: readonly string[]): Promise<ChildProcess> {
    const [program = "/bin/sh", ...args] = command;
    const home = join(this.spec.folder, "root");
    const child = await start(program, args, {
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...baseEnvironment(home),
        TMPDIR: join(this.spec.folder, "tmp"),
        PORT: String(this.port),
        MAGS_UPLOADS: join(this.spec.folder, "uploads"),
        ...this.spec.environment,
        [MARK]: this.mark,
      },
    });
    const group = child.pid;
    if (group !== undefined) {
      this.groups.add(group);
      this.runtime.watch(group);
    }
    return child;
  }
}

/** Ends what an emulator with this folder left behind when it was killed; returns how many processes. */
export function endLeftovers(home: string): number {
  let ended = 0;
  for (const { pid } of hostProcesses()) {
    if (markOf(pid)?.startsWith(`${home}#`)) {
      kill(pid);
      ended += 1;
    }
  }
  return ended;
}

/** The VM a process belongs to by its environment; undefined for processes of other users. */
function markOf(pid: number): string | undefined {
  const entry = readProcess(pid, "environ")
    .split("\0")
    .find((line) => line.startsWith(`${MARK}=`));
  return entry?.slice(MARK.length + 1);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A port of this machine that nothing listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
