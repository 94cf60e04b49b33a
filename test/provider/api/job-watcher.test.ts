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

describe("a fleet", () => {
  const INTERVAL = 1_000;

  interface Vm {
    requestId: string;
    status: "pending" | "running" | "completed";
    vmId?: string;
  }

  /** A cloud that lists the newest first, fifty to a page, and boots each VM when the test says so. */
  function fleetCloud(older = 0) {
    const vms: Vm[] = [];
    const calls: { at: number; what: string }[] = [];
    const clock = new FakeClock();
    const say = (what: string) => calls.push({ at: clock.now(), what });
    const old = Array.from({ length: older }, (_, i) => ({ requestId: `old-${i}`, status: "completed" }));
    const client = {
      findJobStatus: async (id: string) => {
        say(id);
        const vm = vms.find(({ requestId }) => requestId === id);
        return vm && { ...vm };
      },
      listJobs: async (page: number) => {
        say("list");
        const all = [...vms.map(({ requestId, status }) => ({ requestId, status })).reverse(), ...old];
        return { items: all.slice((page - 1) * 50, page * 50), total: all.length };
      },
    } as unknown as MagsClient;
    const watcher = new JobWatcher(client, clock, INTERVAL);
    const count = (what: (call: string) => boolean) => calls.filter((call) => what(call.what)).length;
    return {
      vms,
      clock,
      watcher,
      calls,
      pages: () => count((what) => what === "list"),
      asked: () => count((what) => what !== "list"),
      boot: async (status: Vm["status"], of: Vm[] = vms) => of.forEach((vm) => (vm.status = status)),
    };
  }

  const ready = (job: JobView | undefined) => job?.status === "running" && job.vmId !== undefined;

  function create(cloud: ReturnType<typeof fleetCloud>, count: number) {
    return Array.from({ length: count }, (_, i) => {
      const vm: Vm = { requestId: `vm-${i}`, status: "pending" };
      cloud.vms.push(vm);
      return { vm, outcome: outcomeOf(cloud.watcher.watch(vm.requestId, ready, 600_000, { boots: true })) };
    });
  }

  /** A VM that is waited for from now on; one that runs has an id. */
  function add(cloud: ReturnType<typeof fleetCloud>, index: number, status: Vm["status"]) {
    const vm: Vm = { requestId: `vm-${index}`, status, ...(status === "running" ? { vmId: "machine" } : {}) };
    cloud.vms.push(vm);
    return outcomeOf(cloud.watcher.watch(vm.requestId, ready, 60_000, { boots: true }));
  }

  it.each([0, 100_000])(
    "of 200 VMs beside %i old jobs: a walk of four pages per interval, a status call per VM and one more per interval without VM id",
    async (older) => {
      const cloud = fleetCloud(older);
      const all = create(cloud, 200);
      await cloud.clock.advance(4_500);
      expect(cloud.asked()).toBe(0);
      expect(cloud.pages()).toBe(5 * 4);
      await cloud.boot("running");
      await cloud.clock.advance(1_000);
      expect(cloud.asked()).toBe(200);
      await cloud.clock.advance(1_000);
      expect(cloud.asked()).toBe(400);
      cloud.vms.forEach((vm) => (vm.vmId = `machine of ${vm.requestId}`));
      await cloud.clock.advance(1_000);
      expect(all.every(({ outcome }) => outcome.value?.timedOut === false)).toBe(true);
      expect(cloud.asked()).toBe(600);
      expect(cloud.pages()).toBe(8 * 4);
      await cloud.clock.advance(60_000);
      expect(cloud.calls).toHaveLength(600 + 8 * 4);
    },
  );

  it("notices nobody later than one interval after it is up, however long a look takes", async () => {
    const cloud = fleetCloud();
    const all = create(cloud, 40);
    const upAt = new Map<string, number>();
    const late: number[] = [];
    // One after another, at odd moments.
    for (const { vm, outcome } of all) {
      await cloud.clock.advance(370);
      Object.assign(vm, { status: "running", vmId: "machine" });
      upAt.set(vm.requestId, cloud.clock.now());
      for (const other of all) {
        const up = upAt.get(other.vm.requestId);
        if (up !== undefined && !other.outcome.value) late.push(cloud.clock.now() - up);
      }
      expect(outcome.error).toBeUndefined();
    }
    await cloud.clock.advance(INTERVAL);
    expect(all.every(({ outcome }) => outcome.value !== undefined)).toBe(true);
    expect(Math.max(...late)).toBeLessThan(INTERVAL);
    expect(cloud.asked()).toBe(40);
  });

  it("looks once per interval from look to look, also when a look takes long", async () => {
    const cloud = fleetCloud();
    const slow = new JobWatcher(
      {
        findJobStatus: async () => {
          cloud.calls.push({ at: cloud.clock.now(), what: "slow" });
          await cloud.clock.sleep(400);
          return { requestId: "a", status: "pending" };
        },
      } as unknown as MagsClient,
      cloud.clock,
      INTERVAL,
    );
    void slow.watch("a", ready, 3_500);
    await cloud.clock.advance(3_000);
    const times = cloud.calls.map(({ at }) => at - cloud.calls[0]!.at);
    expect(times).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it("that boots at once is asked for at once, without waiting for the next look", async () => {
    const cloud = fleetCloud();
    const start = (i: number) => add(cloud, i, "running");
    const first = start(0);
    // One that takes its time keeps the poller at work.
    cloud.vms.push({ requestId: "slow", status: "pending" });
    await cloud.clock.advance(0);
    expect(first.value).toBeDefined();
    void cloud.watcher.watch("slow", ready, 60_000, { boots: true });
    await cloud.clock.advance(0);
    const second = start(1);
    await cloud.clock.advance(1_000);
    expect(second.value).toBeDefined();
    for (let i = 2; i <= 20; i++) {
      const outcome = start(i);
      await settle();
      expect(outcome.value?.timedOut).toBe(false);
    }
    expect(cloud.asked()).toBe(21 + 2);
    expect(cloud.pages()).toBe(0);
  });

  it("of which one was not up when it was asked for at once costs one call in vain", async () => {
    const cloud = fleetCloud();
    const start = (i: number, status: Vm["status"]) => add(cloud, i, status);
    start(0, "running");
    await cloud.clock.advance(0);
    for (let i = 1; i <= 20; i++) start(i, "pending");
    await settle();
    // All of them began to wait before the first one was seen not to be up.
    const vain = cloud.asked() - 1;
    for (let i = 21; i <= 40; i++) start(i, "pending");
    await settle();
    expect(cloud.asked() - 1).toBe(vain);
  });

  it("of which some are not up yet, and others are, goes on to be asked for at once", async () => {
    const cloud = fleetCloud();
    const start = (i: number, status: Vm["status"]) => add(cloud, i, status);
    // The first one's status was asked for with a look; the second one was up when it was asked for at once.
    start(0, "running");
    await cloud.clock.advance(0);
    start(1, "running");
    await settle();
    for (let i = 2; i <= 20; i++) {
      const outcome = start(i, i % 4 === 0 ? "pending" : "running");
      await settle();
      expect(outcome.value?.timedOut).toBe(i % 4 === 0 ? undefined : false);
    }
    expect(cloud.asked()).toBe(21);
    // Eight in a row that are not end it.
    for (let i = 21; i <= 40; i++) {
      start(i, "pending");
      await settle();
    }
    expect(cloud.asked()).toBe(21 + 7);
  });

  it("that is up is watched by the list alone, also when few are waited for", async () => {
    const cloud = fleetCloud();
    const vm: Vm = { requestId: "vm", status: "running", vmId: "machine" };
    cloud.vms.push(vm);
    const ended = (job: JobView | undefined) => job?.status === "completed";
    const outcome = outcomeOf(cloud.watcher.watch("vm", ended, 60_000, { known: { ...vm } }));
    await cloud.clock.advance(5_000);
    expect(cloud.asked()).toBe(0);
    vm.status = "completed";
    await cloud.clock.advance(1_000);
    expect(outcome.value?.job?.status).toBe("completed");
    expect(cloud.asked()).toBe(1);
  });

  it("of old jobs, deep in a long list, is asked for by id", async () => {
    const cloud = fleetCloud();
    const old = Array.from({ length: 6 }, (_, i): Vm => {
      return { requestId: `deep-${i}`, status: "running", vmId: "machine" };
    });
    cloud.vms.push(
      ...old,
      ...Array.from({ length: 5_000 }, (_, i): Vm => {
        return { requestId: `newer-${i}`, status: "completed" };
      }),
    );
    const ended = (job: JobView | undefined) => job?.status === "completed";
    const all = old.map((vm) => outcomeOf(cloud.watcher.watch(vm.requestId, ended, 60_000)));
    await cloud.clock.advance(10_000);
    // Two looks at the first page tell that they are not there.
    expect(cloud.pages()).toBe(2);
    expect(cloud.asked()).toBe(11 * 6);
    await cloud.boot("completed", old);
    await cloud.clock.advance(1_000);
    expect(all.every(({ value }) => value?.timedOut === false)).toBe(true);
  });

  it("walks the list no more than once per interval, also when everybody is up at the first look", async () => {
    const cloud = fleetCloud();
    for (let burst = 0; burst < 5; burst++) {
      const all = Array.from({ length: 10 }, (_, i) => {
        const requestId = `vm-${burst}-${i}`;
        cloud.vms.push({ requestId, status: "running", vmId: "machine" });
        return outcomeOf(cloud.watcher.watch(requestId, ready, 60_000, { boots: true }));
      });
      await cloud.clock.advance(100);
      expect(all.every(({ value }) => value?.timedOut === false)).toBe(true);
    }
    expect(cloud.pages()).toBe(1);
    expect(cloud.asked()).toBe(50);
  });

  it.each([
    ["time-outs", (cloud: ReturnType<typeof fleetCloud>) => cloud.clock.advance(600_000)],
    [
      "failures",
      async (cloud: ReturnType<typeof fleetCloud>) => {
        await cloud.boot("running");
        cloud.vms.forEach((vm) => (vm.vmId = "broken"));
        await cloud.clock.advance(1_000);
      },
    ],
  ])("is polled no more after %s", async (_, happen) => {
    const cloud = fleetCloud();
    const judge = (job: JobView | undefined) => {
      if (job?.vmId === "broken") throw new Error("cannot judge");
      return ready(job);
    };
    const all = Array.from({ length: 20 }, (_, i) => {
      cloud.vms.push({ requestId: `vm-${i}`, status: "pending" });
      return outcomeOf(cloud.watcher.watch(`vm-${i}`, judge, 30_000));
    });
    await cloud.clock.advance(5_000);
    await happen(cloud);
    expect(all.every(({ value, error }) => value !== undefined || error !== undefined)).toBe(true);
    const before = cloud.calls.length;
    await cloud.clock.advance(3_600_000);
    expect(cloud.calls).toHaveLength(before);
    expect(cloud.clock.sleeping).toBe(0);
  });
});
