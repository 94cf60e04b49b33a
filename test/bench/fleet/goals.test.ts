import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { callScript } from "../../scripts/call";

interface Result {
  name: string;
  value?: number;
  spread?: { low: number; high: number; count: number };
  goal?: number;
  bound?: string;
  met: boolean;
  how: string;
}

const RECORDS = pathToFileURL(join(__dirname, "..", "..", "..", "bench", "fleet", "records.mjs")).href;
const MB = 1_000_000;

const at = (phase: string, contestant: string, milliseconds: number[], calls = {}, latency = 20) => ({
  ...{ resources: 1000, latency, phase, contestant, milliseconds, calls },
  providerPeakBytes: contestant === "floor" ? 140 * MB : 190 * MB,
});

const FLEET = [
  at("no-op-up", "resources", [10_000, 21_000, 11_000]),
  at("no-op-up", "deploy", [7_000, 14_000, 7_000]),
  at("no-op-up", "floor", [10_000, 20_000, 10_000]),
  at("no-op-up", "dynamic", [12_000, 24_000, 12_000]),
  at("refresh", "resources", [3_000, 3_000], { "GET /mags-jobs": 20 }),
  at("refresh", "floor", [2_000, 2_000]),
  at("refresh", "dynamic", [6_000, 4_000], { "GET /mags-jobs/{id}/status": 1000 }),
  at("refresh", "resources", [4_000], {}, 100),
  at("refresh", "floor", [2_000], {}, 100),
  at("refresh", "dynamic", [16_000], {}, 100),
];
const STATES = [
  { contestant: "resources", resources: 1000, bytes: 2_600_000 },
  { contestant: "floor", resources: 1000, bytes: 1_000_000 },
];

/** What is judged of a fleet, by name. */
async function judged(records: unknown[], missing: unknown[] = []): Promise<Map<string, Result>> {
  const results = await callScript<Result[]>(
    "../bench/fleet/goals.mjs",
    `const { FleetRecords } = await import(${JSON.stringify(RECORDS)});
     const records = new FleetRecords(${JSON.stringify(records)}, ${JSON.stringify(STATES)});
     const absent = ${JSON.stringify(missing)};
     return m.goalResults(records, { resources: 1000, latency: 20, refreshAt: [100], absent });`,
  );
  return new Map(results.map((result) => [result.name, result]));
}

describe("the goals of a fleet", () => {
  it("compare times of one round, with their spread", async () => {
    const results = await judged(FLEET);
    expect(results.get("No-op up by resources, against the floor")).toMatchObject({
      ...{ value: 1.05, spread: { low: 1, high: 1.1, count: 3 }, goal: 1.1, met: true },
      how: "1000 at 20 ms: 11.00 s against 10.00 s",
    });
    expect(results.get("No-op up by deploy(app), against the floor")).toMatchObject({
      value: 0.7,
      met: true,
    });
    expect(results.get("No-op up by resources, against plain dynamic")).toMatchObject({ met: true });
  });

  it("compare a refresh above what the engine takes by itself, near and far", async () => {
    const results = await judged(FLEET);
    expect(results.get("Refresh above the floor, against plain dynamic, at 20 ms")).toMatchObject({
      ...{ value: 0.38, spread: { low: 0.25, high: 0.5, count: 2 }, goal: 0.33, met: false },
    });
    expect(results.get("Refresh above the floor, against plain dynamic, at 100 ms")).toMatchObject({
      ...{ value: 0.14, goal: 0.2, met: true },
    });
  });

  it("count calls, bytes and memory", async () => {
    const results = await judged(FLEET);
    expect(results.get("Calls of a refresh")).toMatchObject({ value: 20, goal: 24, met: true });
    expect(results.get("Calls of a refresh of plain dynamic, against ours")).toMatchObject({
      ...{ value: 50, goal: 40, bound: "at least", met: true },
    });
    // 1600 bytes above the floor, of which the user's own are 59.
    expect(results.get("State per resource above the floor")).toMatchObject({ value: 1541, met: false });
    expect(results.get("Memory of the provider")).toMatchObject({ value: 190, goal: 200, met: true });
  });

  it("are absent, with the reason, where somebody could not take part", async () => {
    const why = "there is no terraform on PATH";
    const results = await judged(FLEET, [{ id: "terraform", absent: why }]);
    for (const name of ["Refresh, against Terraform", "First up without checkpoints, against Terraform"])
      expect(results.get(name)).toEqual({ name, how: why });
  });

  it("say nothing of a refresh that is lost in noise", async () => {
    const fleet = FLEET.filter(({ phase }) => phase !== "refresh").concat(
      ["resources", "floor", "dynamic"].map((contestant) => at("refresh", contestant, [2_000])),
    );
    const name = "Refresh above the floor, against plain dynamic, at 20 ms";
    expect((await judged(fleet)).get(name)).toEqual({
      name,
      how: "1000 are too few: plain dynamic is at the floor",
    });
  });
});

describe("the growth of a fleet", () => {
  const growth = (many: number[]) =>
    callScript<Result[]>(
      "../bench/fleet/growth.mjs",
      `const { FleetRecords } = await import(${JSON.stringify(RECORDS)});
       const at = (resources, milliseconds) => ["first-up-without-checkpoints", "no-op-up", "refresh"].map(
         (phase) => ({ resources, latency: 0, phase, contestant: "resources", milliseconds, calls: {} }));
       const many = ${JSON.stringify(many)};
       return m.growthResults(new FleetRecords([...at(1000, [1000, 2000]), ...(many.length ? at(10000, many) : [])]));`,
    );

  it("is that of the time of each resource, from the smallest to the largest", async () => {
    expect(await growth([11_000, 24_000])).toEqual([
      expect.objectContaining({ name: "Growth of first up without checkpoints", value: 1.15, met: true }),
      expect.objectContaining({ name: "Growth of no-op up", spread: { low: 1.1, high: 1.2, count: 2 } }),
      expect.objectContaining({ name: "Growth of refresh", goal: 1.2 }),
    ]);
    expect((await growth([13_000, 26_000])).map(({ met }) => met)).toEqual([false, false, false]);
  });

  it("is absent where it was not asked for", async () => {
    expect((await growth([])).map(({ value, how }) => [value, how])).toEqual(
      Array(3).fill([undefined, "measured with --growth"]),
    );
  });
});
