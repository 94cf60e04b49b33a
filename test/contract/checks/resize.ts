import * as assert from "node:assert/strict";
import {
  access,
  allJobs,
  area,
  asleep,
  exec,
  isActive,
  job,
  ok,
  ready,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
} from "../support/check";
import type { Answer } from "../support/client";
import type { Target } from "../support/target";
import { serves, service } from "./service";

const { check, checks } = area("resize");
export const resizeChecks = checks;

/** The recorded sequence: sync, stop, create with exactly five fields, where a conflict means to wait. */
async function resize(target: Target, workspace: string, diskGb: number): Promise<string> {
  const found = (await allJobs(target.api)).find(
    (entry) => entry.workspace_id === workspace && ["running", "sleeping"].includes(entry.status),
  );
  assert.ok(found !== undefined, "the search finds the VM of the workspace");
  if (found.status === "running") ok(await target.api.post(`${job(found.request_id)}/sync`), "sync");
  ok(await target.api.post(`${job(found.request_id)}/stop`), "stop");
  await target.pass(1_000);
  const fields = {
    script: "sleep infinity",
    type: "inline",
    persistent: true,
    workspace_id: workspace,
    disk_gb: diskGb,
  };
  const created = await target.until<Answer>(
    "the workspace is free",
    async () => {
      const answer = await target.api.post("/mags-jobs", fields);
      if (answer.status < 400) return answer;
      assert.match(refused(answer, "create while it stops", 409, 500), /already|in use|conflict/i);
      return undefined;
    },
    { budgetMs: 60_000, stepMs: 250 },
  );
  const id = created.body.request_id as string;
  await ready(target, id);
  return id;
}

check("the resize sequence gives a new VM on the same workspace", async (target) => {
  const workspace = target.name("grow");
  const first = await readyJob(target, { ...SANDBOX, workspace_id: workspace, disk_gb: 2 });
  const before = await access(target, first);
  const second = await resize(target, workspace, 8);
  assert.notEqual(second, first, "a new request id");
  assert.notEqual((await access(target, second)).subdomain, before.subdomain, "a new subdomain");
  assert.ok(!isActive((await statusOf(target.api, first)).status), "the old job has ended");
  const active = (await allJobs(target.api)).filter(
    (entry) => entry.workspace_id === workspace && isActive(entry.status),
  );
  assert.deepEqual(
    active.map((entry) => entry.request_id),
    [second],
    "one active job",
  );
});

check("a sleeping VM is resized without a sync", async (target) => {
  const workspace = target.name("grow");
  const first = await asleep(target, { workspace_id: workspace });
  assert.notEqual(await resize(target, workspace, 4), first);
});

check(
  "a resize that was broken off after the stop can be resumed: the workspace is still there",
  async (target) => {
    const workspace = target.name("broken-off");
    const first = await readyJob(target, { ...SANDBOX, workspace_id: workspace });
    ok(await target.api.post(`${job(first)}/stop`), "stop");
    await target.until("ended", async () => !isActive((await statusOf(target.api, first)).status));
    const { workspaces } = ok(await target.api.get("/mags-workspaces"), "workspaces").body;
    assert.ok(JSON.stringify(workspaces).includes(workspace));
    await readyJob(target, { ...SANDBOX, workspace_id: workspace, disk_gb: 8 });
  },
);

check(
  "an alias follows the workspace through a resize",
  async (target) => {
    const [workspace, subdomain] = [target.name("grow"), target.name("alias")];
    const first = await readyJob(target, {
      ...SANDBOX,
      workspace_id: workspace,
      script: service(workspace),
      name: workspace,
    });
    await access(target, first);
    const { url } = ok(
      await target.api.post("/mags-url-aliases", { subdomain, workspace_id: workspace }),
      "alias",
    ).body;
    const second = await resize(target, workspace, 8);
    assert.ok((await target.visit(url)).status >= 400, "no access yet on the new VM");
    await access(target, second);
    // The sequence drops the script, so what answers is whatever listens; simulated VMs always do.
    assert.notEqual(
      serves(await target.visit(url)).name,
      workspace,
      "the new VM answers, whose name is generated",
    );
  },
  ["urls", "clock"],
);

check(
  "a resize keeps the files of the workspace and empties /data",
  async (target) => {
    const workspace = target.name("grow");
    const first = await readyJob(target, { ...SANDBOX, workspace_id: workspace, disk_gb: 2 });
    await exec(target, first, "echo kept > ~/note; echo gone > /data/file");
    const second = await resize(target, workspace, 8);
    assert.equal((await exec(target, second, "cat ~/note; ls -A /data")).stdout, "kept\nlost+found\n");
  },
  ["scripts", "volume"],
);
