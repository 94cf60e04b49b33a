import * as fs from "node:fs/promises";
import { join } from "node:path";
import type { Cloud, RequestContext } from "../cloud";
import { internalContext, uploadPath, vmFolder } from "../cloud";
import type { Timer } from "../clock";
import { ApiError, failedToWake, noVm, notRunning } from "../errors";
import type { ApiVersion, Job, JobStatus, LogLine } from "../model";
import { isActive } from "../model";
import type { Machine, ScriptEnd } from "../runtime/runtime";
import type { Restored } from "../workspaces/storage";
import { Conflicts, conflictOf, newMachineId, newSubdomain, recordJob } from "./create";
import type { JobRequest } from "./create";
import { fetchScript } from "./fetch-script";

/** What a VM is doing beyond its record. */
interface Live {
  machine?: Machine;
  restored: Restored;
  /** Transitions of one job happen one after the other. */
  queue: Promise<void>;
  timers: Set<Timer>;
  /** Requests and streams that use the VM now. */
  users: number;
  waking?: Promise<void>;
  /** Its processes are being ended, although the status does not say so yet. */
  suspending: boolean;
  /** Which stretch of being awake this is: what ended with an earlier one says nothing about this one. */
  stretch: number;
  failures: number;
  fates: Set<"no-vm-id" | "phantom-vm" | "vm-ends" | "boot-fails">;
  queuedForPool: boolean;
  /** Counts as a busy VM of the pool. */
  occupies: boolean;
}

/** The longest pause between two replacements of a no_sleep VM that keeps failing. */
const LONGEST_BACKOFF_MS = 60_000;

/** How long a request waits for the service of a VM that was just woken, in milliseconds. */
const WAKING_MS = 10_000;

/** Takes jobs through their statuses and owns their VMs. */
export class Fleet {
  readonly conflicts: Conflicts;
  private readonly live = new Map<string, Live>();
  private readonly waiting: Job[] = [];
  /** When a startup command was last run in a VM, in real time. */
  private readonly wokenAt = new WeakMap<Machine, number>();
  private up = 0;
  private closing = false;
  private customWakes = 0;

  constructor(private readonly cloud: Cloud) {
    this.conflicts = new Conflicts(cloud);
  }

  /** Accepts a job or throws a conflict. Nothing is awaited in between: of six that race, one wins. */
  create(context: RequestContext, version: ApiVersion, request: JobRequest): Job {
    const conflict = conflictOf(this.cloud, context.account, request);
    if (conflict !== undefined) throw this.conflicts.error(conflict, context);
    const job = recordJob(this.cloud, context.account, version, request);
    const live = this.liveOf(job);
    for (const kind of ["no-vm-id", "phantom-vm", "vm-ends", "boot-fails"] as const) {
      if (context.fault(kind) !== undefined) live.fates.add(kind);
    }
    this.schedule(job, this.cloud.settings.bootMs, () => this.boot(job));
    return job;
  }

  /** A job that never ran, as a cron fire on a busy workspace leaves it. */
  recordFailure(account: number, request: JobRequest, reason: string): Job {
    const job = recordJob(this.cloud, account, "v1", { ...request, workspaceId: undefined });
    job.workspaceId = request.workspaceId;
    job.status = "error";
    job.endedAt = this.cloud.clock.now();
    this.write(job, "error", reason);
    this.cloud.state.saveJob(job);
    return job;
  }

  /** Accepts a stop: it happens later. */
  stop(context: RequestContext, job: Job): void {
    if (!isActive(job)) throw notRunning();
    if (job.stopping) return;
    job.stopping = true;
    this.cloud.state.saveJob(job);
    const loseData = context.fault("sync-fails") !== undefined;
    const { clock, settings } = this.cloud;
    const notBefore = clock.now() + settings.stopMs;
    const finish = async (): Promise<void> => {
      if (loseData) this.write(job, "error", "final sync failed: changes since the last sync are lost");
      await this.finish(job, settings.stoppedStatus, { sync: !loseData, reason: "stopped" });
    };
    this.background(
      this.enqueue(job, async () => {
        const live = this.liveOf(job);
        if (!loseData && job.status === "running") await this.syncNow(job);
        await live.machine?.suspend();
      }),
    );
    this.schedule(job, Math.max(0, notBefore - clock.now()), finish);
  }

