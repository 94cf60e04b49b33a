import * as assert from "node:assert/strict";
import { allJobs, area, isActive, logsOf, ok, readyJob, refused, SANDBOX, statusOf } from "../support/check";
import type { ListedJob } from "../support/check";
import type { Target } from "../support/target";

const { check, checks } = area("cron");
export const cronChecks = checks;

const MINUTE = 60_000;
/** An expression that does not fire while a check runs. */
const RARE = "30 4 29 2 *";

/** Creates a cron job; gives the answer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
async function schedule(target: Target, fields: Record<string, unknown> = {}): Promise<any> {
  const { body } = ok(
    await target.api.post("/mags-cron", {
      name: target.name("cron"),
      cron_expression: RARE,
      script: "echo fired",
      persistent: false,
      ...fields,
    }),
    "cron create",
  );
  assert.equal(typeof body.id, "string", "a cron job has an id");
  return body;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
async function cronOf(target: Target, id: string): Promise<any> {
  return ok(await target.api.get(`/mags-cron/${encodeURIComponent(id)}`), "cron get").body;
}

/** The list: a bare array, or the first array in an object (assumed). */
async function listed(target: Target): Promise<{ id: string }[]> {
  const { body } = ok(await target.api.get("/mags-cron"), "cron list");
  const found: unknown = Array.isArray(body) ? body : Object.values(body as object).find(Array.isArray);
  assert.ok(Array.isArray(found), "the list holds an array");
  return found as { id: string }[];
}

/** The jobs on the workspace of a schedule: its fires. */
async function fires(target: Target, workspace: string): Promise<ListedJob[]> {
  return (await allJobs(target.api)).filter((entry) => entry.workspace_id === workspace);
}

/** Lets time pass until `seconds` after the next full minute. */
async function nextMinute(target: Target, seconds = 5): Promise<void> {
  await target.pass(MINUTE - (target.now() % MINUTE) + seconds * 1000);
}

check("a cron job is created, read, listed and deleted", async (target) => {
  const created = await schedule(target, { name: target.name("nightly") });
  assert.equal((await cronOf(target, created.id)).id, created.id);
  assert.ok((await listed(target)).some((entry) => entry.id === created.id));
  ok(await target.api.delete(`/mags-cron/${created.id}`), "delete");
  refused(await target.api.get(`/mags-cron/${created.id}`), "get afterwards", 404);
  refused(await target.api.delete(`/mags-cron/${created.id}`), "delete again", 404);
  assert.ok(!(await listed(target)).some((entry) => entry.id === created.id));
});

check("a cron job shows what was sent, but not its environment", async (target) => {
  const workspace = target.name("ws");
  const sent = { script: "echo nightly", persistent: true, workspace_id: workspace };
  const { id } = await schedule(target, { ...sent, environment: { KEY: "do-not-echo-this" } });
  const answer = await target.api.get(`/mags-cron/${id}`);
  const { body } = ok(answer, "get");
  assert.deepEqual(
    [body.cron_expression, body.script, body.persistent, body.workspace_id, body.enabled],
    [RARE, "echo nightly", true, workspace, true],
  );
  assert.ok(
    !answer.text.includes("do-not-echo-this") && !("environment" in body),
    "the environment is shown",
  );
  assert.ok(!ok(await target.api.get("/mags-cron"), "list").text.includes("do-not-echo-this"));
});

check("expressions that are not five fields, or never fire, are refused", async (target) => {
  const wrong = [
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "0/5 x * * *",
    "@daily",
    "0 0 31 2 *",
    "a b c d e",
  ];
  for (const cron_expression of wrong) {
    const body = { name: target.name("wrong"), cron_expression, script: "true" };
    refused(await target.api.post("/mags-cron", body), JSON.stringify(cron_expression), 400, 422);
  }
});

check("name, expression and script are required", async (target) => {
  const whole: Record<string, string> = { name: target.name("part"), cron_expression: RARE, script: "true" };
  for (const key of Object.keys(whole)) {
    const part = Object.fromEntries(Object.entries(whole).filter(([other]) => other !== key));
    refused(await target.api.post("/mags-cron", part), `without ${key}`, 400, 422);
  }
});

check("a PATCH changes the keys that were sent and no others", async (target) => {
  const created = await schedule(target, {
    workspace_id: target.name("ws"),
    script: "echo one",
    persistent: true,
  });
  const path = `/mags-cron/${created.id}`;
  const shown = async () => {
    const { name, cron_expression, script, persistent, workspace_id, enabled } = await cronOf(
      target,
      created.id,
    );
    return { name, cron_expression, script, persistent, workspace_id, enabled };
  };
  const expected = await shown();
  const changes: Record<string, unknown>[] = [
    { script: "echo two" },
    { cron_expression: "15 3 * * 1" },
    { enabled: false },
    { name: target.name("renamed") },
    { persistent: false },
    { workspace_id: target.name("moved") },
    { enabled: true },
  ];
  for (const change of changes) {
    ok(await target.api.patch(path, change), JSON.stringify(change));
    Object.assign(expected, change);
    assert.deepEqual(await shown(), expected, `after ${JSON.stringify(change)}`);
  }
  ok(await target.api.patch(path, { environment: { A: "1" } }), "environment");
  assert.deepEqual(await shown(), expected);
});

check("a PATCH can clear the workspace", async (target) => {
  const { id } = await schedule(target, { workspace_id: target.name("ws") });
  ok(await target.api.patch(`/mags-cron/${id}`, { workspace_id: "" }), "PATCH");
  assert.ok(!(await cronOf(target, id)).workspace_id);
});

