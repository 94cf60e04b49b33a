import type { MagsClient } from "../../../provider/api/client";
import { JobWatcher } from "../../../provider/api/job-watcher";
import type { JobView } from "../../../provider/api/wire";
import { FakeClock, settle } from "../../support/clock";

/** A cloud of jobs whose status the test sets; `undefined` is a 404. */
function cloud() {
  const status = new Map<string, string | undefined>();
  const calls: string[] = [];
  let broken: Error | undefined;
  let listBroken = false;
  const view = (requestId: string): JobView => ({ requestId, status: status.get(requestId)! });
  const client = {
    findJobStatus: async (id: string) => {
      calls.push(id);
      if (broken) throw broken;
      return status.get(id) === undefined ? undefined : view(id);
    },
    listJobs: async (page: number) => {
      calls.push("list");
      if (listBroken) throw new Error("no list");
      return { items: page === 1 ? [...status.keys()].map(view) : [] };
    },
  } as unknown as MagsClient;
  const clock = new FakeClock();
  return {
    status,
    calls,
    clock,
    watcher: new JobWatcher(client, clock, 1_000),
    breakDown: (error: Error) => (broken = error),
    breakList: () => (listBroken = true),
  };
}

const running = (job: JobView | undefined) => job?.status === "running";

/** What a promise came to, without waiting for it. */
function outcomeOf<T>(promise: Promise<T>) {
  const outcome: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

it("polls at its interval until the status is accepted, then stops", async () => {
  const { watcher, status, clock, calls } = cloud();
  status.set("a", "pending");
  const outcome = outcomeOf(watcher.watch("a", running, 60_000));
  await clock.advance(0);
  expect(calls).toEqual(["a"]);
  await clock.advance(3_000);
  expect(calls).toHaveLength(4);
  expect(outcome.value).toBeUndefined();
  status.set("a", "running");
  await clock.advance(1_000);
  expect(outcome.value).toEqual({ job: { requestId: "a", status: "running" }, timedOut: false });
  await clock.advance(60_000);
  expect(calls).toHaveLength(5);
  expect(clock.sleeping).toBe(0);
});

it("times out at its deadline with the last status", async () => {
  const { watcher, status, clock } = cloud();
  status.set("a", "pending");
  const outcome = outcomeOf(watcher.watch("a", running, 5_000));
  await clock.advance(4_999);
  expect(outcome.value).toBeUndefined();
  await clock.advance(1);
  expect(outcome.value).toEqual({ job: { requestId: "a", status: "pending" }, timedOut: true });
});

it("shows a 404 to the one who waits, who decides", async () => {
  const { watcher, status, clock } = cloud();
  const patient = outcomeOf(watcher.watch("a", running, 60_000));
  const hasty = outcomeOf(watcher.watch("a", (job) => job === undefined, 60_000));
  await clock.advance(0);
  expect(hasty.value).toEqual({ job: undefined, timedOut: false });
  expect(patient.value).toBeUndefined();
  status.set("a", "running");
  await clock.advance(1_000);
  expect(patient.value?.timedOut).toBe(false);
});

it("serves each waiter on its own: one failure does not touch the others", async () => {
  const { watcher, status, clock } = cloud();
  status.set("a", "pending").set("b", "pending");
  const broken = outcomeOf(
    watcher.watch(
      "a",
      () => {
        throw new Error("cannot judge");
      },
      60_000,
    ),
  );
  const fine = outcomeOf(watcher.watch("b", running, 60_000));
  await clock.advance(0);
  expect(broken.error).toEqual(new Error("cannot judge"));
  status.set("b", "running");
  await clock.advance(1_000);
  expect(fine.value?.timedOut).toBe(false);
});

it("fails the waiters whose status cannot be read, and works again afterwards", async () => {
  const { watcher, status, clock, breakDown } = cloud();
  status.set("a", "running");
  breakDown(new Error("down"));
  const outcome = outcomeOf(watcher.watch("a", running, 60_000));
  await clock.advance(0);
  expect(outcome.error).toEqual(new Error("down"));
});

it("starts again after it has gone to rest", async () => {
  const { watcher, status, clock } = cloud();
  status.set("a", "running");
  const first = outcomeOf(watcher.watch("a", running, 1_000));
  await clock.advance(2_000);
  expect(first.value).toBeDefined();
  const second = outcomeOf(watcher.watch("a", running, 1_000));
  await clock.advance(0);
  expect(second.value).toBeDefined();
});

describe("many waiters", () => {
  const names = ["a", "b", "c", "d", "e"];

  it("share one list, and only those who may be done are asked for", async () => {
    const { watcher, status, clock, calls } = cloud();
    names.forEach((name) => status.set(name, "pending"));
    const outcomes = names.map((name) => outcomeOf(watcher.watch(name, running, 60_000)));
    await clock.advance(0);
    expect(calls).toEqual(["list"]);
    status.set("c", "running");
    await clock.advance(1_000);
    expect(calls).toEqual(["list", "list", "c"]);
    expect(outcomes.map(({ value }) => value !== undefined)).toEqual([false, false, true, false, false]);
  });

  it("time out although the list alone was looked at", async () => {
    const { watcher, status, clock } = cloud();
    names.forEach((name) => status.set(name, "pending"));
    const outcomes = names.map((name) => outcomeOf(watcher.watch(name, running, 2_000)));
    await clock.advance(2_000);
    expect(outcomes.map(({ value }) => value)).toEqual(
      names.map((name) => ({ job: { requestId: name, status: "pending" }, timedOut: true })),
    );
  });

  it("are asked for one by one when the list fails", async () => {
    const { watcher, status, clock, calls, breakList } = cloud();
    names.forEach((name) => status.set(name, "running"));
    breakList();
    const outcomes = names.map((name) => outcomeOf(watcher.watch(name, running, 60_000)));
    await clock.advance(0);
    expect(calls).toEqual(["list", ...names]);
    expect(outcomes.every(({ value }) => value?.timedOut === false)).toBe(true);
  });

  it("are not held up by one that cannot judge", async () => {
    const { watcher, status, clock } = cloud();
    names.forEach((name) => status.set(name, "pending"));
    const broken = outcomeOf(
      watcher.watch(
        "a",
        () => {
          throw new Error("cannot judge");
        },
        60_000,
      ),
    );
    const others = names.slice(1).map((name) => outcomeOf(watcher.watch(name, running, 60_000)));
    await clock.advance(0);
    expect(broken.error).toEqual(new Error("cannot judge"));
    names.forEach((name) => status.set(name, "running"));
    await clock.advance(1_000);
    await settle();
    expect(others.every(({ value }) => value?.timedOut === false)).toBe(true);
  });
});
