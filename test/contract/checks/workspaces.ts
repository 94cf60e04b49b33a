import * as assert from "node:assert/strict";
import {
  area,
  asleep,
  exec,
  job,
  ok,
  reach,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
  stop,
  submit,
} from "../support/check";
import type { Target } from "../support/target";

const { check, checks } = area("workspaces");
export const workspaceChecks = checks;

async function listed(target: Target): Promise<string[]> {
  const { body } = ok(await target.api.get("/mags-workspaces"), "list of workspaces");
  assert.ok(Array.isArray(body.workspaces), "`workspaces` is an array");
  assert.equal(body.total, body.workspaces.length, "`total` counts them");
  return (body.workspaces as { workspace_id?: string; id?: string }[]).map(
    (entry) => entry.workspace_id ?? entry.id ?? "",
  );
}

/** A VM on a workspace. */
function on(target: Target, workspace: string, more: Record<string, unknown> = {}): Promise<string> {
  return readyJob(target, { ...SANDBOX, workspace_id: workspace, ...more });
}

check("a workspace appears with the first job that names it, and outlives the job", async (target) => {
  const workspace = target.name("born");
  assert.ok(!(await listed(target)).includes(workspace));
  const id = await on(target, workspace);
  assert.ok((await listed(target)).includes(workspace));
  await stop(target, id);
  assert.ok((await listed(target)).includes(workspace), "stop keeps the workspace");
});

check("a workspace in use cannot be deleted, also while its VM sleeps", async (target) => {
  const workspace = target.name("busy");
  const id = await asleep(target, { workspace_id: workspace });
  refused(await target.api.delete(`/mags-workspaces/${workspace}`), "delete in use");
  assert.equal((await statusOf(target.api, id)).status, "sleeping", "the job is unharmed");
  assert.ok((await listed(target)).includes(workspace));
});

check("a workspace is deleted after its job was stopped, once", async (target) => {
  const workspace = target.name("gone");
  const id = await on(target, workspace);
  refused(await target.api.delete(`/mags-workspaces/${workspace}`), "delete while the VM runs");
  await stop(target, id);
  ok(await target.api.delete(`/mags-workspaces/${workspace}`), "delete");
  assert.ok(!(await listed(target)).includes(workspace));
  refused(await target.api.delete(`/mags-workspaces/${workspace}`), "delete again", 404);
});

check(
  "sync needs a VM",
  async (target) => {
    const workspace = target.name("sync");
    const id = await submit(target.api, { ...SANDBOX, workspace_id: workspace });
    refused(await target.api.post(`${job(id)}/sync`), "sync while pending");
    await target.until("running", async () => (await statusOf(target.api, id)).status === "running");
    refused(await target.api.post(`${job(id)}/sync`), "sync without a VM id");
    await target.until("ready", async () => (await statusOf(target.api, id)).vm_id !== undefined);
    ok(await target.api.post(`${job(id)}/sync`), "sync");
  },
  ["clock"],
);

check(
  "files survive the VM: stop, and create again on the same workspace",
  async (target) => {
    const workspace = target.name("files");
    const first = await on(target, workspace);
    await exec(target, first, "mkdir -p ~/deep/er && echo kept > ~/deep/er/note && chmod 750 ~/deep/er/note");
    await stop(target, first);
    const second = await on(target, workspace);
    const { stdout } = await exec(target, second, "cat ~/deep/er/note; stat -c %a ~/deep/er/note");
    assert.equal(stdout, "kept\n750\n");
  },
  ["scripts"],
);

check(
  "what was synced survives the loss of the machine",
  async (target) => {
    const workspace = target.name("synced");
    const first = await on(target, workspace);
    await exec(target, first, "echo before > ~/note");
    ok(await target.api.post(`${job(first)}/sync`), "sync");
    await exec(target, first, "echo after > ~/late");
    await target.loseVm(first);
    await target.until("ended", async () => (await statusOf(target.api, first)).status === "error");
    const second = await on(target, workspace);
    const { stdout } = await exec(target, second, "cat ~/note; ls ~/late 2>/dev/null || echo lost");
    assert.equal(stdout, "before\nlost\n");
  },
  ["scripts", "vm loss"],
);

check(
  "a running VM is synced without being asked",
  async (target) => {
    const workspace = target.name("timed");
    const first = await on(target, workspace);
    await exec(target, first, "echo kept > ~/note");
    await target.pass(2_000);
    await target.loseVm(first);
    await target.until("ended", async () => (await statusOf(target.api, first)).status === "error");
    const second = await on(target, workspace);
    assert.equal((await exec(target, second, "cat ~/note")).stdout, "kept\n");
  },
  ["scripts", "vm loss", "frequent sync"],
);

