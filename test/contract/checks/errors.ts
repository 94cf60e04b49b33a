import * as assert from "node:assert/strict";
import { area, job, ok, readyJob, refused, SANDBOX, statusOf } from "../support/check";
import type { Answer } from "../support/client";
import { ROUTES } from "../support/routes";

const { check, checks } = area("errors");
export const errorChecks = checks;

const NOBODY = "00000000-0000-4000-8000-000000000000";

check("an unknown job is answered with 404 on every route of jobs", async (target) => {
  const { api } = target;
  refused(await api.get(`${job(NOBODY)}/status`), "status", 404);
  refused(await api.get(`${job(NOBODY)}/logs`), "logs", 404);
  refused(await api.post(`${job(NOBODY)}/access`, { port: 8080 }), "access", 404);
  refused(await api.post(`${job(NOBODY)}/exec`, { command: "true" }), "exec", 404);
  refused(await api.post(`${job(NOBODY)}/sync`), "sync", 404);
  refused(await api.post(`${job(NOBODY)}/stop`), "stop", 404);
  refused(await api.patch(job(NOBODY), { startup_command: "true" }), "PATCH", 404);
  refused(await api.get(`${job(NOBODY)}/status`, "v2"), "v2 status", 404);
});

check("an unknown cron job, workspace or alias is answered with an error", async (target) => {
  const { api } = target;
  refused(await api.get(`/mags-cron/${NOBODY}`), "cron get", 404);
  refused(await api.patch(`/mags-cron/${NOBODY}`, { enabled: false }), "cron PATCH", 404);
  refused(await api.delete(`/mags-cron/${NOBODY}`), "cron delete", 404);
  refused(await api.delete(`/mags-workspaces/${target.name("none")}`), "workspace delete", 404);
  refused(await api.delete(`/mags-url-aliases/${target.name("none")}`), "alias delete", 404);
});

check("what is no route is refused in JSON, never in HTML", async (target) => {
  const { api } = target;
  const answers: [string, Answer][] = [
    ["GET of an unknown path", await api.get("/mags-nothing")],
    ["GET of an unknown path below a job", await api.get(`${job(NOBODY)}/nothing`)],
    ["PUT of an alias, which has no update", await api.call("PUT", "/mags-url-aliases/none", {})],
    ["PATCH of an alias, which has no update", await api.patch("/mags-url-aliases/none", { port: 1 })],
    ["a version that does not exist", await api.get("/../v9/mags-jobs")],
    ["v2 list of workspaces, for which there is no evidence", await api.get("/mags-workspaces", "v2")],
  ];
  for (const [what, answer] of answers) {
    refused(answer, what, 404, 405, 501);
    assert.doesNotMatch(answer.text, /<html|<!doctype/i, `${what}: no HTML`);
  }
});

check(
  "a route without evidence is not offered",
  async (target) => {
    const { api } = target;
    const id = await readyJob(target, { ...SANDBOX, name: target.name("bare") });
    refused(await api.get(job(id)), "GET of a job", 404, 405, 501);
    refused(await api.delete(job(id)), "DELETE of a job", 404, 405, 501);
    for (const { method, path, versions } of ROUTES) {
      if (versions.v2 !== undefined) continue;
      const body = method === "POST" || method === "PATCH" ? {} : undefined;
      const answer = await api.call(method, path.replace(/\{\w+\}/, id), body, "v2");
      refused(answer, `v2 ${method} ${path}`, 404, 405, 501);
    }
    assert.equal((await statusOf(api, id)).status, "running");
  },
  ["quirks"],
);

check("a body that is no JSON object is the caller's mistake", async (target) => {
  for (const body of ["{", "[]", '"text"', "null"]) {
    refused(await target.api.call("POST", "/mags-jobs", body), `create with ${body}`, 400, 422);
  }
});

check("ids are percent-decoded once", async (target) => {
  const name = target.name("coded");
  const id = await readyJob(target, { ...SANDBOX, name });
  const coded = `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
  const byCode = ok(await target.api.get(`/mags-jobs/${coded}/status`), "an id with a coded character").body;
  assert.equal(byCode.request_id, id);
  // A coded slash belongs to the id, so this is the status of a job that does not exist.
  for (const path of [
    `/mags-jobs/${id}%2Fstatus/status`,
    "/mags-jobs/a%2Fb/status",
    "/mags-jobs/%2e%2e%2f/logs",
  ]) {
    refused(await target.api.get(path), path, 404);
  }
  refused(await target.api.get(`/mags-jobs/%25${coded.slice(1)}/status`), "an id that was coded twice", 404);
  refused(await target.api.get("/mags-jobs/%zz/status"), "an id that is not coded as it must be");
  assert.equal((await statusOf(target.api, id)).status, "running");
});

check("usage and pool-status are routes, not ids of jobs", async (target) => {
  const usage = ok(await target.api.get("/mags-jobs/usage"), "usage").body;
  const pool = ok(await target.api.get("/mags-jobs/pool-status"), "pool status").body;
  assert.equal(typeof usage.total_jobs, "number");
  assert.equal(typeof pool.total_vms, "number");
});

check("on v2 a failed create has a message and no request id", async (target) => {
  const answer = await target.api.post("/mags-jobs", { persistent: true }, "v2");
  const { body } = answer;
  refused(answer, "v2 create without a script");
  assert.equal(typeof body.message, "string");
  assert.ok(!("request_id" in body));
});
