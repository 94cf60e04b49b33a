import * as assert from "node:assert/strict";
import {
  access,
  area,
  asleep,
  exec,
  job,
  logsOf,
  ok,
  reach,
  ready,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
  submit,
} from "../support/check";
import type { Target } from "../support/target";
import { serves, service } from "./service";

const { check, checks } = area("sleep");
export const sleepChecks = checks;

const MINUTE = 60_000;

async function status(target: Target, id: string): Promise<string> {
  return (await statusOf(target.api, id)).status as string;
}

/** Waits until the log of a job holds a line. */
function logged(target: Target, id: string, line: string): Promise<boolean> {
  return target.until(`the log of ${id} holds ${line}`, async () =>
    (await logsOf(target.api, id)).includes(line),
  );
}

check(
  "a persistent VM sleeps after ten idle minutes, not before",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("idle") });
    await target.pass(9 * MINUTE);
    assert.equal(await status(target, id), "running");
    await target.pass(2 * MINUTE);
    assert.equal(await status(target, id), "sleeping");
  },
  ["clock"],
);

check(
  "use keeps a VM awake",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("used") });
    for (let round = 0; round < 3; round++) {
      await target.pass(8 * MINUTE);
      await exec(target, id, "true");
      assert.equal(await status(target, id), "running");
    }
    await target.pass(11 * MINUTE);
    assert.equal(await status(target, id), "sleeping");
  },
  ["clock"],
);

check("looking at a sleeping VM does not wake it", async (target) => {
  const id = await asleep(target);
  await logsOf(target.api, id);
  ok(await target.api.get("/mags-jobs?page_size=50"), "list");
  ok(await target.api.get(`${job(id)}/status`, "v2"), "v2 status");
  assert.equal(await status(target, id), "sleeping");
});

check(
  "a no_sleep VM never sleeps",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, no_sleep: true, name: target.name("always") });
    await target.pass(60 * MINUTE);
    assert.equal(await status(target, id), "running");
  },
  ["clock"],
);

check(
  "the observed control keys set the idle time or keep the VM awake",
  async (target) => {
    const brief = await readyJob(target, { ...SANDBOX, environment: { __MAGS_IDLE_MIN: "2" } });
    const kept = await readyJob(target, { ...SANDBOX, environment: { __MAGS_KEEP_ALIVE: "true" } });
    await target.pass(3 * MINUTE);
    assert.equal(await status(target, brief), "sleeping", "__MAGS_IDLE_MIN: 2");
    await target.pass(20 * MINUTE);
    assert.equal(await status(target, kept), "running", "__MAGS_KEEP_ALIVE");
  },
  ["clock", "quirks"],
);

check("exec wakes a sleeping VM, and is answered", async (target) => {
  const id = await asleep(target);
  const result = await exec(target, id, "echo awake");
  assert.deepEqual([result.exit_code, result.stdout.trim()], [0, "awake"]);
  const found = await statusOf(target.api, id);
  assert.equal(found.status, "running");
  assert.equal(typeof found.vm_id, "string");
});

check("access wakes a sleeping VM", async (target) => {
  const id = await asleep(target);
  await access(target, id);
  assert.equal(await status(target, id), "running");
});

check(
  "an HTTP request wakes a sleeping VM, and is answered",
  async (target) => {
    const name = target.name("web");
    const id = await readyJob(target, { ...SANDBOX, name, startup_command: service(name) });
    const { url } = await access(target, id);
    await sleepAgain(target, id);
    assert.equal(serves(await target.visit(url)).name, name);
    assert.equal(await status(target, id), "running");
  },
  ["urls", "clock"],
);

check(
  "an HTTP request that wakes a VM waits until its service listens",
  async (target) => {
    const name = target.name("web");
    const id = await asleep(target, { name, startup_command: service(name) });
    const { url } = await access(target, id);
    assert.equal(serves(await target.visit(url, "/some/path?q=1")).path, "/some/path?q=1");
  },
  ["urls", "scripts"],
);

check("the startup command runs on waking, each time, and not before", async (target) => {
  const id = await asleep(target, { startup_command: "echo woken" });
  const count = async (): Promise<number> =>
    (await logsOf(target.api, id)).filter((line) => line === "woken").length;
  assert.equal(await count(), 0, "not at the start");
  await exec(target, id, "true");
  await logged(target, id, "woken");
  await exec(target, id, "true");
  assert.equal(await count(), 1, "a VM that is awake is not woken again");
});