  /** Writes the VM's home to its workspace. */
  async sync(context: RequestContext, job: Job): Promise<void> {
    if (context.fault("sync-fails") !== undefined) {
      throw new ApiError(500, "workspace sync failed");
    }
    if (!isActive(job)) throw notRunning();
    if (job.status === "pending") throw noVm();
    if (job.phantom) throw notRunning();
    await this.enqueue(job, () => this.syncNow(job));
  }

  /** Wakes a sleeping VM; callers at the same time share one wake. */
  async wake(context: RequestContext, job: Job): Promise<void> {
    const live = this.liveOf(job);
    if (live.waking !== undefined) return live.waking;
    if (job.status !== "sleeping") return;
    const fails = context.fault("wake-fails") !== undefined || this.customSizeFails(job);
    live.waking = this.enqueue(job, () => this.wakeNow(job, fails)).finally(() => {
      live.waking = undefined;
    });
    return live.waking;
  }

  /** The VM of a job, awake and in use until `release` is called. */
  async use(context: RequestContext, job: Job): Promise<{ machine: Machine; release: () => void }> {
    if (!isActive(job)) throw notRunning();
    const live = this.liveOf(job);
    if (live.suspending) await live.queue;
    if (job.status === "sleeping" && !job.stopping) await this.wake(context, job);
    if (job.status === "pending") throw noVm();
    if (job.phantom || job.stopping || job.status !== "running") throw notRunning();
    if (live.machine === undefined) throw noVm();
    job.lastActiveAt = this.cloud.clock.now();
    live.users += 1;
    let released = false;
    return {
      machine: live.machine,
      release: () => {
        if (released) return;
        released = true;
        live.users -= 1;
        job.lastActiveAt = this.cloud.clock.now();
      },
    };
  }

  /** The VM's host is lost: nothing is synced. */
  async lose(job: Job): Promise<void> {
    if (!isActive(job)) throw notRunning();
    await this.enqueue(job, async () => {
      if (!isActive(job) || job.status === "pending") return;
      await this.lost(job, "the host of the VM was lost");
    });
  }

  /** The VM is gone, but the job stays listed as it was. */
  async vanish(job: Job): Promise<void> {
    if (!isActive(job)) throw notRunning();
    await this.enqueue(job, async () => {
      job.phantom = true;
      this.cloud.state.saveJob(job);
      await this.discard(job);
    });
  }

  /** Whether a VM was woken so recently that its startup command may not listen yet. */
  justWoken(machine: Machine): boolean {
    const at = this.wokenAt.get(machine);
    return at !== undefined && Date.now() - at < WAKING_MS;
  }

  /** Numbers of the pool. */
  pool(): { busy: number; waiting: number } {
    return { busy: this.up, waiting: this.waiting.length };
  }

  /** Takes over the jobs of an earlier run: their VMs are gone. */
  recover(): void {
    for (const job of this.cloud.state.allJobs()) {
      if (!isActive(job)) continue;
      if (job.stopping) {
        this.schedule(job, 0, () =>
          this.finish(job, this.cloud.settings.stoppedStatus, { sync: false, reason: "stopped" }),
        );
      } else if (job.status === "pending") {
        this.schedule(job, this.cloud.settings.bootMs, () => this.boot(job));
      } else if (job.status === "running" && !job.phantom && job.persistent && !job.noSleep) {
        // Its disk is still there: as after a loss of power, it wakes when it is needed.
        this.accountUpTime(job);
        job.status = "sleeping";
        this.write(job, "plain", "VM is sleeping: the emulator was restarted");
        this.cloud.state.saveJob(job);
      } else if (job.status === "running" && !job.phantom) {
        this.schedule(job, 0, () => this.lost(job, "the emulator was restarted"));
      }
    }
  }

  /** Ends every VM and waits for it; what runs is synced first. */
  async close(): Promise<void> {
    this.closing = true;
    const ends: Promise<void>[] = [];
    for (const [id, live] of this.live) {
      for (const timer of live.timers) timer.cancel();
      const job = this.cloud.state.job(id);
      if (job === undefined) continue;
      ends.push(
        this.enqueue(job, async () => {
          if (job.status === "running" && !job.phantom) await this.syncNow(job);
          await live.machine?.end();
          live.machine = undefined;
        }).catch((error: unknown) => this.report(job, error)),
      );
    }
    await Promise.all(ends);
  }

  /** Adds a line to the log of a job. */
  write(job: Job, level: LogLine["level"], message: string): void {
    this.cloud.state.log(job.requestId, { at: this.cloud.clock.now(), level, message });
  }

