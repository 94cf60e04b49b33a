import { callScript } from "../../scripts/call";

describe("the report of the benchmark", () => {
  it("judges a value before it is rounded", async () => {
    const results = await callScript<{ value: number; met: boolean }[]>(
      "../bench/report/results.mjs",
      `return [m.result("a", 1.15, "times", 1.15, ""), m.result("a", 1.1501, "times", 1.15, "")];`,
    );
    expect(results).toMatchObject([
      { value: 1.15, met: true },
      { value: 1.15, met: false },
    ]);
  });

  it("is one table, with what was missed in capitals", async () => {
    const table = await callScript<string>(
      "../bench/report/results.mjs",
      `return m.tableOf([
        m.result("Size", 61, "bytes", 120, "the longest"),
        m.result("A longer name", { median: 46, low: 44, high: 48, count: 3 }, "s", 45, "three times"),
      ]);`,
    );
    expect(table.split("\n")).toEqual([
      "What           Measured  Spread  Goal                 How",
      "Size           61 bytes          at most 120  met     the longest",
      "A longer name  46 s      44–48   at most 45   MISSED  three times",
    ]);
  });

  it("says of what could not be measured why, and takes no goal for missed", async () => {
    const [result, table] = await callScript<[{ met?: boolean }, string]>(
      "../bench/report/results.mjs",
      `const missing = m.absent("Beside another", "there is none here");
      return [missing, m.tableOf([missing])];`,
    );
    expect(result).toEqual({ name: "Beside another", how: "there is none here" });
    expect(table.split("\n")[1]).toMatch(/^Beside another +– +– +absent +there is none here$/);
  });

  it("has goals that are the least, and no spread of what was measured once", async () => {
    const once = { median: 39, low: 39, high: 39, count: 1 };
    const results = await callScript<object[]>(
      "../bench/report/results.mjs",
      `return [39, 40].map((calls) => m.result("a", { ...${JSON.stringify(once)}, median: calls }, "times", 40, "", "at least"));`,
    );
    expect(results).toEqual([
      { name: "a", value: 39, unit: "times", goal: 40, bound: "at least", met: false, how: "" },
      { name: "a", value: 40, unit: "times", goal: 40, bound: "at least", met: true, how: "" },
    ]);
  });
});