check(
  "the startup command runs at every wake",
  async (target) => {
    const id = await readyJob(target, {
      ...SANDBOX,
      name: target.name("wakes"),
      startup_command: "echo woken",
    });
    for (let round = 1; round <= 3; round++) {
      await sleepAgain(target, id);
      await exec(target, id, "true");
      assert.equal((await logsOf(target.api, id)).filter((line) => line === "woken").length, round);
    }
  },
  ["clock"],
);

check("requests that wake a VM at the same time wake it once", async (target) => {
  const id = await asleep(target, { startup_command: "echo woken" });
  const results = await Promise.all(Array.from({ length: 4 }, () => exec(target, id, "echo x")));
  for (const result of results) assert.equal(result.exit_code, 0);
  await logged(target, id, "woken");
  assert.equal((await logsOf(target.api, id)).filter((line) => line === "woken").length, 1);
});

check(
  "a no_sleep VM whose machine fails comes back: same id and name, new VM",
  async (target) => {
    const name = target.name("lost");
    const id = await readyJob(target, { ...SANDBOX, no_sleep: true, name, workspace_id: name });
    const before = await statusOf(target.api, id);
    await target.loseVm(id);
    const after = await target.until(
      "another VM",
      async () => {
        const found = await statusOf(target.api, id);
        assert.ok(["pending", "running"].includes(found.status), `it is ${found.status}`);
        return found.status === "running" && found.vm_id !== undefined && found.vm_id !== before.vm_id
          ? found
          : undefined;
      },
      { budgetMs: 2 * MINUTE },
    );
    assert.deepEqual([after.request_id, after.name], [id, name]);
  },
  ["vm loss"],
);

check(
  "the VM that replaces a lost one has a subdomain of its own, with the access of before",
  async (target) => {
    const name = target.name("moved");
    const id = await readyJob(target, { ...SANDBOX, no_sleep: true, name, script: service(name) });
    const before = await access(target, id);
    await target.loseVm(id);
    const after = await ready(target, id);
    assert.notEqual(after.subdomain, before.subdomain, "another VM, another subdomain");
    assert.ok((await target.visit(before.url)).status >= 400, "nothing is left under the old one");
    const found = await target.until("the new URL answers", async () => {
      const served = await target.visit(after.url);
      return served.status === 200 ? served : undefined;
    });
    assert.equal(serves(found).name, name);
  },
  ["vm loss", "urls", "quirks"],
);

check(
  "a no_sleep service whose process dies comes back under the same id",
  async (target) => {
    const id = await submit(target.api, {
      ...SANDBOX,
      no_sleep: true,
      name: target.name("dies"),
      script: "sleep 1.3; exit 9",
    });
    const first = await ready(target, id);
    await target.until("another VM", async () => {
      const found = await statusOf(target.api, id);
      return found.vm_id !== undefined && found.vm_id !== first.vm_id;
    });
  },
  ["scripts", "vm loss"],
);

check(
  "v2 VMs of a custom size often fail to wake; then the job is an error",
  async (target) => {
    let failed = 0;
    for (let index = 0; index < 4; index++) {
      const sized = { ...SANDBOX, script: "true", vcpus: 4, memory_mb: 8192 };
      const id = await submit(target.api, sized, "v2");
      await reach(target, id, "sleeping");
      const answer = await target.api.post(`${job(id)}/exec`, { command: "true" });
      if (answer.status < 400) continue;
      failed += 1;
      assert.match(refused(answer, "exec"), /job failed to wake/);
      assert.equal(await status(target, id), "error");
    }
    assert.ok(failed > 0, "none of four failed");
  },
  ["quirks"],
);

check(
  "the root folder survives sleep",
  async (target) => {
    const id = await asleep(target);
    await exec(target, id, "echo kept > ~/note");
    const found = await target.until("asleep again or awake", async () => statusOf(target.api, id));
    assert.ok(["running", "sleeping"].includes(found.status));
    assert.equal((await exec(target, id, "cat ~/note")).stdout.trim(), "kept");
  },
  ["scripts"],
);

/** Lets a VM idle until it sleeps. */
async function sleepAgain(target: Target, id: string): Promise<void> {
  await target.pass(11 * MINUTE);
  assert.equal(await status(target, id), "sleeping");
}