check(
  "a removed file stays removed",
  async (target) => {
    const workspace = target.name("removed");
    const first = await on(target, workspace);
    await exec(target, first, "echo x > ~/one; echo y > ~/two");
    ok(await target.api.post(`${job(first)}/sync`), "sync");
    await exec(target, first, "rm ~/one");
    await stop(target, first);
    const second = await on(target, workspace);
    assert.equal((await exec(target, second, "cd; ls")).stdout, "two\n");
  },
  ["scripts"],
);

check(
  "with no_sync nothing is kept",
  async (target) => {
    const workspace = target.name("local");
    const first = await on(target, workspace, { no_sync: true });
    await exec(target, first, "echo lost > ~/note");
    await stop(target, first);
    const second = await on(target, workspace);
    assert.notEqual((await exec(target, second, "cat ~/note")).exit_code, 0);
  },
  ["scripts"],
);

check(
  "a base alone is read-only: changes are discarded",
  async (target) => {
    const base = target.name("base");
    const first = await on(target, base);
    await exec(target, first, "echo original > ~/note");
    await stop(target, first);
    const reader = await readyJob(target, { ...SANDBOX, base_workspace_id: base });
    assert.equal((await exec(target, reader, "cat ~/note; echo changed > ~/note")).stdout, "original\n");
    await stop(target, reader);
    const again = await on(target, base);
    assert.equal((await exec(target, again, "cat ~/note")).stdout, "original\n");
  },
  ["scripts"],
);

check(
  "a fork starts from its base, keeps its own changes, and leaves the base alone",
  async (target) => {
    const [base, fork] = [target.name("base"), target.name("fork")];
    const first = await on(target, base);
    await exec(target, first, "echo original > ~/note");
    await stop(target, first);
    const forked = await on(target, fork, { base_workspace_id: base });
    assert.equal(
      (await exec(target, forked, "cat ~/note; echo changed > ~/note; echo more > ~/own")).stdout,
      "original\n",
    );
    await stop(target, forked);
    const again = await on(target, fork, { base_workspace_id: base });
    assert.equal((await exec(target, again, "cat ~/note ~/own")).stdout, "changed\nmore\n");
    const original = await on(target, base);
    assert.equal(
      (await exec(target, original, "cat ~/note; ls ~/own 2>/dev/null || echo none")).stdout,
      "original\nnone\n",
    );
  },
  ["scripts"],
);

check(
  "two readers of one base do not see each other",
  async (target) => {
    const base = target.name("base");
    await stop(target, await on(target, base));
    const one = await readyJob(target, { ...SANDBOX, base_workspace_id: base });
    const two = await readyJob(target, { ...SANDBOX, base_workspace_id: base });
    await exec(target, one, "echo mine > ~/note");
    assert.notEqual((await exec(target, two, "cat ~/note")).exit_code, 0);
  },
  ["scripts"],
);

check(
  "a job does not see the files of another workspace",
  async (target) => {
    const [one, two] = [await on(target, target.name("one")), await on(target, target.name("two"))];
    await exec(target, one, "echo mine > ~/secret-note");
    const seen = await exec(target, two, "cat ~/secret-note; ls ~");
    assert.ok(!seen.stdout.includes("mine") && !seen.stdout.includes("secret-note"), seen.stdout);
  },
  ["scripts"],
);

check(
  "deleting a workspace deletes its files",
  async (target) => {
    const workspace = target.name("wiped");
    const first = await on(target, workspace);
    await exec(target, first, "echo old > ~/note");
    await stop(target, first);
    ok(await target.api.delete(`/mags-workspaces/${workspace}`), "delete");
    const second = await on(target, workspace);
    assert.notEqual((await exec(target, second, "cat ~/note")).exit_code, 0);
  },
  ["scripts"],
);

check(
  "a one-off run on a workspace leaves its files there",
  async (target) => {
    const workspace = target.name("oneoff");
    const run = await submit(target.api, { script: "echo done > ~/result", workspace_id: workspace });
    await reach(target, run, "completed");
    const second = await on(target, workspace);
    assert.equal((await exec(target, second, "cat ~/result")).stdout, "done\n");
  },
  ["scripts"],
);

check(
  "/data starts empty but for lost+found, and is lost with the VM",
  async (target) => {
    const workspace = target.name("volume");
    const first = await on(target, workspace, { disk_gb: 4 });
    assert.equal((await exec(target, first, "ls -A /data")).stdout, "lost+found\n");
    assert.equal((await exec(target, first, "echo big > /data/file && cat /data/file")).stdout, "big\n");
    await stop(target, first);
    const second = await on(target, workspace, { disk_gb: 4 });
    assert.equal((await exec(target, second, "ls -A /data")).stdout, "lost+found\n");
  },
  ["volume"],
);
