import { systemClock } from "../../../provider/api/clock";

describe("the clock of the system", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    ["a minute", 60_000],
    // A timer of Node.js for longer than 24.8 days ends at once.
    ["thirty days", 30 * 24 * 3_600_000],
  ])("does not do before its time what is to be done after %s", (_what, ms) => {
    const work = jest.fn();
    systemClock.after(ms, work);
    jest.advanceTimersByTime(Math.min(ms, 2 ** 31 - 1) - 1);
    expect(work).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("does not do what is not wanted any more", () => {
    const work = jest.fn();
    systemClock.after(1_000, work)();
    jest.advanceTimersByTime(2_000);
    expect(work).not.toHaveBeenCalled();
  });
});
