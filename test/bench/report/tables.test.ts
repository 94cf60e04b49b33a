import { callScript } from "../../scripts/call";

const CONTESTANTS = [
  { id: "resources", title: "resources" },
  { id: "floor", title: "floor" },
  { id: "terraform", title: "Terraform" },
];
const RECORDS = [
  { phase: "no-op-up", contestant: "resources", milliseconds: [1000, 2200, 1100], calls: {} },
  { phase: "no-op-up", contestant: "floor", milliseconds: [1000, 2000, 1000], calls: {} },
  {
    phase: "refresh",
    contestant: "resources",
    milliseconds: [900],
    calls: { "GET /mags-jobs": 2, "GET /mags-workspaces": 1 },
    providerPeakBytes: 150_000_000,
  },
  { phase: "destroy", contestant: "floor", milliseconds: [500], calls: {} },
].map((one) => ({ resources: 50, latency: 20, ...one }));
const STATES = [
  { contestant: "resources", resources: 50, bytes: 100_000 },
  { contestant: "floor", resources: 50, bytes: 50_000 },
];

/** Rows of a table of the fleets above. */
function rows(table: string): Promise<string[][]> {
  return callScript(
    "../bench/report/fleet-table.mjs",
    `const { FleetRecords } = await import(new URL("../fleet/records.mjs", ${url()}));
    const records = new FleetRecords(${JSON.stringify(RECORDS)}, ${JSON.stringify(STATES)});
    return m.${table}(records, ${JSON.stringify(CONTESTANTS)});`,
  );
}

function url(): string {
  return JSON.stringify(new URL(`file://${__dirname}/../../../bench/report/`).href);
}

describe("the tables of fleets", () => {
  it("have a row for each phase, a column for each who took part, and ratios with their spread", async () => {
    expect(await rows("fleetRows")).toEqual([
      ["Resources", "Latency", "Phase", "resources", "floor", "resources ÷ floor"],
      ["50", "20 ms", "no-op up", "1.10 s", "1.00 s", "1.10 (1.00–1.10)"],
      ["50", "20 ms", "refresh", "0.90 s (3)", "–", "–"],
      ["50", "20 ms", "destroy", "–", "0.50 s", "–"],
    ]);
  });

  it("tell state and memory, by resource and above the floor", async () => {
    expect(await rows("weightRows")).toEqual([
      ["Resources", "What", "resources", "floor"],
      ["50", "state, KB", "100", "50"],
      ["50", "state per resource, bytes", "2000", "1000"],
      ["50", "the same above the floor", "1000", "0"],
      ["50", "provider's memory at most, MB", "150", "–"],
    ]);
  });

  it("tell the calls of whoever makes any, by route", async () => {
    expect(await rows("callRows")).toEqual([
      ["50 at 20 ms", "By", "Calls", "By route"],
      ["refresh", "resources", "3", "2 GET /mags-jobs, 1 GET /mags-workspaces"],
    ]);
  });

  it("are columns for a terminal, and Markdown for a page", async () => {
    const texts = await callScript<string[]>(
      "../bench/report/columns.mjs",
      `const rows = [["What", "s"], ["no-op up", "1"]]; return [m.columns(rows), m.markdownTable(rows)];`,
    );
    expect(texts).toEqual(["What      s\nno-op up  1", "| What | s |\n| --- | --- |\n| no-op up | 1 |"]);
  });
});
