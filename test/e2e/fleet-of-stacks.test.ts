import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { SHARED, stacks } from "../../examples/fleet-of-stacks/fleet";
import { expectSuccess } from "./support/harness";
import { Project, type CliResult } from "./support/project";

jest.setTimeout(900_000);

const EXAMPLE = resolve(__dirname, "../../examples/fleet-of-stacks");

describe("a fleet of stacks", () => {
  let emulator: Emulator;
  let project: Project;

  beforeAll(async () => {
    emulator = await startEmulator({ execute: "process" });
    const env = {
      MAGS_API_URL: emulator.url,
      MAGS_API_TOKEN: emulator.token,
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    project = new Project(env, { folder: EXAMPLE });
  });
  afterAll(async () => {
    project.remove();
    await emulator.stop();
  });

  /** Runs a command of the engine for one stack; several may run at once. */
  const on = (stack: string, ...args: string[]): Promise<CliResult> => {
    project.stack = stack;
    return project.pulumi(...args);
  };
  const up = (stack: string, ...flags: string[]) =>
    on(stack, "up", "--yes", "--skip-preview", "--non-interactive", ...flags);
  const make = async (stack: string): Promise<void> => {
    writeFileSync(
      join(project.folder, `Pulumi.${stack}.yaml`),
      "config:\n  mags:namespace: fleet\n  fleet-of-stacks:protectData: false\n",
    );
    expectSuccess(await on(stack, "stack", "init", stack, "--no-select"));
  };
  const slices = stacks().filter((stack) => stack !== SHARED);
  const running = () =>
    emulator
      .snapshot()
      .jobs.filter(({ status }) => status === "running")
      .map(({ name }) => name!.replace(/-[a-z0-9]{13}$/, ""))
      .sort();

  it("comes up with its slices at once, each from the base that another stack has", async () => {
    await make(SHARED);
    expectSuccess(await up(SHARED));
    for (const stack of slices) await make(stack);
    for (const result of await Promise.all(slices.map((stack) => up(stack)))) expectSuccess(result);
    expect(running()).toEqual(
      [
        "search-0-search-0",
        "search-0-search-1",
        "search-1-search-2",
        "billing-0-billing-0",
        "billing-0-billing-1",
      ].sort(),
    );
    const { outputs = {} } = (await project.resources()).find(({ type }) => type === "pulumi:pulumi:Stack")!;
    expect(outputs.names).toHaveLength(2);
    const { workspaces } = emulator.snapshot();
    expect(workspaces).toHaveLength(6);
  });

  it("shows all its stacks in one table", async () => {
    const { code, stdout, stderr } = await project.magsIac("fleet", "--json", "--stack", SHARED);
    if (code !== 0) throw new Error(stderr);
    const { objects } = JSON.parse(stdout) as { objects: { owner: { stack: string } | null }[] };
    expect([...new Set(objects.map(({ owner }) => owner?.stack))].sort()).toEqual(stacks().sort());
  });

  it("grows by one: in the slice that has room, and in no other", async () => {
    project.edit("fleet.ts", (text) => text.replace("search: 3", "search: 4"));
    for (const stack of ["search-0", "billing-0"]) expectSuccess(await up(stack, "--expect-no-changes"));
    expectSuccess(await up("search-1"));
    expect(running()).toContain("search-1-search-3");
    expect(running()).toHaveLength(6);
  });

  it("goes, the shared part last", async () => {
    for (const stack of [...slices, SHARED])
      expectSuccess(await on(stack, "destroy", "--yes", "--skip-preview", "--non-interactive"));
    expect(running()).toEqual([]);
    expect(emulator.snapshot().workspaces).toEqual([]);
  });
});