  // Transitions; each runs alone for its job.

  private async boot(job: Job): Promise<void> {
    if (job.status !== "pending" || job.stopping || this.closing) return;
    const live = this.liveOf(job);
    if (this.up >= this.cloud.settings.maxVms) {
      if (!live.queuedForPool) this.waiting.push(job);
      live.queuedForPool = true;
      return;
    }
    live.queuedForPool = false;
    this.occupy(live);
    const { clock, settings } = this.cloud;
    try {
      if (live.fates.has("boot-fails")) throw new Error("VM failed to boot");
      const script = job.type === "url" ? await fetchScript(job.script, settings) : job.script;
      await this.provision(job);
      const command = job.wakes > 0 || live.failures > 0 ? (job.startupCommand ?? script) : script;
      job.status = "running";
      job.startedAt ??= clock.now();
      job.upSince = clock.now();
      job.lastActiveAt = clock.now();
      await this.runScript(job, command, true);
      this.cloud.state.saveJob(job);
      this.write(job, "plain", "VM started");
    } catch (error) {
      this.write(job, "error", error instanceof Error ? error.message : String(error));
      await this.finish(job, "error", { sync: false, reason: "boot failed" });
      return;
    }
    if (!live.fates.has("no-vm-id")) this.schedule(job, settings.vmIdMs, () => this.attach(job));
    this.watchIdle(job);
    this.watchSync(job);
  }

  /** The API begins to show the VM id. */
  private async attach(job: Job): Promise<void> {
    if (!isActive(job) || job.machineId === undefined) return;
    const { fates } = this.liveOf(job);
    if (fates.has("vm-ends")) {
      await this.finish(job, "error", { sync: false, reason: "VM ended at once" });
      return;
    }
    job.vmId = job.machineId;
    this.cloud.state.saveJob(job);
    if (fates.has("phantom-vm")) {
      job.phantom = true;
      this.cloud.state.saveJob(job);
      await this.discard(job);
    }
  }

  private async scriptEnded(
    job: Job,
    machine: Machine,
    end: ScriptEnd,
    startedAt: number,
    realStart: number,
  ): Promise<void> {
    const live = this.liveOf(job);
    if (live.machine !== machine || job.status !== "running" || this.closing) return;
    const { clock, settings } = this.cloud;
    const now = clock.now();
    job.scriptDurationMs = Math.max(0, now - startedAt);
    if (job.stopping) return;
    if (!live.fates.has("no-vm-id")) job.vmId = job.machineId;
    if (!job.persistent) {
      job.exitCode = end.exitCode;
      await this.finish(job, end.exitCode === 0 ? "completed" : "error", {
        sync: true,
        reason: "script ended",
      });
      return;
    }
    if (job.noSleep) {
      const early = now - startedAt < settings.failFastMs && Date.now() - realStart < settings.failFastMs;
      if (!early) live.failures = 0;
      if (end.exitCode === 0) {
        // The script is done; the VM never sleeps.
        job.exitCode = 0;
        live.failures = 0;
        this.cloud.state.saveJob(job);
      } else if (early && live.failures === 0) {
        job.exitCode = end.exitCode;
        await this.finish(job, "error", { sync: true, reason: "script failed" });
      } else {
        await this.syncNow(job);
        await this.lost(job, `script ended with exit code ${end.exitCode}`);
      }
      return;
    }
    job.exitCode = end.exitCode;
    if (end.exitCode === 0) await this.sleepNow(job);
    else await this.finish(job, "error", { sync: true, reason: "script failed" });
  }

  private async sleepNow(job: Job): Promise<void> {
    const live = this.liveOf(job);
    live.suspending = true;
    live.stretch += 1;
    try {
      await this.syncNow(job);
      await live.machine?.suspend();
      this.accountUpTime(job);
      job.status = "sleeping";
      this.write(job, "plain", "VM is sleeping");
      this.cloud.state.saveJob(job);
    } finally {
      live.suspending = false;
    }
  }

