import { itIf } from "../support/skip";
import { CHECKS } from "./checks";
import { CONTRACT_ROUTES, SeenRoutes } from "./support/client";
import { NAMESPACES, PROCESSES, SIMULATED, processes, simulated } from "./support/emulator-target";
import type { EmulatorTarget } from "./support/emulator-target";
import { permitsNamespaces } from "./support/namespaces";
import type { Ability } from "./support/target";

/** The checks that a target with these abilities can be put to. */
const possible = (abilities: readonly Ability[]) =>
  CHECKS.filter((check) => check.needs.every((need) => abilities.includes(need)));

const inProcesses = possible([...PROCESSES, ...NAMESPACES]);
const withFrequentSync = CHECKS.filter((check) => check.needs.includes("frequent sync"));

test("every check has a name of its own and runs in at least one mode", () => {
  expect(new Set(CHECKS.map((check) => `${check.area}: ${check.name}`)).size).toBe(CHECKS.length);
  const run = new Set([...possible(SIMULATED), ...inProcesses, ...withFrequentSync]);
  const left = CHECKS.filter((check) => !run.has(check));
  expect(left.map((check) => `${check.area}: ${check.name}`)).toEqual([]);
});

describe("simulated VMs and a driven clock", () => {
  const seen = new SeenRoutes();
  let current: EmulatorTarget;

  // A fresh one for each check, so that the hours of one are not those of another.
  beforeEach(async () => {
    current = await simulated(seen);
  });
  afterEach(() => current.stop());

  for (const { area, name, run } of possible(SIMULATED)) {
    test(`${area}: ${name}`, () => run(current.target));
  }

  test("every route of the contract was seen to answer", () => {
    expect(seen.missing()).toEqual([]);
    expect(seen.count).toBe(CONTRACT_ROUTES.length);
  });
});

describe("real processes", () => {
  const seen = new SeenRoutes();
  const namespaces = permitsNamespaces();
  let current: EmulatorTarget;

  beforeAll(async () => {
    current = await processes(seen);
  });
  afterAll(() => current.stop());
  afterEach(async () => {
    expect(await current.target.cleanUp()).toEqual([]);
  }, 30_000);

  for (const { area, name, needs, run } of inProcesses) {
    itIf(
      namespaces || !needs.some((need) => NAMESPACES.includes(need)),
      "needs namespaces, which are not permitted here",
    )(`${area}: ${name}`, () => run(current.target), 30_000);
  }

  test("nothing is left of what the checks made", () => {
    const left = current.emulator.snapshot();
    expect(left.jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status))).toEqual([]);
    expect([left.workspaces, left.aliases, left.crons]).toEqual([[], [], []]);
  });
});

describe("real processes, synced often", () => {
  let current: EmulatorTarget;

  beforeAll(async () => {
    current = await processes(new SeenRoutes(), { syncMs: 200 });
  });
  afterAll(() => current.stop());

  for (const { area, name, run } of withFrequentSync) {
    test(`${area}: ${name}`, () => run(current.target), 30_000);
  }
});
