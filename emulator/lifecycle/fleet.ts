import type { Cloud, RequestContext } from "../cloud";
import { writeLog } from "../cloud";
import { ApiError, noVm, notRunning } from "../errors";
import type { ApiVersion, Job, JobRequest } from "../model";
import { isActive } from "../model";
import type { Machine } from "../runtime/runtime";
import { Conflicts, conflictOf, recordJob } from "./create";
import { FATES } from "./live";
import { Transitions } from "./transitions";

/** What requests, schedules and controls do with jobs. */
export class Fleet {
  readonly conflicts: Conflicts;
  private readonly steps: Transitions;
  private customWakes = 0;

  constructor(private readonly cloud: Cloud) {
    this.conflicts = new Conflicts(cloud);
    this.steps = new Transitions(cloud);
  }

  /** Accepts a job or throws a conflict. Nothing is awaited in between: of six that race, one wins. */
  create(context: RequestContext, version: ApiVersion, request: JobRequest): Job {
    const conflict = conflictOf(this.cloud, context.account, request);
    if (conflict !== undefined) throw this.conflicts.error(conflict, context);
    const job = recordJob(this.cloud, context.account, version, request);
    const live = this.steps.live.of(job);
    for (const kind of FATES) {
      if (context.fault(kind) !== undefined) live.fates.add(kind);
    }
    this.steps.live.schedule(job, this.cloud.settings.bootMs, () => this.steps.boot(job));
    return job;
  }

  /** A job that never ran, as a cron fire on a busy workspace leaves it. */
  recordFailure(account: number, request: JobRequest, reason: string): Job {
    const job = recordJob(this.cloud, account, "v1", { ...request, workspaceId: undefined });
    job.workspaceId = request.workspaceId;
    job.status = "error";
    job.endedAt = this.cloud.clock.now();
    writeLog(this.cloud, job, "error", reason);
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
      if (loseData)
        writeLog(this.cloud, job, "error", "final sync failed: changes since the last sync are lost");
      await this.steps.finish(job, settings.stoppedStatus, { sync: !loseData, reason: "stopped" });
    };
    const suspend = this.steps.live.enqueue(job, async () => {
      if (!loseData && job.status === "running") await this.steps.machines.sync(job);
      await this.steps.machines.suspend(job);
    });
    this.steps.live.background(job, suspend);
    this.steps.live.schedule(job, Math.max(0, notBefore - clock.now()), finish);
  }

  /** Writes the VM's home to its workspace. */
  async sync(context: RequestContext, job: Job): Promise<void> {
    if (context.fault("sync-fails") !== undefined) {
      throw new ApiError(500, "workspace sync failed");
    }
    if (!isActive(job)) throw notRunning();
    if (job.phantom) throw notRunning();
    if (job.vmId === undefined) throw noVm();
    await this.steps.live.enqueue(job, () => this.steps.machines.sync(job));
  }

  /** Wakes a sleeping VM; callers at the same time share one wake. */
  async wake(context: RequestContext, job: Job): Promise<void> {
    const live = this.steps.live.of(job);
    if (live.waking !== undefined) return live.waking;
    if (job.status !== "sleeping") return;
    const fails = context.fault("wake-fails") !== undefined || this.customSizeFails(job);
    live.waking = this.steps.live
      .enqueue(job, () => this.steps.wake(job, fails))
      .finally(() => {
        live.waking = undefined;
      });
    return live.waking;
  }

  /** The VM of a job, awake and in use until `release` is called. */
  async use(context: RequestContext, job: Job): Promise<{ machine: Machine; release: () => void }> {
    if (!isActive(job)) throw notRunning();
    const live = this.steps.live.of(job);
    if (live.suspending) await live.queue;
    if (job.status === "sleeping" && !job.stopping) await this.wake(context, job);
    if (job.status === "pending") throw noVm();
    if (job.phantom || job.stopping || job.status !== "running") throw notRunning();
    // Running alone is not enough (recorded).
    if (live.machine === undefined || job.vmId === undefined) throw noVm();
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
    await this.steps.live.enqueue(job, async () => {
      if (!isActive(job) || job.status === "pending") return;
      await this.steps.lost(job, "the host of the VM was lost");
    });
  }

  /** The VM is gone, but the job stays listed as it was. */
  async vanish(job: Job): Promise<void> {
    if (!isActive(job)) throw notRunning();
    await this.steps.live.enqueue(job, async () => {
      job.phantom = true;
      this.cloud.state.saveJob(job);
      await this.steps.machines.discard(job);
    });
  }

  /** Whether a VM was woken so recently that its startup command may not listen yet. */
  justWoken(machine: Machine): boolean {
    return this.steps.machines.justWoken(machine);
  }

  /** Numbers of the pool. */
  pool(): { busy: number; waiting: number } {
    return this.steps.pool.numbers();
  }

  /** Takes over the jobs of an earlier run: their VMs are gone. */
  recover(): void {
    for (const job of this.cloud.state.allJobs()) {
      if (!isActive(job)) continue;
      if (job.stopping) {
        this.steps.live.schedule(job, 0, () =>
          this.steps.finish(job, this.cloud.settings.stoppedStatus, { sync: false, reason: "stopped" }),
        );
      } else if (job.status === "pending") {
        this.steps.live.schedule(job, this.cloud.settings.bootMs, () => this.steps.boot(job));
      } else if (job.status === "running" && !job.phantom && job.persistent && !job.noSleep) {
        // Its disk is still there: as after a loss of power, it wakes when it is needed.
        job.upSince = undefined;
        job.status = "sleeping";
        writeLog(this.cloud, job, "info", "VM is sleeping: the emulator was restarted");
        this.cloud.state.saveJob(job);
      } else if (job.status === "running" && !job.phantom) {
        this.steps.live.schedule(job, 0, () => this.steps.lost(job, "the emulator was restarted"));
      }
    }
  }

  /** Ends every VM and waits for it; what runs is synced first. */
  async close(): Promise<void> {
    const { live, machines } = this.steps;
    const ends = live.close().map(async (id) => {
      const job = this.cloud.state.job(id);
      if (job === undefined) return;
      try {
        await live.enqueue(job, async () => {
          try {
            if (job.status === "running" && !job.phantom) {
              await machines.sync(job);
              await machines.suspend(job);
              await machines.preserve(job);
            }
          } finally {
            await live.of(job).machine?.end();
          }
        });
      } catch (error) {
        live.report(job, error);
      }
    });
    await Promise.all(ends);
  }

  private customSizeFails(job: Job): boolean {
    const { customSizeWake } = this.cloud.settings;
    if (job.version !== "v2" || (job.vcpus === undefined && job.memoryMb === undefined)) return false;
    if (customSizeWake === "alternate") return this.customWakes++ % 2 === 0;
    return customSizeWake === "fail";
  }
}
