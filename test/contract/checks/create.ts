import * as assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  allJobs,
  area,
  conflict,
  isActive,
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

const create = area("create");
export const createChecks = create.checks;
const conflicts = area("conflicts");
export const conflictChecks = conflicts.checks;

create.check(
  "create is acknowledged with an id and `accepted`, which is no status of a job",
  async (target) => {
    const answer = ok(await target.api.post("/mags-jobs", { script: "true", persistent: false }), "create");
    assert.match(answer.body.request_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "the id is a UUID");
    assert.equal(answer.body.status, "accepted");
    const second = await submit(target.api, { script: "true" });
    assert.notEqual(second, answer.body.request_id, "every create has an id of its own");
  },
);

create.check("v2 takes the same fields and the size of the VM", async (target) => {
  const sized = { ...SANDBOX, name: target.name("sized"), vcpus: 4, memory_mb: 8192 };
  const answer = ok(await target.api.post("/mags-jobs", sized, "v2"), "v2 create");
  assert.equal(typeof answer.body.request_id, "string");
  await ready(target, answer.body.request_id);
});

create.check("without a script nothing is made", async (target) => {
  const name = target.name("empty");
  refused(await target.api.post("/mags-jobs", { name, persistent: true }), "no script", 400, 422);
  refused(await target.api.post("/mags-jobs", { name, script: "" }), "an empty script", 400, 422);
  assert.ok(!(await allJobs(target.api)).some((entry) => entry.name === name), "nothing is listed");
});

create.check("fields of the wrong type are refused with 422", async (target) => {
  const wrong: Record<string, unknown>[] = [
    { script: 1 },
    { script: "true", type: "git" },
    { script: "true", persistent: "yes" },
    { script: "true", environment: { A: 1 } },
    { script: "true", environment: ["A=1"] },
    { script: "true", file_ids: "one" },
    { script: "true", disk_gb: "4" },
    { script: "true", disk_gb: 2.5 },
  ];
  for (const body of wrong) refused(await target.api.post("/mags-jobs", body), JSON.stringify(body), 422);
});

create.check("a disk has at least 2 GB", async (target) => {
  refused(await target.api.post("/mags-jobs", { script: "true", disk_gb: 1 }), "1 GB", 422);
  refused(await target.api.post("/mags-jobs", { script: "true", disk_gb: -4 }), "-4 GB", 422);
  await submit(target.api, { script: "true", disk_gb: 2 });
});

create.check("unsafe names are refused and leave nothing", async (target) => {
  const unsafe = [
    "../up",
    "a/b",
    "a\0b",
    "a".repeat(300),
    "rocket🚀",
    ".",
    "-a",
    "a b",
    "a\nb",
    "%2e%2e",
    "<b>",
  ];
  for (const value of unsafe) {
    const label = JSON.stringify(value.slice(0, 20));
    refused(await target.api.post("/mags-jobs", { ...SANDBOX, name: value }), `name ${label}`, 400, 422);
    refused(
      await target.api.post("/mags-jobs", { ...SANDBOX, workspace_id: value }),
      `workspace ${label}`,
      400,
      422,
    );
    refused(
      await target.api.post("/mags-jobs", { ...SANDBOX, base_workspace_id: value }),
      `base ${label}`,
      400,
      422,
    );
  }
  refused(
    await target.api.post("/mags-jobs", { ...SANDBOX, name: "UpperCase" }),
    "upper case in a name",
    422,
  );
  refused(
    await target.api.post("/mags-jobs", { ...SANDBOX, name: `t6-${"x".repeat(61)}` }),
    "64 characters",
    422,
  );
  const { workspaces } = ok(await target.api.get("/mags-workspaces"), "workspaces").body;
  for (const entry of workspaces as { workspace_id?: string; id?: string }[]) {
    assert.ok(!unsafe.includes(entry.workspace_id ?? entry.id ?? ""), "an unsafe name is on record");
  }
});

create.check("a name may have 63 characters", async (target) => {
  const name = target.name("x").padEnd(63, "x");
  const id = await submit(target.api, { ...SANDBOX, name, workspace_id: name });
  assert.equal((await statusOf(target.api, id)).name, name);
});

create.check("a job without a name gets one", async (target) => {
  const id = await submit(target.api, { script: "true" });
  const listed = (await allJobs(target.api)).find((entry) => entry.request_id === id);
  assert.ok(listed?.name !== undefined && listed.name !== "", "the generated name is listed");
});

create.check("a job without a workspace has none", async (target) => {
  const id = await submit(target.api, { ...SANDBOX, name: target.name("local"), no_sync: true });
  const listed = (await allJobs(target.api)).find((entry) => entry.request_id === id);
  assert.ok(!listed?.workspace_id, "no workspace is made up");
});

