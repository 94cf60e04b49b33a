import * as assert from "node:assert/strict";
import {
  access,
  area,
  asleep,
  exec,
  isTime,
  job,
  logsOf,
  ok,
  reach,
  ready,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
  stop,
  submit,
} from "../support/check";
import type { Answer } from "../support/client";
import type { Target } from "../support/target";

const { check, checks } = area("status");
export const statusChecks = checks;

/** Fields that appear in no recorded answer. */
const WRITE_ONLY = [
  "script",
  "environment",
  "startup_command",
  "no_sleep",
  "no_sync",
  "persistent",
  "disk_gb",
  "rootfs_type",
  "base_workspace_id",
  "file_ids",
  "vcpus",
  "memory_mb",
];

check(
  "a job goes from pending to running, and its VM id comes later",
  async (target) => {
    const id = await submit(target.api, { ...SANDBOX, name: target.name("vm") });
    const pending = await statusOf(target.api, id);
    assert.equal(pending.status, "pending", "time stands still, so it is still queued");
    assert.equal(pending.vm_id, undefined, "a queued job has no VM");
    const running = await target.until("running", async () => {
      const found = await statusOf(target.api, id);
      return found.status === "running" ? found : undefined;
    });
    assert.equal(running.vm_id, undefined, "running alone is not ready");
    const complete = await ready(target, id);
    assert.equal(typeof complete.vm_id, "string");
    assert.equal((await statusOf(target.api, id)).vm_id, complete.vm_id, "the VM id stays");
  },
  ["clock"],
);

check("a status never goes back while a job starts", async (target) => {
  const order = ["pending", "running"];
  const id = await submit(target.api, { ...SANDBOX, name: target.name("order") });
  let reached = 0;
  await target.until(
    "ready",
    async () => {
      const found = await statusOf(target.api, id);
      const place = order.indexOf(found.status);
      assert.ok(place >= reached, `${found.status} after ${order[reached]}`);
      reached = place;
      if (found.vm_id !== undefined) assert.equal(found.status, "running", "no VM id before running");
      return found.vm_id !== undefined;
    },
    { budgetMs: 60_000 },
  );
});

check("a status has the documented fields", async (target) => {
  const name = target.name("fields");
  const id = await readyJob(target, { ...SANDBOX, name, workspace_id: `${name}-ws` });
  const found = await statusOf(target.api, id);
  assert.equal(found.request_id, id);
  assert.equal(found.name, name);
  assert.equal(found.workspace_id, `${name}-ws`);
  assert.ok(isTime(found.started_at), `started_at is RFC 3339 in UTC, not ${found.started_at}`);
  assert.equal(found.exit_code, undefined, "what still runs has no exit code");
});

check(
  "url and subdomain are not there before access was enabled",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("private") });
    const before = await statusOf(target.api, id);
    assert.deepEqual([before.url, before.subdomain], [undefined, undefined]);
    const granted = await access(target, id);
    const after = await statusOf(target.api, id);
    assert.equal(after.subdomain, granted.subdomain);
    assert.equal(after.url, granted.url);
  },
  ["quirks"],
);

check("write-only fields are never echoed", async (target) => {
  const name = target.name("secret");
  const marker = "do-not-echo-this";
  await readyJob(target, { ...SANDBOX, workspace_id: `${name}-base` });
  const id = await readyJob(target, {
    script: `sleep infinity # ${marker}`,
    type: "inline",
    persistent: true,
    no_sleep: true,
    name,
    workspace_id: name,
    base_workspace_id: `${name}-base`,
    startup_command: `true # ${marker}`,
    environment: { MARKER: marker },
    disk_gb: 4,
    rootfs_type: "standard",
  });
  const answers: [string, Answer][] = [
    ["status", await target.api.get(`${job(id)}/status`)],
    ["v2 status", await target.api.get(`${job(id)}/status`, "v2")],
    ["list", await target.api.get("/mags-jobs?page_size=50")],
    ["PATCH", await target.api.patch(job(id), { startup_command: `true # ${marker}2`, no_sleep: true })],
    ["v2 PATCH", await target.api.patch(job(id), { no_sleep: true }, "v2")],
    ["access", await target.api.post(`${job(id)}/access`, { port: 8080 })],
    ["sync", await target.api.post(`${job(id)}/sync`)],
    ["logs", await target.api.get(`${job(id)}/logs`)],
    ["workspaces", await target.api.get("/mags-workspaces")],
    ["stop", await target.api.post(`${job(id)}/stop`)],
  ];
  for (const [what, answer] of answers) {
    ok(answer, what);
    assert.ok(!answer.text.includes(marker), `${what} shows what was written: ${answer.text.slice(0, 200)}`);
    const items = [answer.body, ...(what === "list" ? (answer.body.jobs as object[]) : [])];
    for (const item of items) {
      assert.deepEqual(
        WRITE_ONLY.filter((field) => field in item),
        [],
        `${what} echoes write-only fields`,
      );
    }
  }
});

check("a script that ends well is completed, with exit code 0", async (target) => {
  const id = await submit(target.api, { script: "echo well", persistent: false });
  const found = await reach(target, id, "completed");
  assert.equal(found.exit_code, 0);
  assert.equal(typeof found.script_duration_ms, "number");
});

