import { Limiter } from "../../../provider/api/limiter";
import { FakeClock, settle } from "../../support/clock";

/** Tasks that end when told to, and say when they began. */
function tasks(limiter: Limiter) {
  const begun: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const start = (name: string) =>
    limiter.run(
      () =>
        new Promise<void>((resolve, reject) => {
          begun.push(name);
          end.set(name, (error) => (error ? reject(error) : resolve()));
        }),
    );
  return { begun, end, start };
}

describe("Limiter", () => {
  it("runs at most max tasks at once and hands places over in order", async () => {
    const { begun, end, start } = tasks(new Limiter(2, new FakeClock()));
    const all = Promise.all(["a", "b", "c", "d"].map(start));
    await settle();
    expect(begun).toEqual(["a", "b"]);
    end.get("b")!();
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    end.get("a")!();
    await settle();
    expect(begun).toEqual(["a", "b", "c", "d"]);
    end.get("c")!();
    end.get("d")!();
    await all;
  });

  it("gives a place back when a task fails", async () => {
    const { begun, end, start } = tasks(new Limiter(1, new FakeClock()));
    const first = start("a");
    const second = start("b");
    await settle();
    end.get("a")!(new Error("broken"));
    await expect(first).rejects.toThrow("broken");
    await settle();
    expect(begun).toEqual(["a", "b"]);
    end.get("b")!();
    await second;
    const third = start("c");
    await settle();
    expect(begun).toContain("c");
    end.get("c")!();
    await third;
  });

  it("holds everyone during a pause, and a longer pause wins", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(8, clock);
    const { begun, end, start } = tasks(limiter);
    limiter.pause(clock.now() + 1_000);
    const all = Promise.all(["a", "b"].map(start));
    await settle();
    expect(begun).toEqual([]);
    limiter.pause(clock.now() + 5_000);
    limiter.pause(clock.now() + 10);
    await clock.advance(4_999);
    expect(begun).toEqual([]);
    await clock.advance(1);
    expect(begun.sort()).toEqual(["a", "b"]);
    end.forEach((finish) => finish());
    await all;
  });
});

describe("a budget that several share", () => {
  it("is that of the one who asks for the least, also while more are under way", async () => {
    const limiter = new Limiter(3, new FakeClock());
    const { begun, end, start } = tasks(limiter);
    const all = Promise.all(["a", "b", "c", "d", "e"].map(start));
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    limiter.restrict(1);
    limiter.restrict(16);
    expect(limiter.max).toBe(1);
    end.get("a")!();
    end.get("b")!();
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    end.get("c")!();
    await settle();
    expect(begun).toEqual(["a", "b", "c", "d"]);
    end.get("d")!();
    await settle();
    end.get("e")!();
    await all;
    const last = start("f");
    await settle();
    end.get("f")!();
    await last;
  });
});
