import { GoneGuard } from "../../../provider/lifecycle/gone-guard";
import { FakeClock, settle } from "../../support/clock";

/** Reads whose answers the test gives. */
function reads(allowMassGone = false) {
  const clock = new FakeClock();
  const guard = new GoneGuard(clock);
  const start = () => {
    let answer!: (value: "here" | undefined) => void;
    let fail!: (error: Error) => void;
    const verdict: { value?: string; gone?: boolean; error?: Error } = {};
    void guard
      .judge(
        allowMassGone,
        () =>
          new Promise<"here" | undefined>((resolve, reject) => {
            answer = resolve;
            fail = reject;
          }),
      )
      .then(
        (value) => Object.assign(verdict, value === undefined ? { gone: true } : { value }),
        (error: Error) => (verdict.error = error),
      );
    return {
      verdict,
      here: () => answer("here"),
      gone: () => answer(undefined),
      fail: (e: Error) => fail(e),
    };
  };
  const startMany = (count: number) => Array.from({ length: count }, start);
  return { clock, start, startMany };
}

it("lets what is there through at once", async () => {
  const { start } = reads();
  const read = start();
  read.here();
  await settle();
  expect(read.verdict).toEqual({ value: "here" });
});

it("holds a gone verdict until the reads around it have settled", async () => {
  const { clock, start } = reads();
  const [gone, slow] = [start(), start()];
  gone.gone();
  await clock.advance(60_000);
  expect(gone.verdict).toEqual({});
  slow.here();
  await clock.advance(200);
  expect(gone.verdict).toEqual({});
  await clock.advance(400);
  expect(gone.verdict).toEqual({ gone: true });
});

it.each([
  [1, 1],
  [2, 2],
  [3, 15],
  [20, 100],
])("%i of %i gone is believed", async (gone, all) => {
  const { clock, startMany } = reads();
  const list = startMany(all);
  list.forEach((read, i) => (i < gone ? read.gone() : read.here()));
  await clock.advance(2_000);
  expect(list.slice(0, gone).map(({ verdict }) => verdict)).toEqual(Array(gone).fill({ gone: true }));
});

it.each([
  [3, 3],
  [3, 14],
  [21, 100],
  [100, 100],
])("%i of %i gone is not: all of them fail, the others stay", async (gone, all) => {
  const { clock, startMany } = reads();
  const list = startMany(all);
  list.forEach((read, i) => (i < gone ? read.gone() : read.here()));
  await clock.advance(2_000);
  for (const { verdict } of list.slice(0, gone)) {
    expect(verdict.gone).toBeUndefined();
    expect(verdict.error?.message).toMatch(`${gone} of ${all} resources look gone at once`);
    expect(verdict.error?.message).toMatch("MAGS_ALLOW_MASS_GONE=true");
  }
  for (const { verdict } of list.slice(gone)) expect(verdict).toEqual({ value: "here" });
});

it("counts reads that begin while verdicts are held", async () => {
  const { clock, start, startMany } = reads();
  const first = startMany(2);
  first.forEach((read) => read.gone());
  await clock.advance(100);
  const third = start();
  third.gone();
  await clock.advance(2_000);
  for (const { verdict } of [...first, third]) expect(verdict.error).toBeDefined();
});

it("an explicit permission lets everything go", async () => {
  const { clock, startMany } = reads(true);
  const list = startMany(5);
  list.forEach((read) => read.gone());
  await clock.advance(2_000);
  expect(list.every(({ verdict }) => verdict.gone)).toBe(true);
});

it("a read that fails is no verdict, and holds nobody up for ever", async () => {
  const { clock, start } = reads();
  const [broken, gone] = [start(), start()];
  gone.gone();
  broken.fail(new Error("500"));
  await clock.advance(2_000);
  expect(broken.verdict.error?.message).toBe("500");
  expect(gone.verdict).toEqual({ gone: true });
});
