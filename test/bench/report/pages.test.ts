import { readFileSync } from "node:fs";
import { join } from "node:path";
import { callScript } from "../../scripts/call";

const PAGE = [
  "# Performance",
  "<!-- written by npm run bench -->",
  "<!-- prettier-ignore-start -->",
  "old figures",
  "<!-- prettier-ignore-end -->",
  "The rest.",
].join("\n");
const REPORT = {
  date: "2026-01-31T10:00:00.000Z",
  quick: false,
  machine: "2 CPUs",
  fleet: {
    contestants: [{ id: "floor", title: "floor" }],
    absent: [{ id: "terraform", absent: "there is no terraform on PATH" }],
    records: ["no-op-up", "destroy"].map((phase) => ({
      ...{ resources: 10, latency: 0, phase, contestant: "floor", milliseconds: [1500], calls: {} },
    })),
    states: [],
    growth: [],
  },
  results: [{ name: "A goal", value: 2, unit: "times", goal: 1, bound: "at most", met: false, how: "once" }],
};

describe("what the benchmark writes into the documentation", () => {
  it("stands between its markers, and nothing else changes", async () => {
    const page = await callScript<string>(
      "../bench/report/pages.mjs",
      `return m.withMeasured(${JSON.stringify(PAGE)}, "new figures");`,
    );
    expect(page).toBe(PAGE.replace("old figures", "\nnew figures\n"));
  });

  it("needs the markers", async () => {
    const said = await callScript<string>(
      "../bench/report/pages.mjs",
      `try { m.withMeasured("# Performance", ""); } catch (error) { return error.message; }`,
    );
    expect(said).toMatch(/lacks the markers <!-- written by npm run bench -->/);
  });

  it("has date, machine, goals, fleets, pictures, and who could not take part", async () => {
    const part = await callScript<string>(
      "../bench/report/pages.mjs",
      `return m.measuredPart(${JSON.stringify(REPORT)}, [{ file: "docs/images/x.svg", title: "X" }]);`,
    );
    expect(part).toContain("Measured on 2026-01-31: 2 CPUs.");
    expect(part).toContain("| A goal | 2 times |  | at most 1 | MISSED | once |");
    expect(part).toContain("| 10 | 0 ms | no-op up | 1.50 s |");
    expect(part).toContain("Not measured: terraform, since there is no terraform on PATH.");
    expect(part).toContain("![X](images/x.svg)");
    expect(part).not.toContain("### Growth");
  });

  it("is the growth alone in the guide to large fleets, which has the markers for it", async () => {
    const guide = readFileSync(join(__dirname, "../../../docs/fleets.md"), "utf8");
    const report = { ...REPORT, fleet: { ...REPORT.fleet, growth: REPORT.fleet.records } };
    const written = await callScript<string>(
      "../bench/report/pages.mjs",
      `return m.withMeasured(
        ${JSON.stringify(guide)},
        m.growthPart(${JSON.stringify(report)}, ["x", "fleet-growth"].map((name) =>
          ({ file: "docs/images/" + name + ".svg", title: name }))),
        m.GUIDE,
      );`,
    );
    expect(written).toContain("Measured on 2026-01-31, without checkpoints: 2 CPUs.");
    expect(written).toContain("| 10 | 0 ms | no-op up | 1.50 s |");
    expect(written).toContain("![fleet-growth](images/fleet-growth.svg)");
    expect(written).not.toContain("images/x.svg");
    const ends = (text: string) => [text.split("<!-- growth -->")[0], text.split("<!-- /growth -->")[1]];
    expect(ends(written)).toEqual(ends(guide));
  });
});
