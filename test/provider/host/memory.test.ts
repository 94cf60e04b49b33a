import { handlerOf } from "../../../provider/host/handler";
import { SmallHeap, sparing, thisHeap } from "../../../provider/host/memory";
import { job } from "../../../provider/lifecycle/job";

// Many at once, also where the machine is busy.
jest.setTimeout(60_000);

const MB = 1024 * 1024;

/** A heap that grows by what each call leaves behind. */
function growing(perCall: number, inUse = 42 * MB) {
  const heap = {
    bytes: inUse,
    highest: 0,
    collections: 0,
    used: () => heap.bytes,
    collect: () => {
      heap.collections++;
      heap.bytes = inUse;
    },
  };
  const small = new SmallHeap(heap);
  return {
    heap,
    call(times: number) {
      for (let call = 0; call < times; call++) {
        heap.bytes += perCall;
        heap.highest = Math.max(heap.highest, heap.bytes);
        small.look();
      }
    },
  };
}

describe("the heap of the host", () => {
  it("stays bounded, however many calls there are", () => {
    const { heap, call } = growing(30_000);
    call(100_000);
    expect(heap.highest).toBeLessThan(1.2 * 42 * MB + 32 * 30_000);
    expect(heap.collections).toBeLessThan(400);
  });

  it("is collected the less often, the more is in use", () => {
    const { heap, call } = growing(30_000, 400 * MB);
    call(100_000);
    expect(heap.highest).toBeLessThan(1.2 * 400 * MB + 32 * 30_000);
    expect(heap.collections).toBeLessThan(40);
  });

  it("is left alone while it does not grow", () => {
    const { heap, call } = growing(0);
    call(10_000);
    expect(heap.collections).toBe(0);
  });

  it("can be collected in this process", () => {
    const heap = thisHeap()!;
    let objects = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
    heap.collect();
    const held = heap.used();
    objects = objects.slice(0, 1);
    heap.collect();
    expect(held - heap.used()).toBeGreaterThan(8 * MB);
    expect(objects).toHaveLength(1);
  });

  it("is looked at by every operation of a handler, which answers as before", async () => {
    const { heap } = growing(0);
    let looks = 0;
    const small = new SmallHeap({ ...heap, used: () => ++looks });
    const handler = sparing(
      handlerOf(() => job),
      small,
    );
    const before = looks;
    await handler.configure({ config: { get: () => undefined } });
    for (let call = 0; call < 63; call++) await handler.check({}, {});
    expect(looks - before).toBe(2);
    expect(await handler.check({}, { name: "web", unrecorded: [] })).toMatchObject({ failures: [] });
  });
});
