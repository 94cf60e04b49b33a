import type { MagsClient } from "../../../provider/api/client";
import { FirstLook } from "../../../provider/api/first-look";
import { JobWatcher } from "../../../provider/api/job-watcher";
import type { JobView } from "../../../provider/api/wire";
import { FakeClock } from "../../support/clock";

// Many at once, also where the machine is busy.
jest.setTimeout(60_000);

const INTERVAL = 1_000;
const SUBMIT_MS = 80;
const ANSWER_MS = 50;

/** No timer ends in the millisecond in which it is started. */
class RealisticClock extends FakeClock {
  override sleep(ms: number): Promise<void> {
    return super.sleep(Math.max(1, ms));
  }
}

/** Fleets of VMs that boot in so many milliseconds, made by so many at once, one after another. */
async function boots(count: number, parallel: number, bootMs: (index: number) => number) {
  const clock = new RealisticClock();
  const vms = new Map<string, { requestId: string; upAt: number }>();
  const view = ({ requestId, upAt }: { requestId: string; upAt: number }): JobView =>
    clock.now() >= upAt ? { requestId, status: "running", vmId: "vm" } : { requestId, status: "pending" };
  const asked = new Map<string, number>();
  const client = {
    findJobStatus: async (id: string) => {
      asked.set(id, (asked.get(id) ?? 0) + 1);
      await clock.sleep(ANSWER_MS / 2);
      const answer = view(vms.get(id)!);
      await clock.sleep(ANSWER_MS / 2);
      return answer;
    },
    listJobs: async (page: number) => {
      await clock.sleep(ANSWER_MS);
      const newest = [...vms.values()].reverse().slice((page - 1) * 50, page * 50);
      return { items: newest.map(view).map(({ requestId, status }) => ({ requestId, status })) };
    },
  } as unknown as MagsClient;
  const watcher = new JobWatcher(client, clock, INTERVAL);
  const late: number[] = [];
  let next = 0;
  const create = async (worker: number) => {
    await clock.sleep(3 * worker);
    while (next < count) {
      const index = next++;
      await clock.sleep(SUBMIT_MS + (index % 7));
      const vm = { requestId: `vm-${index}`, upAt: clock.now() + bootMs(index) };
      vms.set(vm.requestId, vm);
      const isUp = (job: JobView | undefined) => job?.vmId !== undefined;
      await watcher.watch(vm.requestId, isUp, 600_000, { boots: true });
      late.push(clock.now() - vm.upAt);
    }
  };
  const all = Promise.all(Array.from({ length: parallel }, (_, worker) => create(worker)));
  while (late.length < count) await clock.advance(10_000);
  await all;
  const calls = [...asked.values()].reduce((sum, ones) => sum + ones, 0);
  const sorted = late.sort((a, b) => a - b);
  return {
    usual: sorted[count >> 1]!,
    latest: sorted.at(-1)!,
    callsPerVm: calls / count,
    isResting: async () => {
      const before = clock.slept.length;
      await clock.advance(3_600_000);
      return clock.slept.length <= before + 1 && clock.sleeping === 0;
    },
  };
}

describe.each([1, 8, 50])("VMs that boot alike, %i at once,", (parallel) => {
  const count = { 1: 100, 8: 400, 50: 1_000 }[parallel]!;

  it.each([
    [0, 1],
    [80, 100],
    [220, 250],
    [440, 500],
  ])("in %i ms are noticed when they are asked for after %i ms, once each", async (bootMs, lead) => {
    const { usual, latest, callsPerVm, isResting } = await boots(
      count,
      parallel,
      (index) => bootMs + (index % 5),
    );
    expect(usual).toBeLessThanOrEqual(lead - bootMs + 2 * ANSWER_MS);
    expect(latest).toBeLessThanOrEqual(INTERVAL + 4 * ANSWER_MS);
    expect(callsPerVm).toBeLessThanOrEqual(1.2);
    expect(await isResting()).toBe(true);
  });

  it.each([700, 2_000])(
    "in %i ms, later than is worth waiting for, are noticed by the looks at all",
    async (bootMs) => {
      const { latest, callsPerVm, isResting } = await boots(count, parallel, () => bootMs);
      expect(latest).toBeLessThanOrEqual(INTERVAL + 4 * ANSWER_MS);
      // The first, and one per interval while it has no id.
      expect(callsPerVm).toBeLessThanOrEqual(1 + Math.ceil(bootMs / INTERVAL));
      expect(await isResting()).toBe(true);
    },
  );
});

it("VMs that come to boot in less time are asked for sooner, and later again where that is too soon", async () => {
  const slowThenFast = await boots(600, 1, (index) => (index < 50 ? 440 : 0));
  expect(slowThenFast.usual).toBeLessThanOrEqual(2 * ANSWER_MS);
  const fastThenSlow = await boots(600, 1, (index) => (index < 50 ? 0 : 440));
  expect(fastThenSlow.usual).toBeLessThanOrEqual(60 + 2 * ANSWER_MS);
});

describe("what is learned", () => {
  /** One that has seen VMs up a quarter of the interval after their start. */
  function learned() {
    const look = new FirstLook(INTERVAL);
    look.lookedWithOthers(120, false);
    look.begin()!.tell(true);
    return look;
  }

  it("is nothing at first: the next look at all is soon enough", () => {
    expect(new FirstLook(INTERVAL).begin()).toBeUndefined();
  });

  it("is tried with one VM before all others are asked for so", () => {
    const look = new FirstLook(INTERVAL);
    look.lookedWithOthers(1, false);
    const trial = look.begin()!;
    expect(trial.afterMs).toBe(100);
    expect(look.begin()).toBeUndefined();
    trial.tell(true);
    expect(Array.from({ length: 20 }, () => look.begin()?.afterMs)).toEqual(Array(20).fill(100));
  });

  it("holds until eight in a row were not up by then", () => {
    const look = learned();
    for (let miss = 0; miss < 7; miss++) look.begin()!.tell(false);
    look.begin()!.tell(true);
    for (let miss = 0; miss < 8; miss++) expect(look.begin()).toMatchObject({ afterMs: 250 });
    for (let miss = 0; miss < 8; miss++) look.begin()!.tell(false);
    expect(look.begin()).toMatchObject({ afterMs: 500 });
  });

  it("is not touched by a VM that could not be seen, nor by one that was looked at too soon to tell", () => {
    const look = learned();
    for (let miss = 0; miss < 20; miss++) look.begin()!.tell(undefined);
    for (let miss = 0; miss < 20; miss++) look.lookedWithOthers(200, false);
    expect(look.begin()).toMatchObject({ afterMs: 250 });
  });

  it("is tried sooner with one VM in thirty-two", () => {
    const look = learned();
    const leads = Array.from({ length: 320 }, () => {
      const own = look.begin()!;
      own.tell(own.afterMs === 250);
      return own.afterMs;
    });
    expect(leads.filter((ms) => ms === 100)).toHaveLength(10);
    expect(leads.filter((ms) => ms === 250)).toHaveLength(310);
  });
});