check("a PATCH that is wrong is refused and changes nothing", async (target) => {
  const { id } = await schedule(target);
  const path = `/mags-cron/${id}`;
  refused(
    await target.api.patch(path, { script: "echo new", cron_expression: "every day" }),
    "expression",
    400,
    422,
  );
  refused(await target.api.patch(path, { enabled: "no" }), "enabled", 400, 422);
  const found = await cronOf(target, id);
  assert.deepEqual([found.script, found.cron_expression, found.enabled], ["echo fired", RARE, true]);
});

check("the next fire is told in UTC", async (target) => {
  const { id } = await schedule(target, { cron_expression: "30 4 * * *" });
  const { next_run_at: next } = await cronOf(target, id);
  if (next !== undefined) assert.match(next, /T04:30:00(\.0+)?Z$/);
});

check(
  "`enabled` is not honoured on create, only by PATCH",
  async (target) => {
    const { id } = await schedule(target, { enabled: false });
    assert.equal((await cronOf(target, id)).enabled, true);
    ok(await target.api.patch(`/mags-cron/${id}`, { enabled: false }), "PATCH");
    assert.equal((await cronOf(target, id)).enabled, false);
  },
  ["quirks"],
);

check(
  "a cron job fires at its minute, as a job in the list",
  async (target) => {
    const workspace = target.name("ws");
    const minute = (new Date(target.now()).getUTCMinutes() + 2) % 60;
    const { id } = await schedule(target, { cron_expression: `${minute} * * * *`, workspace_id: workspace });
    await nextMinute(target);
    assert.deepEqual(await fires(target, workspace), [], "not a minute early");
    await nextMinute(target, 1);
    const found = await fires(target, workspace);
    assert.equal(found.length, 1, "once at its minute");
    const run = found[0]?.request_id ?? "";
    await target.until("it has run", async () => (await statusOf(target.api, run)).status === "completed");
    assert.ok((await logsOf(target.api, run)).includes("fired"));
    assert.notEqual((await cronOf(target, id)).last_run_at, undefined);
    await nextMinute(target);
    assert.equal((await fires(target, workspace)).length, 1, "and not again in the next minute");
  },
  ["clock"],
);

check(
  "every minute means every minute, once each",
  async (target) => {
    const workspace = target.name("ws");
    await schedule(target, { cron_expression: "* * * * *", workspace_id: workspace });
    for (let count = 1; count <= 3; count++) {
      await nextMinute(target);
      assert.equal((await fires(target, workspace)).length, count);
    }
  },
  ["clock"],
);

check(
  "a schedule is read in UTC",
  async (target) => {
    const workspace = target.name("ws");
    const start = new Date(target.now());
    const hour = (start.getUTCHours() + 1) % 24;
    await schedule(target, { cron_expression: `0 ${hour} * * *`, workspace_id: workspace });
    const full = 60 * MINUTE - (target.now() % (60 * MINUTE));
    await target.pass(full - 10_000);
    assert.equal((await fires(target, workspace)).length, 0, "ten seconds before");
    await target.pass(20_000);
    assert.equal((await fires(target, workspace)).length, 1, "ten seconds after");
  },
  ["clock"],
);

check(
  "a disabled or deleted cron job does not fire",
  async (target) => {
    const [one, two] = [target.name("one"), target.name("two")];
    const disabled = await schedule(target, { cron_expression: "* * * * *", workspace_id: one });
    ok(await target.api.patch(`/mags-cron/${disabled.id}`, { enabled: false }), "disable");
    const deleted = await schedule(target, { cron_expression: "* * * * *", workspace_id: two });
    ok(await target.api.delete(`/mags-cron/${deleted.id}`), "delete");
    await nextMinute(target);
    assert.deepEqual([await fires(target, one), await fires(target, two)], [[], []]);
    ok(await target.api.patch(`/mags-cron/${disabled.id}`, { enabled: true }), "enable");
    await nextMinute(target);
    assert.equal((await fires(target, one)).length, 1, "enabled again");
  },
  ["clock"],
);

check(
  "an edited schedule fires by its new expression alone",
  async (target) => {
    const workspace = target.name("ws");
    const { id } = await schedule(target, { cron_expression: "* * * * *", workspace_id: workspace });
    const minute = (new Date(target.now()).getUTCMinutes() + 2) % 60;
    ok(
      await target.api.patch(`/mags-cron/${id}`, {
        cron_expression: `${minute} * * * *`,
        script: "echo edited",
      }),
      "PATCH",
    );
    await nextMinute(target);
    assert.equal((await fires(target, workspace)).length, 0, "the old one is forgotten");
    await nextMinute(target);
    const found = await fires(target, workspace);
    assert.equal(found.length, 1);
    assert.ok(
      (await logsOf(target.api, found[0]?.request_id ?? "")).includes("edited"),
      "with the new script",
    );
  },
  ["clock"],
);

check(
  "a fire on a busy workspace is a failed job with the conflict, and harms nothing",
  async (target) => {
    const workspace = target.name("busy");
    const id = await readyJob(target, { ...SANDBOX, workspace_id: workspace, no_sleep: true });
    await schedule(target, { cron_expression: "* * * * *", workspace_id: workspace });
    await nextMinute(target);
    const others = (await fires(target, workspace)).filter((entry) => entry.request_id !== id);
    assert.equal(others.length, 1, "the fire is on record");
    assert.equal(others[0]?.status, "error");
    assert.match(
      (await logsOf(target.api, others[0]?.request_id ?? "")).join("\n"),
      /already|in use|conflict/i,
    );
    const active = (await fires(target, workspace)).filter((entry) => isActive(entry.status));
    assert.deepEqual(
      active.map((entry) => entry.request_id),
      [id],
      "never a second writer",
    );
  },
  ["clock"],
);
