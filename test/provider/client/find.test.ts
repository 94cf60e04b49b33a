import type { Reply } from "../../support/fake-api";
import { NotFoundError } from "../../../provider/client";
import { failure, onEmulator, onFakeApi, type OnFakeApi, stopAll } from "./support";

interface Listed {
  request_id: string;
  name?: string;
  workspace_id?: string;
  status: string;
}

let the: OnFakeApi;
beforeEach(async () => {
  the = await onFakeApi();
});
afterEach(stopAll);

/** The API with these jobs, newest first, at most fifty on a page. */
function listing(jobs: Listed[]): void {
  the.api.answer(({ path, query }): Reply => {
    if (path === "/api/v1/mags-jobs") {
      const [page, size] = [Number(query.get("page")), Number(query.get("page_size"))];
      return { body: { jobs: jobs.slice((page - 1) * size, page * size), total: jobs.length } };
    }
    const job = jobs.find(({ request_id }) => path === `/api/v1/mags-jobs/${request_id}/status`);
    return job ? { body: job } : { status: 404 };
  });
}

const ended = (count: number): Listed[] =>
  Array.from({ length: count }, (_, index) => ({
    request_id: `old-${index}`,
    name: `old-${index}`,
    status: "completed",
  }));

const job = (request_id: string, status: string, name?: string, workspace_id?: string): Listed => ({
  request_id,
  status,
  name,
  workspace_id,
});

it.each<[string, Listed[], string]>([
  ["a request id before a name", [job("a", "running", "x"), job("x", "completed")], "x"],
  [
    "a running name before a running workspace",
    [job("ws", "running", "n", "x"), job("name", "running", "x")],
    "name",
  ],
  [
    "a running workspace before a name that has ended",
    [job("a", "completed", "x"), job("b", "sleeping", "n", "x")],
    "b",
  ],
  ["a sleeping one like a running one", [job("a", "error", "x"), job("b", "sleeping", "x")], "b"],
  [
    "one that is to come before one that has ended",
    [job("a", "completed", "x"), job("b", "pending", "n", "x")],
    "b",
  ],
  ["the newest of those that have ended", [job("b", "error", "x"), job("a", "completed", "x")], "b"],
])("finds %s", async (_name, jobs, expected) => {
  listing(jobs);
  await expect(the.mags.findJob("x")).resolves.toMatchObject({ requestId: expected });
});

it("finds a job behind more than fifty others", async () => {
  listing([...ended(120), job("deep", "running", "n", "x")]);
  await expect(the.mags.findJob("x")).resolves.toMatchObject({ requestId: "deep" });
});

it("gives null when a complete list shows none", async () => {
  listing(ended(60));
  await expect(the.mags.findJob("x")).resolves.toBeNull();
});

it("does not take an incomplete list for an answer", async () => {
  the.api.answer(() => ({ body: { jobs: ended(50), total: 60 } }));
  const error = await failure(the.mags.findJob("x"));
  expect(error.message).toMatch(/shows 50 of 60; nothing is concluded/);
});

it("reads no further than the page that shows a running job of the name", async () => {
  listing([job("a", "running", "x"), ...ended(200)]);
  await the.mags.findJob("x");
  expect(the.api.requests).toHaveLength(1);
});

it("asks for what it knows by its id, and looks again when that has ended", async () => {
  const jobs = [job("a", "running", "x"), ...ended(5)];
  listing(jobs);
  await the.mags.findJob("x");
  the.api.requests.length = 0;
  await expect(the.mags.findJob("x")).resolves.toMatchObject({ requestId: "a" });
  expect(the.api.calls).toEqual(["GET /api/v1/mags-jobs/a/status"]);
  jobs[0]!.status = "completed";
  jobs.unshift(job("b", "running", "x"));
  await expect(the.mags.findJob("x")).resolves.toMatchObject({ requestId: "b" });
});

it("never guesses by shape: a name that looks like a request id is a name", async () => {
  const name = "00000000-0000-0000-0000-000000000000";
  listing([job("a", "running", name)]);
  await expect(the.mags.findJob(name)).resolves.toMatchObject({ requestId: "a" });
});

it("a name that nobody has is an error where a job is needed", async () => {
  listing([]);
  const { mags } = the;
  for (const call of [() => mags.stop("x"), () => mags.exec("x", "true"), () => mags.url("x")]) {
    const error = await failure(call());
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.message).toMatch(/No job of this account has the name, the workspace or the request id "x"/);
  }
  expect(the.api.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
});

it("lists a page as asked for, and everything from a complete walk", async () => {
  const on = await onEmulator();
  for (let index = 0; index < 53; index++) await on.mags.run("true", { name: `job-${index}` });
  const page = await on.mags.list({ page: 2, pageSize: 10 });
  expect(page).toMatchObject({ page: 2, pageSize: 10, total: 53 });
  expect(page.jobs.map(({ name }) => name)).toEqual(
    Array.from({ length: 10 }, (_, index) => `job-${42 - index}`),
  );
  expect((await on.mags.list()).jobs).toHaveLength(20);
  expect(await on.mags.listAll()).toHaveLength(53);
});
