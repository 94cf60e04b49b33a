import type { Cloud } from "../cloud";
import { internalContext, writeLog } from "../cloud";
import { failedToWake } from "../errors";
import type { Job, JobStatus } from "../model";
import { isActive } from "../model";
import type { ScriptEnd } from "../runtime/runtime";
import { fetchScript } from "./fetch-script";
import { LiveJobs } from "./live";
import { Machines } from "./machines";
import type { Began } from "./machines";
import { Pool } from "./pool";

/** The longest pause between two replacements of a no_sleep VM that keeps failing. */
const LONGEST_BACKOFF_MS = 60_000;

/** The steps a job takes from status to status. Each runs alone for its job, in the job's turn. */
export class Transitions {
  readonly live: LiveJobs;
  readonly machines: Machines;
  readonly pool: Pool;

  constructor(private readonly cloud: Cloud) {
    this.live = new LiveJobs(cloud.clock, cloud.log);
    this.machines = new Machines(cloud, this.live, (job) => this.lost(job, "the VM ended"));
    this.pool = new Pool(cloud.settings.maxVms, (job) => this.live.schedule(job, 0, () => this.boot(job)));
  }

  /** Pending to running, or back to running after a loss. */
  async boot(job: Job): Promise<void> {
    if (job.status !== "pending" || job.stopping || this.live.closed) return;
    const live = this.live.of(job);
    if (!this.pool.request(job, live)) return;
    const { clock, settings } = this.cloud;
    try {
      if (live.fates.has("boot-fails")) throw new Error("VM failed to boot");
      const script = job.type === "url" ? await fetchScript(job.script, settings) : job.script;
      await this.machines.provision(job);
      const command = job.wakes > 0 || live.failures > 0 ? (job.startupCommand ?? script) : script;
      job.status = "running";
      job.startedAt ??= clock.now();
      job.upSince = clock.now();
      job.lastActiveAt = clock.now();
      writeLog(this.cloud, job, "info", "VM started");
      await this.machines.run(job, command, (end, began) => this.scriptEnded(job, end, began));
      this.cloud.state.saveJob(job);
    } catch (error) {
      writeLog(this.cloud, job, "error", error instanceof Error ? error.message : String(error));
      await this.finish(job, "error", { sync: false, reason: "boot failed" });
      return;
    }
    if (!live.fates.has("no-vm-id")) this.live.schedule(job, settings.vmIdMs, () => this.attach(job));
    this.watchIdle(job);
    this.watchSync(job);
  }

  /** The API begins to show the VM id. */
  private async attach(job: Job): Promise<void> {
    if (!isActive(job) || job.machineId === undefined) return;
    const { fates } = this.live.of(job);
    if (fates.has("vm-ends")) {
      await this.finish(job, "error", { sync: false, reason: "VM ended at once" });
      return;
    }
    job.vmId = job.machineId;
    this.cloud.state.saveJob(job);
    if (fates.has("phantom-vm")) {
      job.phantom = true;
      this.cloud.state.saveJob(job);
      await this.machines.discard(job);
    }
  }

