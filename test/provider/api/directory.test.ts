import type { MagsClient } from "../../../provider/api/client";
import { Directory } from "../../../provider/api/directory";
import { MalformedAnswerError } from "../../../provider/api/errors";
import type { JobView, Page } from "../../../provider/api/wire";
import { FakeClock, settle } from "../../support/clock";

const jobs = (from: number, count: number): JobView[] =>
  Array.from({ length: count }, (_, i) => ({ requestId: `r-${from + i}`, status: "running" }));

/** A client that has nothing but lists, each answered by the test. */
function listing(lists: {
  jobs?: (page: number) => Page<JobView> | Promise<Page<JobView>>;
  workspaces?: () => Page<{ workspaceId: string }> | Promise<Page<{ workspaceId: string }>>;
}) {
  const calls = { jobs: [] as number[], workspaces: 0 };
  const client = {
    listJobs: async (page: number) => {
      if (page > 100) throw new Error("a walk without end");
      calls.jobs.push(page);
      return lists.jobs!(page);
    },
    listWorkspaces: async () => {
      calls.workspaces++;
      return lists.workspaces!();
    },
  } as unknown as MagsClient;
  const clock = new FakeClock();
  return { calls, clock, directory: new Directory(client, clock) };
}

/** A list of `count` jobs in pages of fifty. */
const paged = (count: number) => (page: number) => ({
  items: jobs(0, count).slice((page - 1) * 50, page * 50),
  total: count,
});

describe("a walk", () => {
  it.each([0, 1, 50, 51, 149])("of %i jobs shows each once and asks no page too many", async (count) => {
    const { directory, calls } = listing({ jobs: paged(count) });
    expect(await directory.jobs()).toHaveLength(count);
    expect(calls.jobs).toHaveLength(Math.max(1, Math.ceil(count / 50)));
  });

  it("without a total ends at the first short page", async () => {
    const { directory, calls } = listing({ jobs: (page) => ({ items: paged(70)(page).items }) });
    expect(await directory.jobs()).toHaveLength(70);
    // Only a page of the size that the contract promises is known to be short.
    expect(calls.jobs).toEqual([1, 1, 2]);
  });

  it("survives a job that is submitted meanwhile and shifts the pages", async () => {
    const all = jobs(0, 80);
    const { directory } = listing({
      jobs: (page) => {
        const items = all.slice((page - 1) * 50, page * 50);
        if (page === 1) all.unshift({ requestId: "new", status: "pending" });
        return { items, total: page === 1 ? 80 : 81 };
      },
    });
    const seen = (await directory.jobs()).map((job) => job.requestId);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(jobs(0, 80).map((job) => job.requestId)));
  });

  it("ends at once where jobs are submitted all the while, and has what was there when it began", async () => {
    const all = jobs(0, 120);
    const { directory, calls } = listing({
      jobs: (page) => {
        const items = all.slice((page - 1) * 50, page * 50);
        const total = all.length;
        all.unshift({ requestId: `new-${page}`, status: "pending" });
        return { items, total };
      },
    });
    const seen = (await directory.jobs()).map((job) => job.requestId);
    expect(seen).toEqual(expect.arrayContaining(jobs(0, 120).map((job) => job.requestId)));
    expect(calls.jobs).toEqual([1, 2, 3]);
  });

  it("of which a job goes away meanwhile is walked again, since it may have hidden another", async () => {
    const all = jobs(0, 80);
    const { directory, calls } = listing({
      jobs: (page) => {
        const answer = { items: all.slice((page - 1) * 50, page * 50), total: all.length };
        if (all.length === 80) all.shift();
        return answer;
      },
    });
    const seen = (await directory.jobs()).map((job) => job.requestId);
    expect(seen).toEqual(jobs(1, 79).map((job) => job.requestId));
    expect(calls.jobs.slice(-2)).toEqual([1, 2]);
  });

  it("with a page missing is walked again, and is an error when that does not help", async () => {
    let broken = 2;
    const { directory } = listing({
      jobs: (page) => (page === 2 && broken-- > 0 ? { items: [], total: 120 } : paged(120)(page)),
    });
    expect(await directory.jobs()).toHaveLength(120);

    const always = listing({ jobs: (page) => (page === 2 ? { items: [], total: 120 } : paged(120)(page)) });
    await expect(always.directory.jobs()).rejects.toThrow(MalformedAnswerError);
    await expect(always.directory.jobs()).rejects.toThrow(/shows 70 of 120; nothing is concluded/);
  });

  it("ends even when the server gives the same page for ever", async () => {
    const { directory, calls } = listing({ jobs: () => ({ items: jobs(0, 50), total: 500 }) });
    await expect(directory.jobs()).rejects.toThrow(/50 of 500/);
    expect(calls.jobs.length).toBeLessThan(40);
  });

  it("of jobs without ids is incomplete, not short", async () => {
    const { directory } = listing({ jobs: () => ({ items: [{ requestId: "", status: "x" }], total: 3 }) });
    await expect(directory.jobs()).rejects.toThrow("1 of 3");
  });

  it("of a truncated list is an error after three attempts", async () => {
    const { directory, calls } = listing({ workspaces: () => ({ items: [{ workspaceId: "a" }], total: 2 }) });
    await expect(directory.workspaces()).rejects.toThrow(/list of workspaces: .*1 of 2/);
    expect(calls.workspaces).toBe(3);
  });
});

