import { callScript } from "../../scripts/call";

const met = { name: "One", value: 1, unit: "s", goal: 2, bound: "at most", met: true, how: "once" };
const missed = { ...met, name: "Two", value: 3, met: false };
const absent = { name: "Three", how: "not there" };

/** The last lines of a run with these results. */
async function end(results: object[], fleet?: object): Promise<string> {
  const report = { date: "", quick: false, machine: "2 CPUs", fleet, results };
  const text = await callScript<string>(
    "../bench/report/text.mjs",
    `return m.textOf(${JSON.stringify(report)});`,
  );
  return text.slice(text.indexOf("2 CPUs"));
}

describe("what a run of the benchmark ends with", () => {
  it("says which goals are missed, and takes what was not judged for no success", async () => {
    expect(await end([met])).toBe("2 CPUs\nAll goals are met.");
    expect(await end([met, missed])).toBe("2 CPUs\nMissed: Two.");
    expect(await end([met, absent])).toMatch(/No goal is missed\.\nNot judged, .*: 1\.$/);
    expect(await end([absent])).toMatch(/No goal was judged\.\nNot judged, .*: 1\.$/);
  });

  it("is read again from a file that is whole, and from no other", async () => {
    const fleet = { contestants: [], absent: [], records: [], states: [], growth: [], failures: [] };
    const whole = { date: "2026-01-01", quick: false, machine: "2 CPUs", results: [], fleet };
    const { states: _, ...partial } = fleet;
    const others = [null, [], {}, { fleet }, { ...whole, results: undefined }, { ...whole, fleet: partial }];
    const answers = await callScript<boolean[]>(
      "../bench/report/text.mjs",
      `return ${JSON.stringify([whole, { ...whole, fleet: undefined }, ...others])}.map(m.isReport);`,
    );
    expect(answers).toEqual([true, true, ...others.map(() => false)]);
  });

  it("tells what failed, and that goals are meant for larger fleets", async () => {
    const fleet = {
      contestants: [{ id: "floor", title: "floor" }],
      records: [
        { resources: 10, latency: 0, phase: "destroy", contestant: "floor", milliseconds: [1], calls: {} },
      ],
      states: [],
      growth: [],
      failures: [{ at: "10 at 0 ms, refresh: floor", why: "it broke" }],
    };
    const text = await callScript<string>(
      "../bench/report/text.mjs",
      `return m.textOf(${JSON.stringify({ date: "", quick: true, machine: "2 CPUs", fleet, results: [met] })});`,
    );
    expect(text).toContain("Failed: 10 at 0 ms, refresh: floor: it broke");
    expect(text).toContain("The goals of fleets are those of 1000 resources");
    expect(text).toContain("2 CPUs; quick: a look, not a measurement");
  });
});