  private async wakeNow(job: Job, fails: boolean): Promise<void> {
    if (job.status !== "sleeping" || job.stopping) return;
    const { clock, settings } = this.cloud;
    const live = this.liveOf(job);
    await clock.sleep(settings.wakeMs);
    if (fails || job.phantom) {
      this.write(job, "error", "job failed to wake");
      await this.finish(job, "error", { sync: false, reason: "wake failed" });
      throw failedToWake();
    }
    job.wakes += 1;
    this.occupy(live);
    if (live.machine === undefined) await this.provision(job);
    job.status = "running";
    job.upSince = clock.now();
    job.lastActiveAt = clock.now();
    this.write(job, "plain", "VM woke up");
    if (job.startupCommand !== undefined && job.startupCommand !== "") {
      await this.runScript(job, job.startupCommand, false);
    }
    job.vmId = job.machineId;
    this.cloud.state.saveJob(job);
    this.watchIdle(job);
    this.watchSync(job);
  }

  /** The VM is gone. A no_sleep job gets another one, any other job has failed. */
  private async lost(job: Job, reason: string): Promise<void> {
    if (!isActive(job) || this.closing) return;
    const live = this.liveOf(job);
    const { settings } = this.cloud;
    this.write(job, "error", reason);
    if (!job.noSleep) {
      await this.finish(job, "error", { sync: false, reason });
      return;
    }
    await this.discard(job);
    this.accountUpTime(job);
    job.machineId = undefined;
    job.vmId = undefined;
    job.status = "pending";
    this.cloud.state.saveJob(job);
    const pause = Math.min(settings.reprovisionMs * 2 ** Math.min(live.failures, 10), LONGEST_BACKOFF_MS);
    live.failures += 1;
    this.schedule(job, Math.max(pause, settings.reprovisionMs), () => this.boot(job));
  }

  /** Ends a job for good. */
  private async finish(
    job: Job,
    status: JobStatus,
    options: { sync: boolean; reason: string },
  ): Promise<void> {
    if (!isActive(job)) return;
    const live = this.liveOf(job);
    for (const timer of live.timers) timer.cancel();
    live.timers.clear();
    if (options.sync && !job.phantom) {
      try {
        await this.syncNow(job);
      } catch (error) {
        this.report(job, error);
        this.write(job, "error", "final sync failed: changes since the last sync are lost");
      }
    }
    await this.discard(job);
    this.accountUpTime(job);
    job.status = status;
    job.stopping = false;
    job.endedAt = this.cloud.clock.now();
    this.write(job, "plain", `job ${status}: ${options.reason}`);
    this.cloud.state.saveJob(job);
    this.live.delete(job.requestId);
  }

  // VMs

