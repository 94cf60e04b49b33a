import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Calls } from "./calls";
import type { RecordedCall } from "./calls";
import { DrivenClock, RealClock } from "./clock";
import type { Cloud, Folders } from "./cloud";
import { ApiError, jobNotFound } from "./errors";
import { Faults } from "./faults";
import type { ActiveFault, FaultRule } from "./faults";
import { adminServer } from "./http/admin";
import type { Driven } from "./http/admin";
import { Api } from "./http/api";
import { Proxy } from "./http/proxy";
import { close, createServer, listen, track } from "./http/server";
import { SshGate } from "./http/ssh-gate";
import { Fleet } from "./lifecycle/fleet";
import { Scheduler } from "./lifecycle/scheduler";
import type { Job } from "./model";
import { isLoopback, resolveOptions } from "./options";
import type { EmulatorOptions, Settings } from "./options";
import { endLeftovers } from "./runtime/ports";
import { openRuntime } from "./runtime/open";
import { snapshot, pageState } from "./snapshot";
import type { EmulatorSnapshot } from "./snapshot";
import { State } from "./state";
import { MemoryStore, SqliteStore } from "./store";
import { isAlive, lockFolder } from "./lock";
import { WorkspaceStorage } from "./workspaces/storage";

/** A running emulator. */
export interface Emulator {
  /** Base URL of the API, for `MAGS_API_URL`. */
  readonly url: string;
  readonly port: number;
  /** Token of the first account, for `MAGS_API_TOKEN`. */
  readonly token: string;
  /** Tokens of all accounts. */
  readonly tokens: string[];
  readonly adminUrl: string;
  readonly adminToken: string;
  /** How scripts run. */
  readonly mode: "namespaces" | "ports" | "simulate";
  /** What differs from the cloud in this mode. */
  readonly notes: readonly string[];
  /** The last API calls, oldest first. */
  calls(): RecordedCall[];
  clearCalls(): void;
  /** Switches a fault on; returns its id. */
  inject(rule: FaultRule): string;
  faults(): ActiveFault[];
  /** Switches one fault off, or all. */
  clearFaults(id?: string): void;
  /** Complete state of the account of a token, or of all. */
  snapshot(token?: string): EmulatorSnapshot;
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): number;
    /** Lets time pass; only on a driven clock. */
    advance(ms: number): Promise<void>;
  };
  readonly control: {
    /** The host of the job's VM is lost. */
    endVm(requestId: string): Promise<void>;
    /** The VM is gone, but the job stays listed as it was. */
    vanishVm(requestId: string): Promise<void>;
    /** The synced data of a workspace is lost; the workspace stays listed. */
    deleteWorkspaceData(workspaceId: string, token?: string): Promise<void>;
    /** Synced files of a workspace: path to text. */
    files(workspaceId: string, token?: string): Promise<Record<string, string>>;
  };
  /** Ends every process, closes every port and removes temporary folders. */
  stop(): Promise<void>;
}

