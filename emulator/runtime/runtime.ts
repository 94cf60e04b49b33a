import type { Duplex } from "node:stream";

/** How the scripts of this emulator run. */
export type RuntimeMode = "namespaces" | "ports" | "simulate";

/** What a VM is made of. */
export interface MachineSpec {
  /** Unique over the life of the emulator. */
  id: string;
  requestId: string;
  name: string;
  workspaceId?: string;
  /** Folder of the VM on this machine, holding `root`, `uploads` and `tmp`, and `data` once it was preserved. */
  folder: string;
  /** Size of the volume at /data, in GB. */
  diskGb: number;
  environment: Record<string, string>;
  /** One line that the script wrote. */
  onLine(stream: "stdout" | "stderr", line: string): void;
  /** The VM ended although nobody here ended it. */
  onLost(): void;
}

/** The end of a script. */
export interface ScriptEnd {
  exitCode: number;
}

/** The answer of an exec. */
export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A VM. */
export interface Machine {
  readonly id: string;
  /** Starts a script; resolves once it is started, `ended` when it ends. */
  run(script: string, persistent: boolean): Promise<{ ended: Promise<ScriptEnd> }>;
  /** Runs a command to its end, or to the time-out. */
  exec(command: string, timeoutMs: number, outputLimit: number): Promise<ExecResult>;
  /** Opens a connection to a port on which something of this VM listens. */
  connect(port: number): Promise<Duplex>;
  /** Ends every process of the VM and keeps the VM. */
  suspend(): Promise<void>;
  /** Writes what only memory holds to the VM's folder, from which a VM with the same folder takes it back. */
  preserve?(): Promise<void>;
  /** Ends the VM with everything in it. */
  end(): Promise<void>;
}

/** Makes VMs. */
export interface Runtime {
  readonly mode: RuntimeMode;
  /** What is lost in this mode compared with a real VM, for the start-up message. */
  readonly notes: readonly string[];
  start(spec: MachineSpec): Promise<Machine>;
  /** Ends every VM. */
  close(): Promise<void>;
}

/** Nothing in the VM listens on the port; the text goes to the caller. */
export class PortClosedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PortClosedError";
  }
}