  /** Makes the job's VM, with its workspace and its files in place. */
  private async provision(job: Job): Promise<void> {
    const { cloud } = this;
    const live = this.liveOf(job);
    const kept = job.machineId !== undefined && job.wakes > 0;
    const machineId = kept && job.machineId !== undefined ? job.machineId : newMachineId();
    job.machineId = machineId;
    job.subdomain ??= newSubdomain();
    const folder = vmFolder(cloud, machineId);
    live.restored = {};
    if (kept && (await exists(folder))) {
      live.restored = await cloud.storage.rebase(layersOf(job));
    } else if (cloud.runtime.mode !== "simulate") {
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
      onLine: (stream, line) => this.write(job, stream === "stdout" ? "info" : "error", line),
      onLost: () => {
        this.background(
          this.enqueue(job, async () => {
            if (job.machineId === machineId && !job.stopping) await this.lost(job, "the VM ended");
          }),
        );
      },
    });
  }

  private async runScript(job: Job, script: string, counts: boolean): Promise<void> {
    const live = this.liveOf(job);
    const { machine, stretch } = live;
    if (machine === undefined) throw noVm();
    const startedAt = this.cloud.clock.now();
    const realStart = Date.now();
    if (!counts) this.wokenAt.set(machine, realStart);
    const { ended } = await machine.run(script, job.persistent);
    this.background(
      ended.then((end) => {
        if (!counts) {
          if (end.exitCode !== 0 && live.stretch === stretch)
            this.write(job, "error", `startup command ended with exit code ${end.exitCode}`);
          return undefined;
        }
        return this.enqueue(job, async () => {
          if (live.stretch === stretch) await this.scriptEnded(job, machine, end, startedAt, realStart);
        });
      }),
    );
  }

  /** Ends the VM of a job and removes what was in it. */
  private async discard(job: Job): Promise<void> {
    const live = this.liveOf(job);
    const { machine } = live;
    live.machine = undefined;
    if (machine === undefined) return;
    live.stretch += 1;
    this.wokenAt.delete(machine);
    await machine.end();
    await fs.rm(vmFolder(this.cloud, machine.id), { recursive: true, force: true, maxRetries: 5 });
  }

  private async syncNow(job: Job): Promise<void> {
    const live = this.liveOf(job);
    if (live.machine === undefined || this.cloud.runtime.mode === "simulate") return;
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

  // Watches

  private watchIdle(job: Job): void {
    if (!job.persistent) return;
    const { clock } = this.cloud;
    const limit = this.idleLimit(job);
    const machineId = job.machineId;
    const look = async (): Promise<void> => {
      const live = this.live.get(job.requestId);
      if (live === undefined || job.machineId !== machineId || job.status !== "running" || job.stopping)
        return;
      if (live.users > 0) job.lastActiveAt = clock.now();
      const left = job.lastActiveAt + limit - clock.now();
      if (job.noSleep || job.phantom || job.environment.__MAGS_KEEP_ALIVE === "true") {
        this.schedule(job, limit, look);
      } else if (left > 0) {
        this.schedule(job, left, look);
      } else {
        await this.sleepNow(job);
      }
    };
    this.schedule(job, limit, look);
  }

  /** Idle time of a job: its own by the observed control key, else the option. */
  private idleLimit(job: Job): number {
    const minutes = Number(job.environment.__MAGS_IDLE_MIN);
    return Number.isFinite(minutes) && minutes > 0 ? minutes * 60_000 : this.cloud.settings.idleMs;
  }

  private watchSync(job: Job): void {
    const { syncMs } = this.cloud.settings;
    if (syncMs === 0 || job.workspaceId === undefined || job.noSync) return;
    const machineId = job.machineId;
    const tick = async (): Promise<void> => {
      if (job.machineId !== machineId || job.status !== "running" || job.stopping || job.phantom) return;
      const fault = internalContext(this.cloud, job.account, "SYNC").fault("sync-fails");
      if (fault === undefined) await this.syncNow(job);
      this.schedule(job, syncMs, tick);
    };
    this.schedule(job, syncMs, tick);
  }

  // Plumbing

  private customSizeFails(job: Job): boolean {
    const { customSizeWake } = this.cloud.settings;
    if (job.version !== "v2" || (job.vcpus === undefined && job.memoryMb === undefined)) return false;
    if (customSizeWake === "alternate") return this.customWakes++ % 2 === 0;
    return customSizeWake === "fail";
  }

  private accountUpTime(job: Job): void {
    this.vacate(this.liveOf(job));
    if (job.upSince === undefined) return;
    job.upMs += this.cloud.clock.now() - job.upSince;
    job.upSince = undefined;
  }

  private occupy(live: Live): void {
    if (!live.occupies) this.up += 1;
    live.occupies = true;
  }

  private vacate(live: Live): void {
    if (!live.occupies) return;
    live.occupies = false;
    this.up -= 1;
    this.admitWaiting();
  }

  private admitWaiting(): void {
    while (this.waiting.length > 0 && this.up < this.cloud.settings.maxVms) {
      const next = this.waiting.shift();
      if (next === undefined || next.status !== "pending") continue;
      this.schedule(next, 0, () => this.boot(next));
      return;
    }
  }

  private liveOf(job: Job): Live {
    const known = this.live.get(job.requestId);
    if (known !== undefined) return known;
    const live: Live = {
      restored: {},
      queue: Promise.resolve(),
      timers: new Set(),
      users: 0,
      suspending: false,
      stretch: 0,
      failures: 0,
      fates: new Set(),
      queuedForPool: false,
      occupies: false,
    };
    // What comes late for a job that has ended is not remembered.
    if (isActive(job)) this.live.set(job.requestId, live);
    return live;
  }

  private schedule(job: Job, ms: number, task: () => Promise<void>): void {
    if (this.closing) return;
    const { timers } = this.liveOf(job);
    const timer = this.cloud.clock.after(ms, async () => {
      timers.delete(timer);
      await this.enqueue(job, task).catch((error: unknown) => this.report(job, error));
    });
    timers.add(timer);
  }

  private enqueue(job: Job, task: () => Promise<void>): Promise<void> {
    const live = this.liveOf(job);
    const result = live.queue.then(task);
    live.queue = result.catch(() => undefined); // The caller has the error; the next one starts afresh.
    return result;
  }

  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.cloud.log(`error: ${String(error)}`));
  }

  private report(job: Job, error: unknown): void {
    this.cloud.log(
      `job ${job.requestId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

function layersOf(job: Job) {
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