check("a script that fails is an error, with its exit code", async (target) => {
  const id = await submit(target.api, { script: "exit 3", persistent: false });
  const found = await reach(target, id, "error");
  assert.equal(found.exit_code, 3);
});

check(
  "the duration of a script is counted in milliseconds",
  async (target) => {
    const id = await submit(target.api, { script: "sleep 7" });
    const found = await reach(target, id, "completed");
    assert.ok(Math.abs(found.script_duration_ms - 7_000) < 200, `7 s took ${found.script_duration_ms} ms`);
  },
  ["clock"],
);

check("a persistent script that ends makes the VM sleep; it is never completed", async (target) => {
  const id = await submit(target.api, { script: "true", persistent: true });
  const found = await reach(target, id, "sleeping");
  assert.equal(found.request_id, id);
  await target.pass(300);
  assert.equal((await statusOf(target.api, id)).status, "sleeping");
});

check("a persistent script that fails is an error, with its exit code", async (target) => {
  const id = await submit(target.api, { script: "exit 4", persistent: true });
  const found = await target.until(
    "failed",
    async () => {
      const status = await statusOf(target.api, id);
      return ["error", "sleeping"].includes(status.status) ? status : undefined;
    },
    { budgetMs: 60_000 },
  );
  assert.deepEqual([found.status, found.exit_code], ["error", 4]);
});

/** Asserts that two lines are in a log, in their order. */
async function wroteInOrder(target: Target, id: string): Promise<void> {
  const messages = (await logsOf(target.api, id)).map((line) => line.trim());
  assert.ok(messages.indexOf("first") >= 0, `the output is missing: ${messages.join(" | ")}`);
  assert.ok(messages.indexOf("second") > messages.indexOf("first"), "lines stand in the order of writing");
}

/** The lines of a log as they came; those that are objects have the documented fields. */
async function linesOf(target: Target, id: string): Promise<(string | Record<string, unknown>)[]> {
  const { logs } = ok(await target.api.get(`${job(id)}/logs`), "logs").body;
  for (const line of logs as (string | Record<string, unknown>)[]) {
    if (typeof line === "string") continue;
    assert.equal(typeof line.message, "string");
    assert.equal(typeof line.level, "string");
    assert.ok(isTime(line.timestamp), `timestamp ${String(line.timestamp)}`);
  }
  return logs as (string | Record<string, unknown>)[];
}

check("the log of a job that is not persistent holds what it wrote, as objects", async (target) => {
  const id = await submit(target.api, { script: "echo first\necho second" });
  await reach(target, id, "completed");
  await wroteInOrder(target, id);
  for (const line of await linesOf(target, id)) {
    assert.equal(typeof line, "object", `documented as an object: ${JSON.stringify(line)}`);
  }
});

check(
  "what a persistent script writes comes as plain strings between the objects",
  async (target) => {
    const id = await asleep(target, { script: "echo first\necho second" });
    await wroteInOrder(target, id);
    const lines = await linesOf(target, id);
    assert.ok(lines.includes("first") && lines.includes("second"), JSON.stringify(lines));
    assert.ok(
      lines.some((line) => typeof line === "object"),
      "the cloud's own lines are objects",
    );
  },
  ["quirks"],
);

check(
  "both streams of a script are in its log",
  async (target) => {
    const id = await submit(target.api, { script: "echo to-out\necho to-err >&2" });
    await reach(target, id, "completed");
    const messages = await logsOf(target.api, id);
    assert.ok(messages.includes("to-out") && messages.includes("to-err"), messages.join(" | "));
  },
  ["scripts"],
);

check("on v2 a job is found by its name and by its workspace", async (target) => {
  const name = target.name("named");
  const id = await readyJob(target, { ...SANDBOX, name, workspace_id: `${name}-ws` });
  for (const key of [id, name, `${name}-ws`]) {
    assert.equal((await statusOf(target.api, key, "v2")).request_id, id, `v2 status of ${key}`);
  }
  const granted = ok(await target.api.post(`${job(name)}/access`, { port: 3000 }, "v2"), "v2 access").body;
  assert.deepEqual([granted.success, granted.port], [true, 3000]);
  ok(await target.api.patch(job(name), { startup_command: "true" }, "v2"), "v2 PATCH");
});

check("on v2 a name means the active job, not an ended one", async (target) => {
  const name = target.name("twice");
  const first = await readyJob(target, { ...SANDBOX, name });
  await stop(target, first);
  const second = await readyJob(target, { ...SANDBOX, name });
  assert.equal((await statusOf(target.api, name, "v2")).request_id, second);
});

check("v1 takes request ids only", async (target) => {
  const name = target.name("by-id");
  await readyJob(target, { ...SANDBOX, name, workspace_id: name });
  refused(await target.api.get(`${job(name)}/status`), "v1 status by name", 404);
  refused(await target.api.post(`${job(name)}/stop`), "v1 stop by name", 404);
  refused(await target.api.patch(job(name), { no_sleep: true }), "v1 PATCH by name", 404);
});

check("an ended job keeps its status and its log", async (target) => {
  const id = await readyJob(target, {
    ...SANDBOX,
    script: "echo remember\nsleep infinity",
    name: target.name("log"),
  });
  await exec(target, id, "true");
  await stop(target, id);
  const found = await statusOf(target.api, id);
  assert.equal(found.request_id, id);
  assert.ok((await logsOf(target.api, id)).includes("remember"));
});