  private async scriptEnded(job: Job, end: ScriptEnd, began: Began): Promise<void> {
    const live = this.live.of(job);
    if (job.status !== "running" || this.live.closed) return;
    const { clock, settings } = this.cloud;
    const now = clock.now();
    job.scriptDurationMs = Math.max(0, now - began.at);
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
      const early = now - began.at < settings.failFastMs && Date.now() - began.real < settings.failFastMs;
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
        await this.machines.sync(job);
        await this.lost(job, `script ended with exit code ${end.exitCode}`);
      }
      return;
    }
    job.exitCode = end.exitCode;
    if (end.exitCode === 0) await this.sleep(job);
    else await this.finish(job, "error", { sync: true, reason: "script failed" });
  }

  /** Running to sleeping: the disk is kept, the processes end. */
  async sleep(job: Job): Promise<void> {
    const live = this.live.of(job);
    live.suspending = true;
    live.stretch += 1;
    try {
      await this.machines.sync(job);
      await this.machines.suspend(job);
      await this.machines.preserve(job);
      this.accountUpTime(job);
      job.status = "sleeping";
      writeLog(this.cloud, job, "info", "VM is sleeping");
      this.cloud.state.saveJob(job);
    } finally {
      live.suspending = false;
    }
  }

  /** Sleeping to running, or to error. */
  async wake(job: Job, fails: boolean): Promise<void> {
    if (job.status !== "sleeping" || job.stopping) return;
    const { clock, settings } = this.cloud;
    const live = this.live.of(job);
    await clock.sleep(settings.wakeMs);
    if (fails || job.phantom) {
      writeLog(this.cloud, job, "error", "job failed to wake");
      await this.finish(job, "error", { sync: false, reason: "wake failed" });
      throw failedToWake();
    }
    job.wakes += 1;
    this.pool.occupy(live);
    if (live.machine === undefined) await this.machines.provision(job);
    job.status = "running";
    job.upSince = clock.now();
    job.lastActiveAt = clock.now();
    writeLog(this.cloud, job, "info", "VM woke up");
    if (job.startupCommand !== undefined && job.startupCommand !== "") {
      await this.machines.run(job, job.startupCommand, (end) => {
        if (end.exitCode !== 0) {
          writeLog(this.cloud, job, "error", `startup command ended with exit code ${end.exitCode}`);
        }
        return Promise.resolve();
      });
      this.machines.woken(job);
    }
    if (!live.fates.has("no-vm-id")) job.vmId = job.machineId;
    this.cloud.state.saveJob(job);
    this.watchIdle(job);
    this.watchSync(job);
  }

  /** The VM is gone. A no_sleep job gets another one, any other job has failed. */
  async lost(job: Job, reason: string): Promise<void> {
    if (!isActive(job) || this.live.closed) return;
    const live = this.live.of(job);
    const { settings } = this.cloud;
    writeLog(this.cloud, job, "error", reason);
    if (!job.noSleep) {
      await this.finish(job, "error", { sync: false, reason });
      return;
    }
    await this.machines.discard(job);
    this.accountUpTime(job);
    job.machineId = undefined;
    job.vmId = undefined;
    job.status = "pending";
    this.cloud.state.saveJob(job);
    const pause = Math.min(settings.reprovisionMs * 2 ** Math.min(live.failures, 10), LONGEST_BACKOFF_MS);
    live.failures += 1;
    this.live.schedule(job, Math.max(pause, settings.reprovisionMs), () => this.boot(job));
  }

  /** Ends a job for good. */
  async finish(job: Job, status: JobStatus, options: { sync: boolean; reason: string }): Promise<void> {
    if (!isActive(job)) return;
    this.live.cancelTimers(job);
    if (options.sync && !job.phantom) {
      try {
        await this.machines.sync(job);
      } catch (error) {
        this.live.report(job, error);
        writeLog(this.cloud, job, "error", "final sync failed: changes since the last sync are lost");
      }
    }
    await this.machines.discard(job);
    this.accountUpTime(job);
    job.status = status;
    job.stopping = false;
    job.endedAt = this.cloud.clock.now();
    writeLog(this.cloud, job, "info", `job ${status}: ${options.reason}`);
    this.cloud.state.saveJob(job);
    this.live.forget(job);
  }

  private watchIdle(job: Job): void {
    if (!job.persistent) return;
    const { clock } = this.cloud;
    const limit = this.idleLimit(job);
    const live = this.live.of(job);
    const { stretch } = live;
    const look = async (): Promise<void> => {
      if (live.stretch !== stretch || job.status !== "running" || job.stopping) return;
      if (live.users > 0) job.lastActiveAt = clock.now();
      const left = job.lastActiveAt + limit - clock.now();
      if (job.noSleep || job.phantom || job.environment.__MAGS_KEEP_ALIVE === "true") {
        this.live.schedule(job, limit, look);
      } else if (left > 0) {
        this.live.schedule(job, left, look);
      } else {
        await this.sleep(job);
      }
    };
    this.live.schedule(job, limit, look);
  }

  /** Idle time of a job: its own by the observed control key, else the option. */
  private idleLimit(job: Job): number {
    const minutes = Number(job.environment.__MAGS_IDLE_MIN);
    return Number.isFinite(minutes) && minutes > 0 ? minutes * 60_000 : this.cloud.settings.idleMs;
  }

  private watchSync(job: Job): void {
    const { syncMs } = this.cloud.settings;
    if (syncMs === 0 || job.workspaceId === undefined || job.noSync) return;
    const live = this.live.of(job);
    const { stretch } = live;
    const tick = async (): Promise<void> => {
      if (live.stretch !== stretch || job.status !== "running" || job.stopping || job.phantom) return;
      const fault = internalContext(this.cloud, job.account, "SYNC").fault("sync-fails");
      if (fault === undefined) await this.machines.sync(job);
      this.live.schedule(job, syncMs, tick);
    };
    this.live.schedule(job, syncMs, tick);
  }

  private accountUpTime(job: Job): void {
    this.pool.vacate(this.live.of(job));
    if (job.upSince === undefined) return;
    job.upMs += this.cloud.clock.now() - job.upSince;
    job.upSince = undefined;
  }
}
