import { callScript } from "../../scripts/call";

const STATISTICS = "../bench/report/statistics.mjs";

describe("the statistics of the benchmark", () => {
  it("take the middle one of an odd number, and the mean of the two in the middle of an even one", async () => {
    const medians = await callScript<number[]>(
      STATISTICS,
      `return [m.median([9, 1, 5]), m.median([4, 1, 10, 2]), m.median([7])];`,
    );
    expect(medians).toEqual([5, 3, 7]);
  });

  it("combine what was measured one after the other, not what lies in the middle of each", async () => {
    // The machine was slow in the second round: both took twice as long.
    const spread = await callScript<object>(
      STATISTICS,
      `return m.pairwise([[10, 22, 11], [10, 20, 10]], (mine, their) => mine / their);`,
    );
    expect(spread).toEqual({ median: 1.1, low: 1, high: 1.1, count: 3 });
  });

  it("leave out rounds that one of them lacks", async () => {
    const spread = await callScript<object>(
      STATISTICS,
      `return m.pairwise([[4, 9], [1, 5, 100], [2, 6, 1]], (a, b, c) => (a - b) / (c - b));`,
    );
    expect(spread).toEqual({ median: 3.5, low: 3, high: 4, count: 2 });
  });
});
