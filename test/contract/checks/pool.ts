import * as assert from "node:assert/strict";
import { area, ok, readyJob, reach, SANDBOX, submit } from "../support/check";
import type { Target } from "../support/target";

const { check, checks } = area("pool");
export const poolChecks = checks;

const DAY = 86_400_000;

async function usage(target: Target, query = ""): Promise<{ total_jobs: number; vm_seconds: number }> {
  const { body } = ok(await target.api.get(`/mags-jobs/usage${query}`), "usage");
  assert.ok(Number.isInteger(body.total_jobs) && body.total_jobs >= 0, "total_jobs is a count");
  assert.ok(typeof body.vm_seconds === "number" && body.vm_seconds >= 0, "vm_seconds is a number");
  return body as { total_jobs: number; vm_seconds: number };
}

check("usage counts jobs", async (target) => {
  const before = await usage(target);
  const id = await submit(target.api, { script: "true" });
  await reach(target, id, "completed");
  assert.ok((await usage(target, "?window_days=1")).total_jobs >= 1);
  assert.ok((await usage(target)).total_jobs >= before.total_jobs + 1);
});

check(
  "usage counts the seconds that VMs are up, not those they sleep",
  async (target) => {
    await readyJob(target, { ...SANDBOX, name: target.name("meter") });
    const start = await usage(target);
    await target.pass(300_000);
    assert.ok(Math.abs((await usage(target)).vm_seconds - start.vm_seconds - 300) <= 2, "five minutes up");
    await target.pass(900_000);
    const asleep = await usage(target);
    assert.ok(asleep.vm_seconds - start.vm_seconds <= 602, "asleep after ten minutes");
  },
  ["clock"],
);

check(
  "usage looks back 30 days, or as far as asked",
  async (target) => {
    const id = await submit(target.api, { script: "true" });
    await reach(target, id, "completed");
    const { total_jobs } = await usage(target);
    await target.pass(31 * DAY);
    assert.ok((await usage(target)).total_jobs < total_jobs, "forgotten after 30 days");
    assert.ok((await usage(target, "?window_days=60")).total_jobs >= total_jobs, "still within 60");
  },
  ["clock"],
);

check("the pool is told in five numbers that agree", async (target) => {
  await readyJob(target, { ...SANDBOX, name: target.name("pool") });
  const { body } = ok(await target.api.get("/mags-jobs/pool-status"), "pool status");
  const fields = ["idle_vms", "busy_vms", "total_vms", "min_pool_size", "max_pool_size"];
  for (const field of fields)
    assert.ok(Number.isInteger(body[field]) && body[field] >= 0, `${field} is a count`);
  assert.equal(body.total_vms, body.idle_vms + body.busy_vms);
  assert.ok(body.min_pool_size <= body.max_pool_size);
  assert.ok(body.busy_vms >= 1, "the VM that runs is counted");
});