/** Starts an emulator of the Mags cloud. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options);
  const cleanups: (() => Promise<void> | void)[] = [];
  const cleanUp = async (): Promise<void> => {
    // In reverse, and all of them, also when one fails.
    const errors: unknown[] = [];
    for (const step of cleanups.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "The emulator did not stop cleanly.");
  };
  try {
    return await assemble(settings, cleanups, cleanUp);
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  cleanups: (() => Promise<void> | void)[],
  cleanUp: () => Promise<void>,
): Promise<Emulator> {
  const { log } = settings;
  const folders = await makeFolders(settings, cleanups);
  const onError = (error: unknown): void =>
    log(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const clock =
    settings.clock === "driven" ? new DrivenClock(onError, settings.startAt) : new RealClock(onError);
  const store = settings.data === undefined ? new MemoryStore() : new SqliteStore(folders.home);
  const state = new State(store, settings, settings.accounts, settings.tokens);
  cleanups.push(() => state.close());
  const runtime = await openRuntime(settings, folders, clock);
  cleanups.push(() => runtime.close());
  const faults = new Faults();
  for (const rule of settings.faults) faults.inject(rule);
  const storage = new WorkspaceStorage(join(folders.home, "workspaces"));
  const ssh = new SshGate();
  cleanups.push(() => ssh.close());
  const cloud: Cloud = { settings, clock, state, storage, runtime, faults, folders, ssh, port: 0, log };
  const fleet = new Fleet(cloud);
  cleanups.push(() => fleet.close());
  // Before the fleet ends: what sleeps by the clock would be waited for in vain.
  cleanups.push(() => clock.close());
  const scheduler = new Scheduler(cloud, fleet);
  const calls = new Calls(settings.maxCalls);

  await removeStrayVms(cloud);
  const api = new Api(cloud, fleet, scheduler, calls);
  const proxy = new Proxy(cloud, fleet);
  const server = createServer(api, proxy, () => pageState(cloud, calls.list(), fleet.pool()), log);
  const sockets = track(server);
  cloud.port = await listen(server, settings.port, settings.host);
  cleanups.push(() => close(server, sockets));
  if (!isLoopback(settings.host)) {
    log(`warning: listening on ${settings.host}: whoever reaches it and has a token runs commands as you`);
  }
  fleet.recover();
  scheduler.recover();

  const accountOf = (token: string | undefined): number | undefined => {
    if (token === undefined) return undefined;
    const account = state.accountOf(token);
    if (account === undefined) throw new RangeError("No account of this emulator has that token.");
    return account.index;
  };
  const findJob = (requestId: string): Job => {
    const job = state.job(requestId);
    if (job === undefined) throw jobNotFound(requestId);
    return job;
  };
  const adminToken = `mags_admin_${randomBytes(16).toString("hex")}`;
  const shownHost = isLoopback(settings.host) ? settings.host : "127.0.0.1";
  const driven: Driven = {
    url: `http://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${cloud.port}`,
    port: cloud.port,
    token: state.accounts[0]?.token ?? "",
    tokens: state.accounts.map((account) => account.token),
    adminToken,
    mode: runtime.mode,
    notes: runtime.notes,
    calls: () => structuredClone(calls.list()),
    clearCalls: () => calls.clear(),
    inject: (rule) => faults.inject(rule),
    faults: () => faults.list(),
    clearFaults: (id) => faults.clear(id),
    snapshot: (token) => snapshot(cloud, accountOf(token)),
    clock: {
      now: () => clock.now(),
      advance: (ms) => {
        if (!(clock instanceof DrivenClock)) {
          throw new ApiError(
            409,
            "The clock runs by itself: start the emulator with a driven clock to move it.",
          );
        }
        return clock.advance(ms);
      },
    },
    control: {
      endVm: (requestId) => fleet.lose(findJob(requestId)),
      vanishVm: (requestId) => fleet.vanish(findJob(requestId)),
      deleteWorkspaceData: (workspaceId, token) => storage.remove(accountOf(token) ?? 0, workspaceId),
      files: (workspaceId, token) => storage.read(accountOf(token) ?? 0, workspaceId),
    },
  };
  const admin = adminServer(driven, adminToken);
  const adminSockets = track(admin);
  const adminPort = await listen(admin, settings.adminPort, "127.0.0.1");
  cleanups.push(() => close(admin, adminSockets));
  let stopped: Promise<void> | undefined;
  return {
    ...driven,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    stop: () => (stopped ??= cleanUp()),
  };
}

async function makeFolders(settings: Settings, cleanups: (() => Promise<void> | void)[]): Promise<Folders> {
  await removeStrayRuns();
  // The socket in it needs a short path, so it never lies in the data folder.
  const run = await fs.realpath(await fs.mkdtemp(join(tmpdir(), RUN_PREFIX)));
  cleanups.push(() => fs.rm(run, { recursive: true, force: true, maxRetries: 5 }));
  await fs.writeFile(join(run, "pid"), String(process.pid));
  if (settings.data === undefined) return { home: run, run };
  let home: string;
  try {
    await makeFolder(resolve(settings.data));
    home = await fs.realpath(resolve(settings.data));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The data folder cannot be used: ${reason}. Choose a folder that can be written.`, {
      cause: error,
    });
  }
  cleanups.push(await lockFolder(home));
  return { home, run };
}

/** Makes a folder and those above it. Node.js by itself tries for ever where a folder takes no new ones, as /proc. */
async function makeFolder(path: string): Promise<void> {
  const stats = await fs.stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stats?.isDirectory()) return;
  if (stats !== undefined) throw new Error(`${path} is a file`);
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await fs.mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Begin of the name of every temporary folder. */
const RUN_PREFIX = "mags-emulator-";

/** Ends what emulators that were killed left behind, and removes their temporary folders. */
async function removeStrayRuns(): Promise<void> {
  for (const name of await fs.readdir(tmpdir())) {
    if (!name.startsWith(RUN_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    // Without a pid it is being made right now, or belongs to somebody else.
    const pid = Number(await fs.readFile(join(folder, "pid"), "utf8").catch(() => ""));
    if (pid <= 0 || isAlive(pid)) continue;
    endLeftovers(folder);
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Removes the folders of VMs that no active job holds. */
async function removeStrayVms(cloud: Cloud): Promise<void> {
  const folder = join(cloud.folders.home, "vms");
  const held = new Set([...cloud.state.allActive()].map((job) => job.machineId));
  await fs.mkdir(folder, { recursive: true });
  for (const name of await fs.readdir(folder)) {
    if (!held.has(name)) await fs.rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
