import { itIf } from "../support/skip";
import { CHECKS } from "./checks";
import { ROUTES as MODELLED } from "../../emulator/routes";
import { SeenRoutes } from "./support/client";
import { NAMESPACES, PROCESSES, SIMULATED, processes, simulated } from "./support/emulator-target";
import type { EmulatorTarget } from "./support/emulator-target";
import { permitsNamespaces } from "./support/namespaces";
import { CONTRACT_ROUTES, ROUTES } from "./support/routes";
import type { Ability } from "./support/target";

/** The checks that a target with these abilities can be put to. */
const possible = (abilities: readonly Ability[]) =>
  CHECKS.filter((check) => check.needs.every((need) => abilities.includes(need)));

const inProcesses = possible([...PROCESSES, ...NAMESPACES]);
/** What would take half a minute or more by the documented times. */
const inAHurry = CHECKS.filter((check) =>
  check.needs.some((need) => need === "frequent sync" || need === "edge"),
);

test("every check has a name of its own and runs in at least one mode", () => {
  expect(new Set(CHECKS.map((check) => `${check.area}: ${check.name}`)).size).toBe(CHECKS.length);
  const run = new Set([...possible(SIMULATED), ...inProcesses, ...inAHurry]);
  const left = CHECKS.filter((check) => !run.has(check));
  expect(left.map((check) => `${check.area}: ${check.name}`)).toEqual([]);
});

test("the emulator models the routes of the contract and no others, with the same evidence", () => {
  const lines = (routes: readonly Pick<(typeof ROUTES)[number], "method" | "path" | "versions">[]) =>
    routes.map(({ method, path, versions }) => `${method} ${path} ${JSON.stringify(versions)}`).sort();
  expect(lines(MODELLED)).toEqual(lines(ROUTES));
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

describe("real processes, with short times", () => {
  let current: EmulatorTarget;

  beforeAll(async () => {
    current = await processes(new SeenRoutes(), { syncMs: 200, edgeMs: 4_000 });
  });
  afterAll(() => current.stop());

  for (const { area, name, run } of inAHurry) {
    test(`${area}: ${name}`, () => run(current.target), 30_000);
  }
});
