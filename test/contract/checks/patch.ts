import * as assert from "node:assert/strict";
import {
  area,
  asleep,
  exec,
  job,
  logsOf,
  ok,
  ready,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
  submit,
} from "../support/check";
import type { Target } from "../support/target";

const { check, checks } = area("patch");
export const patchChecks = checks;

const MINUTE = 60_000;

/** Wakes a job and waits for a line of its startup command. */
async function wakesWith(target: Target, id: string, line: string): Promise<void> {
  await exec(target, id, "true");
  await target.until(`the log holds ${line}`, async () => (await logsOf(target.api, id)).includes(line));
}

check(
  "a changed startup command applies at the next wake; the sleeping VM is not woken by it",
  async (target) => {
    const id = await asleep(target, { startup_command: "echo old" });
    ok(await target.api.patch(job(id), { startup_command: "echo new" }), "PATCH");
    assert.equal((await statusOf(target.api, id)).status, "sleeping");
    await wakesWith(target, id, "new");
    assert.ok(!(await logsOf(target.api, id)).includes("old"));
  },
);

check("an empty startup command clears it", async (target) => {
  const id = await asleep(target, { startup_command: "echo old" });
  ok(await target.api.patch(job(id), { startup_command: "" }), "PATCH");
  await exec(target, id, "true");
  await target.pass(200);
  assert.ok(!(await logsOf(target.api, id)).includes("old"), "the old command ran");
});

check("a key that is not sent is not changed", async (target) => {
  const id = await asleep(target, { startup_command: "echo stays" });
  ok(await target.api.patch(job(id), { no_sleep: false }), "PATCH");
  await wakesWith(target, id, "stays");
});

check(
  "no_sleep can be switched on and off",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("switch") });
    ok(await target.api.patch(job(id), { no_sleep: true }), "on");
    await target.pass(30 * MINUTE);
    assert.equal((await statusOf(target.api, id)).status, "running", "on");
    ok(await target.api.patch(job(id), { no_sleep: false }), "off");
    await target.pass(30 * MINUTE);
    assert.equal((await statusOf(target.api, id)).status, "sleeping", "off");
  },
  ["clock"],
);

check("no_sleep of a job that is not persistent is refused", async (target) => {
  const id = await submit(target.api, { script: "sleep 600", persistent: false });
  await ready(target, id);
  const answer = await target.api.patch(job(id), { no_sleep: true });
  refused(answer, "PATCH");
  assert.ok(answer.status < 500, "the caller's mistake");
});

check("a PATCH restarts nothing", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("calm") });
  const before = await statusOf(target.api, id);
  ok(await target.api.patch(job(id), { startup_command: "true", no_sleep: true }), "PATCH");
  await target.pass(500);
  const after = await statusOf(target.api, id);
  assert.deepEqual(
    [after.request_id, after.vm_id, after.status, after.started_at],
    [before.request_id, before.vm_id, before.status, before.started_at],
  );
});

check("a PATCH of the wrong type is refused and changes nothing", async (target) => {
  const id = await asleep(target, { startup_command: "echo kept" });
  refused(await target.api.patch(job(id), { startup_command: 5 }), "a number as command", 400, 422);
  refused(
    await target.api.patch(job(id), { startup_command: "echo new", no_sleep: "yes" }),
    "half wrong",
    400,
    422,
  );
  await wakesWith(target, id, "kept");
});
