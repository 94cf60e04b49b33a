import { randomBytes } from "node:crypto";
import { Cron } from "croner";
import type { Timer } from "../clock";
import type { Cloud } from "../cloud";
import { internalContext } from "../cloud";
import { ApiError, invalid } from "../errors";
import type { CronJob, JobRequest } from "../model";
import { conflictOf } from "./create";
import type { Fleet } from "./fleet";

/** One field of an expression: numbers, names, lists, ranges and steps; no extensions. */
const FIELD =
  /^(?:\*|[0-9]+|[a-z]{3})(?:-(?:[0-9]+|[a-z]{3}))?(?:\/[0-9]+)?(?:,(?:\*|[0-9]+|[a-z]{3})(?:-(?:[0-9]+|[a-z]{3}))?(?:\/[0-9]+)?)*$/i;

/** Refuses what is not a five-field expression that fires some time. */
export function checkExpression(expression: string, now: number): string {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) {
    throw invalid("cron_expression must have five fields: minute, hour, day of month, month, day of week");
  }
  let next: number | undefined;
  try {
    next = nextFire(expression, now);
  } catch (error) {
    throw invalid(`cron_expression is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (next === undefined) throw invalid("cron_expression never fires");
  return expression;
}

/** The next instant after `now` at which an expression fires, in UTC (assumed). */
export function nextFire(expression: string, now: number): number | undefined {
  const cron = new Cron(expression, { timezone: "UTC", mode: "5-part" });
  return cron.nextRun(new Date(now))?.getTime();
}

/** How long after its time a job may still be fired, in milliseconds. */
const LATEST_MS = 60_000;

/** Fires cron jobs. Fires that fall into a time when the emulator is off are skipped (assumed). */
export class Scheduler {
  private readonly timers = new Map<string, Timer>();

  constructor(
    private readonly cloud: Cloud,
    private readonly fleet: Fleet,
  ) {}

  /** Plans the next fire by what the record says now. */
  plan(cron: CronJob): void {
    this.forget(cron.id);
    if (!cron.enabled) return;
    const { clock, log } = this.cloud;
    const now = clock.now();
    const next = nextFire(cron.cronExpression, now);
    if (next === undefined) {
      log(`cron job ${cron.id} never fires again`);
      return;
    }
    this.timers.set(
      cron.id,
      clock.after(next - now, () => {
        // Later than that it was missed: this machine was asleep.
        if (clock.now() - next < LATEST_MS) this.fire(cron, next);
        this.plan(cron);
      }),
    );
  }

  /** Plans every kept cron job. */
  recover(): void {
    for (const cron of this.cloud.state.allCrons()) this.plan(cron);
  }

  /** Drops the planned fire. */
  forget(id: string): void {
    this.timers.get(id)?.cancel();
    this.timers.delete(id);
  }

  private fire(cron: CronJob, at: number): void {
    const { state } = this.cloud;
    cron.lastRunAt = at;
    state.saveCron(cron);
    const slug = cron.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40)
      .replace(/^-|-$/g, "");
    const request: JobRequest = {
      script: cron.script,
      type: "inline",
      persistent: cron.persistent,
      noSleep: false,
      noSync: false,
      name: `${slug === "" ? "cron" : slug}-${randomBytes(4).toString("hex")}`,
      workspaceId: cron.workspaceId,
      environment: cron.environment,
      fileIds: [],
      diskGb: 2,
      rootfsType: "standard",
      cronId: cron.id,
    };
    // Never a second writer on one workspace: that fire is a failed job (assumed).
    const conflict = conflictOf(this.cloud, cron.account, request);
    if (conflict !== undefined) {
      this.fleet.recordFailure(cron.account, request, conflict);
      return;
    }
    try {
      this.fleet.create(internalContext(this.cloud, cron.account, "FIRE"), "v1", request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.fleet.recordFailure(cron.account, request, error.message);
    }
  }
}