create.check("unknown files and bases fail the create", async (target) => {
  refused(await target.api.post("/mags-jobs", { script: "true", file_ids: ["nothing"] }), "an unknown file");
  refused(
    await target.api.post("/mags-jobs", { ...SANDBOX, base_workspace_id: target.name("nothing") }),
    "a missing base",
  );
});

create.check(
  "the environment reaches the script",
  async (target) => {
    const script = 'echo "[$GREETING][$OTHER]"; printenv GREETING';
    const environment = { GREETING: 'it\'s "fine" $HOME', OTHER: "two\nlines" };
    const id = await submit(target.api, { script, environment });
    await reach(target, id, "completed");
    const log = (await logsOf(target.api, id)).join("\n");
    assert.ok(log.includes(`[it's "fine" $HOME][two\nlines]`), log);
  },
  ["scripts"],
);

create.check(
  "a script of type `url` is fetched",
  async (target) => {
    const server = createServer((_request, response) => response.end("echo fetched script\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const script = `http://127.0.0.1:${(server.address() as AddressInfo).port}/run.sh`;
      const id = await submit(target.api, { script, type: "url" });
      await reach(target, id, "completed");
      assert.ok((await logsOf(target.api, id)).includes("fetched script"));
    } finally {
      server.close();
    }
  },
  ["quirks"],
);

create.check(
  "a root file system with a memory size has no snapshot on v1",
  async (target) => {
    const fields = { ...SANDBOX, rootfs_type: "claude", environment: { __MAGS_MEM_GB: "4" } };
    const text = refused(await target.api.post("/mags-jobs", fields), "v1 create");
    assert.match(text, /golden snapshot not ready/);
    await submit(target.api, fields, "v2");
    const byKey = { ...SANDBOX, environment: { __MAGS_MEM_GB: "4", __MAGS_ROOTFS_TYPE: "claude" } };
    await readyJob(target, byKey);
  },
  ["quirks"],
);

conflicts.check("a name has one active job", async (target) => {
  const name = target.name("taken");
  const id = await readyJob(target, { ...SANDBOX, name });
  for (let attempt = 0; attempt < 2; attempt++) {
    conflict(await target.api.post("/mags-jobs", { ...SANDBOX, name }), "a second job of the name");
  }
  assert.equal((await statusOf(target.api, id)).status, "running", "the first one is unharmed");
  const listed = (await allJobs(target.api)).filter((entry) => entry.name === name);
  assert.deepEqual(
    listed.map((entry) => entry.request_id),
    [id],
    "the refused ones left nothing",
  );
});

conflicts.check("a workspace has one active job, also while it sleeps", async (target) => {
  const workspace = target.name("one-writer");
  const id = await submit(target.api, { ...SANDBOX, script: "true", workspace_id: workspace });
  conflict(await target.api.post("/mags-jobs", { ...SANDBOX, workspace_id: workspace }), "while it starts");
  await reach(target, id, "sleeping");
  conflict(await target.api.post("/mags-jobs", { ...SANDBOX, workspace_id: workspace }), "while it sleeps");
  assert.equal((await statusOf(target.api, id)).status, "sleeping", "a refused create wakes nothing");
});

conflicts.check("the case of a workspace id matters", async (target) => {
  const workspace = target.name("case");
  await submit(target.api, { ...SANDBOX, workspace_id: workspace });
  await submit(target.api, { ...SANDBOX, workspace_id: workspace.toUpperCase() });
});

conflicts.check("of six creates of one name that race, exactly one wins", async (target) => {
  await race(target, { name: target.name("race") });
});

conflicts.check("of six creates on one workspace that race, exactly one wins", async (target) => {
  await race(target, { workspace_id: target.name("race") });
});

conflicts.check("a name is free again when its job has ended", async (target) => {
  const name = target.name("again");
  const first = await readyJob(target, { ...SANDBOX, name, workspace_id: name });
  await stop(target, first);
  const second = await readyJob(target, { ...SANDBOX, name, workspace_id: name });
  assert.notEqual(second, first, "a new job has a new id");
});

async function race(target: Target, fields: Record<string, string>): Promise<void> {
  const answers: Answer[] = await Promise.all(
    Array.from({ length: 6 }, () => target.api.post("/mags-jobs", { ...SANDBOX, ...fields })),
  );
  const won = answers.filter((answer) => answer.status < 400);
  assert.equal(won.length, 1, `winners among six: ${answers.map((answer) => answer.status).join(", ")}`);
  for (const answer of answers) if (answer.status >= 400) conflict(answer, "a loser of the race");
  const [key, value] = Object.entries(fields)[0] ?? [];
  const active = (await allJobs(target.api)).filter(
    (entry) => isActive(entry.status) && (key === "name" ? entry.name : entry.workspace_id) === value,
  );
  assert.deepEqual(
    active.map((entry) => entry.request_id),
    [won[0]?.body.request_id],
    "one active job is listed",
  );
}
