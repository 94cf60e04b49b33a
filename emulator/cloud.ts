import { join } from "node:path";
import type { Clock } from "./clock";
import type { FaultKind, FaultTarget, Faults, ActiveFault } from "./faults";
import type { SshGate } from "./http/ssh-gate";
import type { Job, LogLine } from "./model";
import type { Settings } from "./options";
import type { Runtime } from "./runtime/runtime";
import type { State } from "./state";
import type { WorkspaceStorage } from "./workspaces/storage";

/** Folders of one emulator. */
export interface Folders {
  /** Kept state, or a temporary folder. */
  home: string;
  /** Socket and root folder of the VMs: always temporary. */
  run: string;
}

/** What every part of one emulator shares. There is nothing global: many emulators live in one process. */
export interface Cloud {
  settings: Settings;
  clock: Clock;
  state: State;
  storage: WorkspaceStorage;
  runtime: Runtime;
  faults: Faults;
  folders: Folders;
  ssh: SshGate;
  /** Port of the API, known once the server listens. */
  port: number;
  log: (line: string) => void;
}

/** Folder of a VM. */
export function vmFolder(cloud: Cloud, machineId: string): string {
  return join(cloud.folders.home, "vms", machineId);
}

/** Path of an uploaded file's bytes. */
export function uploadPath(cloud: Cloud, fileId: string): string {
  return join(cloud.folders.home, "uploads", fileId);
}

/** Adds what the cloud has to say to the log of a job. */
export function writeLog(cloud: Cloud, job: Job, level: LogLine["level"], message: string): void {
  cloud.state.log(job.requestId, { at: cloud.clock.now(), level, source: "cloud", message });
}

/** Adds a line that a script wrote to the log of its job. */
export function writeOutput(cloud: Cloud, job: Job, source: "stdout" | "stderr", message: string): void {
  const level = source === "stdout" ? "info" : "error";
  cloud.state.log(job.requestId, { at: cloud.clock.now(), level, source, message });
}

/** The URL of a subdomain in answers: over this emulator, or of the domain that was asked for. */
export function urlOf(cloud: Cloud, subdomain: string): string {
  const { domain } = cloud.settings;
  return domain === "localhost"
    ? `http://${subdomain}.localhost:${cloud.port}`
    : `https://${subdomain}.${domain}`;
}

/** A request as the lifecycle sees it: who asks, and which faults are meant for it. */
export interface RequestContext {
  account: number;
  /** The first fault of these kinds that applies to this request. */
  fault(...kinds: FaultKind[]): ActiveFault | undefined;
}

/** The context of something that no API request caused. */
export function internalContext(
  cloud: Cloud,
  account: number,
  route: "WAKE" | "SYNC" | "FIRE",
): RequestContext {
  const namedOnly = route !== "WAKE";
  const target: FaultTarget = { route, method: route, account, path: "", body: "", namedOnly };
  return { account, fault: (...kinds) => cloud.faults.take(kinds, target) };
}
