import * as fs from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "../cloud";
import { uploadPath, vmFolder, writeOutput } from "../cloud";
import { noVm } from "../errors";
import type { Job } from "../model";
import type { Machine, ScriptEnd } from "../runtime/runtime";
import type { Layers } from "../workspaces/storage";
import { newMachineId, newSubdomain } from "./create";
import type { LiveJobs } from "./live";

/** How long a request waits for the service of a VM that was just woken, in milliseconds. */
const WAKING_MS = 10_000;

/** When a script began, by the emulator's clock and in real time. */
export interface Began {
  at: number;
  real: number;
}

/** The VMs of the jobs: making them, running in them, syncing and ending them. */
export class Machines {
  /** When a startup command was last run in a VM, in real time. */
  private readonly wokenAt = new WeakMap<Machine, number>();

  constructor(
    private readonly cloud: Cloud,
    private readonly live: LiveJobs,
    /** Called, in the job's turn, when a VM ended although nobody here ended it. */
    private readonly onLost: (job: Job) => Promise<void>,
  ) {}

  /** Simulated VMs have no folder. */
  private get onDisk(): boolean {
    return this.cloud.runtime.mode !== "simulate";
  }

  /** Makes the job's VM, with its workspace and its files in place. */
  async provision(job: Job): Promise<void> {
    const { cloud } = this;
    const live = this.live.of(job);
    const kept = job.machineId !== undefined && job.wakes > 0;
    const machineId = kept && job.machineId !== undefined ? job.machineId : newMachineId();
    job.machineId = machineId;
    if (!kept) job.subdomain = newSubdomain();
    const folder = vmFolder(cloud, machineId);
    live.restored = {};
    if (kept && (await exists(folder))) {
      live.restored = await cloud.storage.rebase(layersOf(job));
    } else if (this.onDisk) {
      await fs.mkdir(join(folder, "uploads"), { recursive: true });
      live.restored = await cloud.storage.restore(join(folder, "root"), layersOf(job));
      for (const id of job.fileIds) {
        const file = cloud.state.file(job.account, id);
        if (file === undefined) throw new Error(`uploaded file ${id} is gone`);
        await fs.copyFile(uploadPath(cloud, id), join(folder, "uploads", file.fileName));
      }
    }
    live.machine = await cloud.runtime.start({
      id: machineId,
      requestId: job.requestId,
      name: job.name,
      workspaceId: job.workspaceId,
      folder,
      diskGb: job.diskGb,
      environment: job.environment,
      onLine: (stream, line) => writeOutput(cloud, job, stream, line),
      onLost: () => {
        const tell = this.live.enqueue(job, async () => {
          if (job.machineId === machineId && !job.stopping) await this.onLost(job);
        });
        this.live.background(job, tell);
      },
    });
  }

  /** Starts a script; `onEnd` is called in the job's turn, unless the VM went to sleep or ended before. */
  async run(job: Job, script: string, onEnd: (end: ScriptEnd, began: Began) => Promise<void>): Promise<void> {
    const live = this.live.of(job);
    const { machine, stretch } = live;
    if (machine === undefined) throw noVm();
    const began = { at: this.cloud.clock.now(), real: Date.now() };
    const { ended } = await machine.run(script, job.persistent);
    const tell = async (): Promise<void> => {
      const end = await ended;
      await this.live.enqueue(job, async () => {
        if (live.stretch === stretch && live.machine === machine) await onEnd(end, began);
      });
    };
    this.live.background(job, tell());
  }

  /** Notes that what a VM serves was started just now. */
  woken(job: Job): void {
    const { machine } = this.live.of(job);
    if (machine !== undefined) this.wokenAt.set(machine, Date.now());
  }

  /** Whether a VM was woken so recently that its startup command may not listen yet. */
  justWoken(machine: Machine): boolean {
    const at = this.wokenAt.get(machine);
    return at !== undefined && Date.now() - at < WAKING_MS;
  }

  /** Ends every process of a job's VM; the VM and its disk stay. */
  async suspend(job: Job): Promise<void> {
    await this.live.of(job).machine?.suspend();
  }

  /** Writes what only memory holds of a suspended VM to the data folder, if there is one. */
  async preserve(job: Job): Promise<void> {
    if (this.cloud.settings.data !== undefined) await this.live.of(job).machine?.preserve?.();
  }

  /** Ends the VM of a job and removes what was in it. */
  async discard(job: Job): Promise<void> {
    const live = this.live.of(job);
    const { machine } = live;
    live.machine = undefined;
    if (machine === undefined) return;
    live.stretch += 1;
    this.wokenAt.delete(machine);
    await machine.end();
    // Also because a clock that is driven does not wait for a disk.
    if (!this.onDisk) return;
    await fs.rm(vmFolder(this.cloud, machine.id), { recursive: true, force: true, maxRetries: 5 });
  }

  /** Writes the home of a job's VM to its workspace. */
  async sync(job: Job): Promise<void> {
    const live = this.live.of(job);
    if (live.machine === undefined || !this.onDisk) return;
    const layers = layersOf(job);
    await this.cloud.storage.sync(join(vmFolder(this.cloud, live.machine.id), "root"), layers, live.restored);
    const workspace =
      layers.workspaceId === undefined
        ? undefined
        : this.cloud.state.workspace(job.account, layers.workspaceId);
    if (workspace === undefined || layers.noSync) return;
    workspace.lastSyncedAt = this.cloud.clock.now();
    this.cloud.state.saveWorkspace(workspace);
  }
}

function layersOf(job: Job): Layers {
  return {
    account: job.account,
    workspaceId: job.workspaceId,
    baseWorkspaceId: job.baseWorkspaceId,
    noSync: job.noSync,
  };
}

function exists(path: string): Promise<boolean> {
  return fs.access(path).then(
    () => true,
    () => false,
  );
}
