import type { Call, Reply } from "./call";
import { count } from "./fields";

/** VMs that a pool keeps ready (assumed). */
const MIN_POOL = 2;
/** A day in milliseconds. */
const DAY_MS = 86_400_000;

/** GET /mags-jobs/usage: jobs created within the window, and the seconds their VMs were up. */
export function usage(call: Call): Reply {
  const days = count(call.query, "window_days", 30, 3_650);
  const now = call.cloud.clock.now();
  const jobs = call.cloud.state.jobsOf(call.account).filter((job) => job.createdAt > now - days * DAY_MS);
  const milliseconds = jobs.reduce(
    (sum, job) => sum + job.upMs + (job.upSince === undefined ? 0 : now - job.upSince),
    0,
  );
  return {
    body: { total_jobs: jobs.length, vm_seconds: Math.round(milliseconds / 1000), window_days: days },
  };
}

/** GET /mags-jobs/pool-status: the pool is one for all accounts. */
export function poolStatus(call: Call): Reply {
  const { busy } = call.fleet.pool();
  const max = call.cloud.settings.maxVms;
  const idle = Math.max(0, Math.min(MIN_POOL, max - busy));
  return {
    body: {
      idle_vms: idle,
      busy_vms: busy,
      total_vms: idle + busy,
      min_pool_size: MIN_POOL,
      max_pool_size: max,
    },
  };
}
