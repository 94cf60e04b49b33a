import { systemClock } from "../../../provider/api/clock";

describe("the clock of the system", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("does what is wanted at its time, and not before", () => {
    const work = jest.fn();
    systemClock.after(60_000, work);
    jest.advanceTimersByTime(59_999);
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
