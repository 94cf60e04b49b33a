import * as assert from "node:assert/strict";
import { allJobs, area, ok, reach, readyJob, refused, SANDBOX, submit } from "../support/check";
import type { ListedJob } from "../support/check";
import type { Target } from "../support/target";

const { check, checks } = area("lists");
export const listChecks = checks;

async function page(target: Target, query: string): Promise<{ jobs: ListedJob[]; total: number }> {
  const { body } = ok(await target.api.get(`/mags-jobs${query}`), `list${query}`);
  assert.ok(Array.isArray(body.jobs) && typeof body.total === "number", "a list has `jobs` and `total`");
  return body as { jobs: ListedJob[]; total: number };
}

check("a listed job has its id, name, workspace and status", async (target) => {
  const name = target.name("listed");
  const id = await readyJob(target, { ...SANDBOX, name, workspace_id: `${name}-ws` });
  const listed = (await page(target, "?page=1&page_size=50")).jobs.find((entry) => entry.request_id === id);
  assert.deepEqual(
    [listed?.name, listed?.workspace_id, listed?.status],
    [name, `${name}-ws`, "running"],
    "the item shows what was asked for",
  );
});

check("a job is listed as soon as it was accepted, newest first", async (target) => {
  const first = await submit(target.api, { ...SANDBOX, name: target.name("first") });
  const second = await submit(target.api, { ...SANDBOX, name: target.name("second") });
  const ids = (await page(target, "?page_size=50")).jobs.map((entry) => entry.request_id);
  assert.ok(ids.includes(first) && ids.includes(second), "both are on the first page");
  assert.ok(ids.indexOf(second) < ids.indexOf(first), "the newer one stands first");
});

check("ended jobs stay listed under the same name, newest first", async (target) => {
  const name = target.name("ended");
  const first = await submit(target.api, { script: "true", name });
  await reach(target, first, "completed");
  const second = await submit(target.api, { script: "exit 3", name });
  await reach(target, second, "error");
  const third = await readyJob(target, { ...SANDBOX, name });
  const listed = (await allJobs(target.api)).filter((entry) => entry.name === name);
  assert.deepEqual(
    listed.map((entry) => [entry.request_id, entry.status]),
    [
      [third, "running"],
      [second, "error"],
      [first, "completed"],
    ],
  );
});

check(
  "a page holds 20 jobs, or as many as asked for, but never more than 50",
  async (target) => {
    for (let index = 0; index < 55; index++) await submit(target.api, { script: "true" });
    assert.equal((await page(target, "")).jobs.length, 20, "20 by default");
    assert.equal((await page(target, "?page_size=7")).jobs.length, 7);
    const longest = await page(target, "?page=1&page_size=200");
    assert.equal(longest.jobs.length, 50, "50 at most");
    assert.ok(longest.total >= 55, "the total counts every page");
  },
  ["quantity"],
);

check("a page is never longer than 50", async (target) => {
  assert.ok((await page(target, "?page=1&page_size=500")).jobs.length <= 50);
});

check(
  "pages follow each other without gap or overlap until the total",
  async (target) => {
    for (let index = 0; index < 25; index++) await submit(target.api, { script: "true" });
    const { total } = await page(target, "?page_size=10");
    const ids: string[] = [];
    for (let number = 1; number <= Math.ceil(total / 10); number++) {
      const found = await page(target, `?page=${number}&page_size=10`);
      assert.equal(found.total, total, "the total is the same on every page");
      ids.push(...found.jobs.map((entry) => entry.request_id));
    }
    assert.equal(ids.length, total);
    assert.equal(new Set(ids).size, total, "no job is listed twice");
    assert.deepEqual((await page(target, `?page=${Math.ceil(total / 10) + 1}&page_size=10`)).jobs, []);
  },
  ["quantity"],
);

check(
  "pages that make no sense are refused",
  async (target) => {
    refused(await target.api.get("/mags-jobs?page=zero"), "page=zero", 400, 422);
    refused(await target.api.get("/mags-jobs?page_size=-1"), "page_size=-1", 400, 422);
  },
  ["quirks"],
);
