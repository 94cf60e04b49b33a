import type { MagsClient } from "../../../provider/api/client";
import { Directory } from "../../../provider/api/directory";
import { JobReads } from "../../../provider/api/job-reads";
import type { JobView } from "../../../provider/api/wire";
import { FakeClock, settle } from "../../support/clock";

const jobs = (kind: string, count: number, status: string): JobView[] =>
  Array.from({ length: count }, (_, i) => ({ requestId: `${kind}-${i}`, status }));
const ours = (count: number) => jobs("ours", count, "running");
const others = (count: number) => jobs("other", count, "running");
const history = (count: number) => jobs("old", count, "completed");

/** An account with these jobs, newest first, in pages of fifty. Every call is counted, those for one job too. */
function account(list: JobView[]) {
  let [pages, asked] = [0, 0];
  const client = {
    listJobs: async (page: number, size: number) => {
      pages++;
      await settle(1);
      const most = Math.min(size, 50);
      return { items: list.slice((page - 1) * most, page * most), total: list.length };
    },
  } as unknown as MagsClient;
  const clock = new FakeClock();
  const directory = new Directory(client, clock);
  const reads = new JobReads(directory, clock);
  /** Reads these, `atOnce` at a time, as the engine does. Whatever the list does not answer is one call more. */
  const read = async (ids: string[], atOnce = 16): Promise<void> => {
    const left = [...ids];
    const worker = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const seen = await reads.active(id);
        if (!seen) asked++;
        else expect(seen).toEqual(list.find(({ requestId }) => requestId === id));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  return { list, clock, directory, reads, read, calls: () => ({ pages, asked, all: pages + asked }) };
}

const ids = (list: JobView[]) => list.map(({ requestId }) => requestId);
/** In the order in which a stack holds them: the first that was made is the last in the list. */
const oldestFirst = (list: JobView[]) => ids(list).reverse();

it.each([1, 16])("a thousand jobs take at most 24 calls, %i at a time", async (atOnce) => {
  const at = account(ours(1_000));
  await at.read(oldestFirst(at.list), atOnce);
  expect(at.calls()).toEqual({ pages: 20, asked: 3, all: 23 });
});

it("three jobs take no list", async () => {
  const at = account(ours(3));
  await at.read(ids(at.list));
  expect(at.calls()).toEqual({ pages: 0, asked: 3, all: 3 });
});

describe("beside a hundred thousand ended jobs", () => {
  const LONG = 100_000;

  it.each([10, 1_000])("%i older jobs take one call each, and the first page", async (count) => {
    const fleet = ours(count);
    const at = account([...history(LONG), ...fleet]);
    await at.read(oldestFirst(fleet));
    expect(at.calls()).toEqual({ pages: 1, asked: count, all: count + 1 });
  });

  it("ten that are the newest take the reads before the list and one page", async () => {
    const fleet = ours(10);
    const at = account([...fleet, ...history(LONG)]);
    await at.read(oldestFirst(fleet));
    expect(at.calls()).toEqual({ pages: 1, asked: 3, all: 4 });
  });

  it.each([1, 16])("a thousand that are the newest take their pages, %i at a time", async (atOnce) => {
    const fleet = ours(1_000);
    const at = account([...fleet, ...history(LONG)]);
    await at.read(oldestFirst(fleet), atOnce);
    expect(at.calls().all).toBeLessThanOrEqual(40);
  });

  it("the jobs of others are not walked through for a few of ours", async () => {
    const fleet = ours(10);
    const at = account([...others(5_000), ...fleet, ...history(LONG)]);
    await at.read(oldestFirst(fleet), 1);
    expect(at.calls().all).toBeLessThanOrEqual(10 + 43);
  });
});

it("ten thousand jobs take the pages of their list, not a call each", async () => {
  const at = account(ours(10_000));
  await at.read(oldestFirst(at.list));
  expect(at.calls().all).toBeLessThanOrEqual(300);
});

it("ten thousand behind a history that is shorter take two walks at most", async () => {
  const fleet = ours(10_000);
  const at = account([...history(10_000), ...fleet]);
  await at.read(oldestFirst(fleet));
  expect(at.calls().all).toBeLessThanOrEqual(2 * 400 + 20);
});

describe("a write of ours", () => {
  it("makes what was walked outdated at once", async () => {
    const at = account(ours(100));
    await at.read(ids(at.list));
    expect(await at.reads.active("ours-50")).toBeDefined();
    at.directory.noteWrite();
    at.list[50]!.status = "completed";
    expect(await at.reads.active("ours-50")).toBeUndefined();
  });

  it("also where only the newest part of a long list was looked at", async () => {
    const at = account([...ours(60), ...history(5_000)]);
    await at.read(oldestFirst(ours(60)));
    expect(await at.reads.active("ours-50")).toBeDefined();
    at.directory.noteWrite();
    expect(await at.reads.active("ours-50")).toBeUndefined();
  });

  it("before each read does not make each of them walk the list", async () => {
    const at = account(ours(1_000));
    for (const id of ids(at.list).slice(0, 100)) {
      await at.read([id]);
      at.directory.noteWrite();
    }
    expect(at.calls().all).toBeLessThanOrEqual(100 + 5 * 20);
  });
});

it("an incomplete list answers nothing, and is not walked again for every read", async () => {
  const list = ours(1_000);
  let pages = 0;
  const client = {
    listJobs: async (page: number) => {
      pages++;
      return { items: page === 7 ? [] : list.slice((page - 1) * 50, page * 50), total: list.length };
    },
  } as unknown as MagsClient;
  const clock = new FakeClock();
  const reads = new JobReads(new Directory(client, clock), clock);
  for (const id of ids(list).slice(0, 100)) expect(await reads.active(id)).toBeUndefined();
  expect(pages).toBeLessThanOrEqual(6 * 60);
});

it("what fails at the first page fails the reads that wait for it, and no later one", async () => {
  let fails = true;
  const list = ours(100);
  const client = {
    listJobs: async (page: number) => {
      if (fails) throw new Error("down");
      return { items: list.slice((page - 1) * 50, page * 50), total: list.length };
    },
  } as unknown as MagsClient;
  const clock = new FakeClock();
  const reads = new JobReads(new Directory(client, clock), clock);
  for (const id of ["ours-0", "ours-1", "ours-2"]) await reads.active(id);
  await expect(Promise.all([reads.active("ours-3"), reads.active("ours-4")])).rejects.toThrow("down");
  fails = false;
  expect(await reads.active("ours-3")).toMatchObject({ status: "running" });
});