describe("sharing", () => {
  const open = () => {
    type Lists = Page<{ workspaceId: string }>;
    const answers: { resolve: (page: Lists) => void; reject: (error: Error) => void }[] = [];
    const lists = listing({
      workspaces: () => new Promise<Lists>((resolve, reject) => answers.push({ resolve, reject })),
    });
    const answer = (...names: string[]) =>
      answers.shift()!.resolve({ items: names.map((workspaceId) => ({ workspaceId })) });
    const fail = (error: Error) => answers.shift()!.reject(error);
    return { ...lists, answer, fail };
  };

  it("one walk answers all who ask at the same time", async () => {
    const { directory, calls, answer } = open();
    const all = Promise.all([directory.workspaces(), directory.workspaces(), directory.workspaces()]);
    await settle();
    expect(calls.workspaces).toBe(1);
    answer("a");
    expect(await all).toEqual(Array(3).fill([{ workspaceId: "a" }]));
  });

  it("a finished walk answers for five seconds", async () => {
    const { directory, calls, clock } = listing({ workspaces: () => ({ items: [] }) });
    await directory.workspaces();
    await clock.advance(5_000);
    await directory.workspaces();
    expect(calls.workspaces).toBe(1);
    await clock.advance(1);
    await directory.workspaces();
    expect(calls.workspaces).toBe(2);
  });

  it("age zero always walks again, also within the same millisecond", async () => {
    const { directory, calls } = listing({ workspaces: () => ({ items: [] }) });
    await directory.workspaces();
    await directory.workspaces(0);
    expect(calls.workspaces).toBe(2);
  });

  it("age zero does not join a walk that is under way: all who come too late share the next one", async () => {
    const { directory, calls, answer } = open();
    const first = directory.workspaces();
    await settle();
    const late = [directory.workspaces(0), directory.workspaces(0), directory.workspaces(0)];
    await settle();
    expect(calls.workspaces).toBe(1);
    answer();
    expect(await first).toEqual([]);
    await settle();
    expect(calls.workspaces).toBe(2);
    answer("a");
    expect(await Promise.all(late)).toEqual(Array(3).fill([{ workspaceId: "a" }]));
  });

  it("those who wait for the next walk get it also when the one under way fails", async () => {
    const { directory, answer, fail } = open();
    const first = directory.workspaces().catch((error: unknown) => error);
    await settle();
    const late = directory.workspaces(0);
    fail(new Error("down"));
    expect(await first).toEqual(new Error("down"));
    await settle();
    answer("a");
    expect(await late).toHaveLength(1);
  });

  it("those who doubt the same list share one other list, however late they come", async () => {
    const { directory, calls } = listing({ workspaces: () => ({ items: [] }) });
    const list = await directory.workspaces();
    await Promise.all([directory.again(list), directory.again(list)]);
    await directory.again(list);
    expect(calls.workspaces).toBe(2);
  });

  it("a second list that failed is asked for again", async () => {
    let fails = false;
    const { directory, calls } = listing({
      workspaces: () => {
        if (fails) throw new Error("down");
        return { items: [] };
      },
    });
    const list = await directory.workspaces();
    fails = true;
    await expect(directory.again(list)).rejects.toThrow("down");
    fails = false;
    expect(await directory.again(list)).toEqual([]);
    expect(calls.workspaces).toBe(3);
  });

  it("a name that no recent list shows is free without another list, and what one shows is looked at again", async () => {
    const items = [{ workspaceId: "a" }];
    const { directory, calls, clock } = listing({ workspaces: () => ({ items: [...items] }) });
    const named = (name: string) =>
      directory.underName("workspaces", ({ workspaceId }) => workspaceId === name);
    expect(await named("b")).toEqual([]);
    directory.noteWrite();
    expect(await named("c")).toEqual([]);
    expect(calls.workspaces).toBe(1);
    items.pop();
    expect(await named("a")).toEqual([]);
    expect(calls.workspaces).toBe(2);
    await clock.advance(30_001);
    await named("b");
    expect(calls.workspaces).toBe(3);
  });

  it("nobody who wrote after a walk began is served by it", async () => {
    const { directory, calls, answer } = open();
    const before = directory.workspaces();
    await settle();
    directory.noteWrite();
    const after = directory.workspaces();
    await settle();
    answer("old");
    expect(await before).toHaveLength(1);
    await settle();
    answer("old", "new");
    expect(await after).toHaveLength(2);
    expect(await directory.workspaces()).toHaveLength(2);
    expect(calls.workspaces).toBe(2);
  });

  it("a finished walk does not serve after a write", async () => {
    const { directory, calls } = listing({ workspaces: () => ({ items: [] }) });
    await directory.workspaces();
    directory.noteWrite();
    await directory.workspaces();
    expect(calls.workspaces).toBe(2);
  });

  it("a failed walk fails all who waited, and the next one walks anew", async () => {
    let fails = true;
    const { directory } = listing({
      workspaces: () => {
        if (fails) throw new Error("down");
        return { items: [{ workspaceId: "a" }] };
      },
    });
    const outcomes = await Promise.allSettled([directory.workspaces(), directory.workspaces()]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    fails = false;
    expect(await directory.workspaces()).toHaveLength(1);
  });

  it("the walk of this run is kept over our own writes", async () => {
    const { directory, calls } = listing({ jobs: paged(3) });
    await directory.jobsOfThisRun();
    directory.noteWrite();
    expect(await directory.jobsOfThisRun()).toHaveLength(3);
    expect(calls.jobs).toEqual([1]);
    await directory.jobs();
    expect(calls.jobs).toEqual([1, 1]);
  });

  it("lists of different things do not answer for each other", async () => {
    const { directory, calls } = listing({ jobs: paged(1), workspaces: () => ({ items: [] }) });
    await Promise.all([directory.jobs(), directory.workspaces()]);
    expect(calls).toEqual({ jobs: [1], workspaces: 1 });
  });
});
