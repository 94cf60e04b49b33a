import * as assert from "node:assert/strict";
import { allJobs, area, exec, job, ok, ready, refused, SANDBOX, statusOf, submit } from "../support/check";
import type { Client } from "../support/client";

const { check, checks } = area("auth");
export const authChecks = checks;

/** One request of every kind of route. */
const CALLS: readonly [string, string, unknown?][] = [
  ["GET", "/mags-jobs"],
  ["POST", "/mags-jobs", { script: "true" }],
  ["GET", "/mags-jobs/usage"],
  ["GET", "/mags-jobs/pool-status"],
  ["GET", "/mags-workspaces"],
  ["GET", "/mags-cron"],
  ["GET", "/mags-url-aliases"],
  ["DELETE", "/mags-url-aliases/nothing"],
  ["PATCH", "/mags-cron/nothing", { enabled: false }],
];

async function allRefused(client: Client, what: string): Promise<void> {
  for (const [method, path, body] of CALLS) {
    refused(await client.call(method, path, body), `${method} ${path} with ${what}`, 401);
  }
  refused(await client.call("POST", "/mags-jobs", { script: "true" }, "v2"), `v2 create with ${what}`, 401);
}

check("a request without a token is answered with 401", async (target) => {
  await allRefused(target.client(null), "no token");
});

check("a wrong token is answered with 401", async (target) => {
  await allRefused(target.client("mags_wrong_token"), "a wrong token");
  const almost = target.client(`${String(target.api.token)}x`);
  refused(await almost.get("/mags-jobs"), "a token with one character more", 401);
});

check("a request with a wrong token has no effect", async (target) => {
  const name = target.name("intruder");
  refused(await target.client("mags_wrong_token").post("/mags-jobs", { ...SANDBOX, name }), "create", 401);
  assert.ok(!(await allJobs(target.api)).some((entry) => entry.name === name), "nothing was made");
});

check(
  "an object of another account is answered with 404, and unharmed",
  async (target) => {
    const [workspace, subdomain] = [target.name("ws"), target.name("alias")];
    const id = await submit(target.api, { ...SANDBOX, name: target.name("own"), workspace_id: workspace });
    await ready(target, id);
    const cron = ok(
      await target.api.post("/mags-cron", {
        name: target.name("cron"),
        cron_expression: "0 4 1 1 *",
        script: "true",
      }),
      "cron",
    ).body.id as string;
    ok(await target.api.post("/mags-url-aliases", { subdomain, workspace_id: workspace }), "alias");
    const file = ok(await target.api.upload("own.txt", "own"), "upload").body.file_id as string;

    const { other } = target;
    const foreign: [string, string, unknown?][] = [
      ["GET", `${job(id)}/status`],
      ["GET", `${job(id)}/logs`],
      ["POST", `${job(id)}/access`, { port: 8080 }],
      ["POST", `${job(id)}/exec`, { command: "true" }],
      ["POST", `${job(id)}/sync`],
      ["POST", `${job(id)}/stop`],
      ["PATCH", job(id), { no_sleep: true }],
      ["GET", `/mags-cron/${cron}`],
      ["PATCH", `/mags-cron/${cron}`, { enabled: false }],
      ["DELETE", `/mags-cron/${cron}`],
      ["DELETE", `/mags-workspaces/${workspace}`],
      ["DELETE", `/mags-url-aliases/${subdomain}`],
    ];
    for (const [method, path, body] of foreign) {
      refused(await other.call(method, path, body), `${method} ${path} by another account`, 404);
    }
    refused(
      await other.get(`${job(workspace)}/status`, "v2"),
      "v2 status by workspace of another account",
      404,
    );
    refused(
      await other.post("/mags-jobs", { script: "true", file_ids: [file] }),
      "a file of another account",
    );
    assert.equal((await statusOf(target.api, id)).status, "running", "the job still runs");
    assert.equal(ok(await target.api.get(`/mags-cron/${cron}`), "cron").body.id, cron);
  },
  ["accounts"],
);

check(
  "lists and names belong to an account",
  async (target) => {
    const [name, subdomain] = [target.name("shared"), target.name("alias")];
    const first = await submit(target.api, { ...SANDBOX, name, workspace_id: name });
    const second = await submit(target.other, { ...SANDBOX, name, workspace_id: name });
    assert.notEqual(first, second, "the same name is another job in another account");
    ok(await target.api.post("/mags-url-aliases", { subdomain, workspace_id: name }), "alias");
    const cron = { name, cron_expression: "0 4 1 1 *", script: "true" };
    const id = ok(await target.api.post("/mags-cron", cron), "cron").body.id as string;
    const listed = await Promise.all([
      target.other.get("/mags-url-aliases"),
      target.other.get("/mags-cron"),
      target.other.get("/mags-jobs?page_size=50"),
    ]);
    for (const answer of listed) {
      const { text } = ok(answer, "list of another account");
      for (const foreign of [subdomain, id, first]) {
        assert.ok(!text.includes(foreign), `${foreign} is shown to another account`);
      }
    }
  },
  ["accounts"],
);

check("a command runs in the VM that was named", async (target) => {
  const one = await submit(target.api, { ...SANDBOX, name: target.name("one") });
  const two = await submit(target.api, { ...SANDBOX, name: target.name("two") });
  await ready(target, one);
  await ready(target, two);
  assert.match((await exec(target, one, "echo one")).stdout, /^one\n?$/);
  assert.match((await exec(target, two, "echo two")).stdout, /^two\n?$/);
  const [first, second] = [await statusOf(target.api, one), await statusOf(target.api, two)];
  assert.notEqual(first.vm_id, second.vm_id, "every job has a VM of its own");
});
