import fc from "fast-check";
import type { MagsClient } from "../../../provider/api/client";
import { ApiError, MalformedAnswerError } from "../../../provider/api/errors";
import { JobList } from "../../../provider/api/job-list";
import type { JobView, Page } from "../../../provider/api/wire";
import { settle } from "../../support/clock";

const job = (requestId: string): JobView => ({ requestId, status: "running" });
const fleet = (count: number): JobView[] => Array.from({ length: count }, (_, i) => job(`r-${i}`));

/** A server that has these jobs, newest first, and gives pages as it likes. */
function server(
  jobs: JobView[],
  give: (page: number, asked: number) => Page<JobView> = (page, asked) => pageOf(jobs, page, asked, 50),
) {
  const calls: [page: number, size: number][] = [];
  let [busy, busiest] = [0, 0];
  const client = {
    listJobs: async (page: number, size: number) => {
      calls.push([page, size]);
      busiest = Math.max(busiest, ++busy);
      await settle(1);
      busy--;
      return give(page, size);
    },
  } as unknown as MagsClient;
  return { jobs, calls, list: new JobList(client), busiest: () => busiest };
}

function pageOf(jobs: JobView[], page: number, asked: number, most: number): Page<JobView> {
  const size = Math.min(asked, most);
  return { items: jobs.slice((page - 1) * size, page * size), total: jobs.length };
}

const ids = (jobs: JobView[]) => jobs.map(({ requestId }) => requestId);

describe("pages", () => {
  it.each([
    [50, 1_000, 20],
    [100, 1_000, 10],
    [200, 1_000, 5],
    [500, 1_000, 2],
    [10_000, 1_000, 2],
    [73, 1_000, 14],
    [50, 30, 1],
  ])("of up to %i where the server gives that many: %i jobs take %i calls", async (most, count, calls) => {
    const jobs = fleet(count);
    const at = server(jobs, (page, asked) => pageOf(jobs, page, asked, most));
    expect(ids(await at.list.walk())).toEqual(ids(jobs));
    expect(at.calls).toHaveLength(calls);
  });

  it("are of the promised size where the server refuses larger ones, which is asked once", async () => {
    const jobs = fleet(120);
    const refusal = { method: "GET", path: "/x", status: 422, serverMessage: "page_size is too large" };
    const at = server(jobs, (page, asked) => {
      if (asked > 50) throw new ApiError(refusal);
      return pageOf(jobs, page, asked, 50);
    });
    expect(await at.list.walk()).toHaveLength(120);
    expect(await at.list.walk()).toHaveLength(120);
    expect(at.calls.filter(([, size]) => size > 50)).toHaveLength(1);
    expect(at.calls).toHaveLength(1 + 3 + 3);
  });

  it("are of the promised size where the server falls back to its own, smaller one", async () => {
    const jobs = fleet(120);
    const at = server(jobs, (page, asked) => pageOf(jobs, page, asked > 50 ? 20 : asked, 50));
    expect(ids(await at.list.walk())).toEqual(ids(jobs));
    expect(at.calls).toHaveLength(1 + 3);
  });

  it("are not asked for in another size because the token is refused", async () => {
    const refusal = { method: "GET", path: "/x", status: 401, serverMessage: "no" };
    const at = server([], () => {
      throw new ApiError(refusal);
    });
    await expect(at.list.walk()).rejects.toMatchObject({ status: 401 });
    expect(at.calls).toHaveLength(1);
  });

  it("after the first are asked for together, and no more than ten at a time", async () => {
    const at = server(fleet(1_000));
    await at.list.walk();
    expect(at.busiest()).toBe(10);
  });
});

describe("a list that changes while it is walked", () => {
  /** Every call may be answered late, and jobs are submitted and forgotten in between. */
  const history = fc.record({
    count: fc.integer({ min: 0, max: 700 }),
    events: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }),
    order: fc.array(fc.nat(30), { maxLength: 60 }),
  });

  it("shows everything that was there at the first page, or is an error: never less", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ count, events, order }) => {
        const jobs = fleet(count);
        const before = ids(jobs);
        let made = 0;
        const pending: (() => void)[] = [];
        const client = {
          listJobs: (page: number, size: number) =>
            new Promise((resolve) => {
              pending.push(() => {
                resolve(pageOf(jobs, page, size, 50));
                const more = events.shift() ?? 0;
                for (let i = 0; i < more; i++) jobs.unshift(job(`new-${made++}`));
              });
            }),
        } as unknown as MagsClient;
        let over = false;
        const walk = new JobList(client).walk().finally(() => (over = true));
        const outcome = walk.catch((error: unknown) => error);
        while (!over) {
          // In any order: the server answers when it likes.
          const [answer] = pending.splice((order.shift() ?? 0) % Math.max(1, pending.length), 1);
          answer?.();
          await Promise.resolve();
        }
        const seen = await outcome;
        if (seen instanceof MalformedAnswerError) return;
        const shown = ids(seen as JobView[]);
        expect(new Set(shown).size).toBe(shown.length);
        // Newest first, whatever page something was found on.
        expect(shown.filter((id) => !id.startsWith("new"))).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it("is not walked twice for a few jobs that are submitted meanwhile, however long it is", async () => {
    const jobs = fleet(10_000);
    const at = server(jobs, (page, asked) => {
      const answer = pageOf(jobs, page, asked, 50);
      if (at.calls.length % 20 === 0) jobs.unshift(job(`new-${at.calls.length}`));
      return answer;
    });
    expect((await at.list.walk()).length).toBeGreaterThanOrEqual(10_000);
    expect(at.calls.length).toBeLessThan(230);
  });

  it("of which a job is forgotten meanwhile is walked again", async () => {
    const jobs = fleet(400);
    let answers = 0;
    const at = server(jobs, (page, asked) => {
      const answer = pageOf(jobs, page, asked, 50);
      if (++answers === 4) jobs.splice(10, 1);
      return answer;
    });
    expect(await at.list.walk()).toHaveLength(399);
    expect(at.calls.length).toBeGreaterThan(8);
  });
});
