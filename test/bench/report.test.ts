import { callScript } from "../scripts/call";

describe("the report of the benchmark", () => {
  it("judges a value before it is rounded", async () => {
    const results = await callScript<{ value: number; met: boolean }[]>(
      "../bench/report.mjs",
      `return [m.result("a", 1.15, "times", 1.15, ""), m.result("a", 1.1501, "times", 1.15, "")];`,
    );
    expect(results).toMatchObject([
      { value: 1.15, met: true },
      { value: 1.15, met: false },
    ]);
  });

  it("is one table, with what was missed in capitals", async () => {
    const table = await callScript<string>(
      "../bench/report.mjs",
      `return m.tableOf([
        m.result("Size", 61, "bytes", 120, "the longest"),
        m.result("A longer name", 46, "s", 45, "once"),
      ]);`,
    );
    expect(table.split("\n")).toEqual([
      "What           Measured  Goal                 How",
      "Size           61 bytes  at most 120  met     the longest",
      "A longer name  46 s      at most 45   MISSED  once",
    ]);
  });

  it("says of what could not be measured why, and takes no goal for missed", async () => {
    const [result, table] = await callScript<[{ met: boolean }, string]>(
      "../bench/report.mjs",
      `const missing = m.absent("Beside another", "there is none here");
      return [missing, m.tableOf([missing])];`,
    );
    expect(result).toEqual({ name: "Beside another", met: true, how: "there is none here" });
    expect(table.split("\n")[1]).toMatch(/^Beside another +– +– +absent +there is none here$/);
  });

  it("takes the middle one of an odd number, and the mean of the two in the middle of an even one", async () => {
    const medians = await callScript<number[]>(
      "../bench/median.mjs",
      `return [m.median([9, 1, 5]), m.median([4, 1, 10, 2]), m.median([7])];`,
    );
    expect(medians).toEqual([5, 3, 7]);
  });
});
