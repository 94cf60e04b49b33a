import * as assert from "node:assert/strict";
import {
  access,
  allJobs,
  area,
  asleep,
  conflict,
  isActive,
  job,
  ok,
  readyJob,
  refused,
  SANDBOX,
  statusOf,
  stop,
  submit,
} from "../support/check";

const { check, checks } = area("stop");
export const stopChecks = checks;

check(
  "a stop is accepted at once and takes effect later; the name is not free in between",
  async (target) => {
    const name = target.name("stopping");
    const id = await readyJob(target, { ...SANDBOX, name, workspace_id: `${name}-ws` });
    ok(await target.api.post(`${job(id)}/stop`), "stop");
    await target.pass(1_000);
    assert.ok(
      isActive((await statusOf(target.api, id)).status),
      "a second later it is still listed as active",
    );
    conflict(await target.api.post("/mags-jobs", { ...SANDBOX, name }), "the name while it stops");
    conflict(
      await target.api.post("/mags-jobs", { ...SANDBOX, workspace_id: `${name}-ws` }),
      "the workspace while it stops",
    );
    await target.until("it has ended", async () => !isActive((await statusOf(target.api, id)).status), {
      budgetMs: 15_000,
    });
    await submit(target.api, { ...SANDBOX, name, workspace_id: `${name}-ws` });
  },
  ["clock"],
);

check("a stopped job has ended and stays listed", async (target) => {
  const name = target.name("stopped");
  const id = await readyJob(target, { ...SANDBOX, name });
  await stop(target, id);
  const listed = (await allJobs(target.api)).find((entry) => entry.request_id === id);
  assert.ok(listed !== undefined, "it is still listed");
  assert.ok(!isActive(listed.status), `as ended, not as ${listed.status}`);
});

check("a stop repeated while it is under way does no harm", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("twice") });
  ok(await target.api.post(`${job(id)}/stop`), "stop");
  const second = await target.api.post(`${job(id)}/stop`);
  if (second.status >= 400) refused(second, "second stop", 400, 404, 409);
  await target.until("it has ended", async () => !isActive((await statusOf(target.api, id)).status), {
    budgetMs: 60_000,
  });
});

check("a stop of an ended job is a 404, `not running`, or nothing", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("over") });
  await stop(target, id);
  const again = await target.api.post(`${job(id)}/stop`);
  if (again.status >= 400 && again.status !== 404) assert.match(refused(again, "stop again"), /not running/i);
  assert.ok(!isActive((await statusOf(target.api, id)).status), "it stays ended");
});

check("a sleeping job can be stopped, and stays asleep until then", async (target) => {
  const id = await asleep(target);
  await stop(target, id);
});

check(
  "a pending job can be stopped",
  async (target) => {
    const id = await submit(target.api, { ...SANDBOX, name: target.name("early") });
    await stop(target, id);
    await target.pass(5_000);
    assert.ok(!isActive((await statusOf(target.api, id)).status), "it does not start afterwards");
  },
  ["clock"],
);

check("an ended job is not woken by exec or access", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("dead") });
  await stop(target, id);
  refused(await target.api.post(`${job(id)}/exec`, { command: "true" }), "exec on an ended job");
  refused(await target.api.post(`${job(id)}/sync`), "sync of an ended job");
  const granted = await target.api.post(`${job(id)}/access`, { port: 8080 });
  if (granted.status < 400) assert.equal(granted.body.success, false, "access to an ended job fails");
  assert.ok(!isActive((await statusOf(target.api, id)).status));
});

check(
  "the URL of a stopped VM answers no more",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, script: "serve", name: target.name("url") });
    const { url } = await access(target, id);
    assert.equal((await target.visit(url)).status, 200);
    await stop(target, id);
    assert.ok((await target.visit(url)).status >= 400);
  },
  ["urls", "clock"],
);
