import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Account } from "./support/account";
import { expectSuccess, harness, rowsOf, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(600_000);

const IMPORT = ["--generate-code=false", "--protect=false", "--yes", "--skip-preview", "--non-interactive"];

/** Makes what was written the program of the project, compiled as strictly as Pulumi is told to. */
function useWritten(the: Harness, folder: string): void {
  const write = (file: string, value: unknown) =>
    writeFileSync(join(the.project.folder, file), JSON.stringify(value));
  write("package.json", { name: "e2e", main: `${folder}/index.ts` });
  write("tsconfig.json", {
    compilerOptions: {
      strict: true,
      noUnusedLocals: true,
      module: "node16",
      target: "es2022",
      skipLibCheck: true,
    },
    files: [`${folder}/index.ts`],
  });
}

const settled = (the: Harness) =>
  waitUntil(() =>
    the.emulator
      .snapshot()
      .jobs.every(
        ({ status, noSleep }) => status === "completed" || status === (noSleep ? "running" : "sleeping"),
      ),
  );

const requests = (the: Harness) => the.emulator.snapshot().jobs.map(({ requestId }) => requestId);

/** A schedule may name a workspace that no VM has made yet. */
const UNLISTED =
  /^note: CronJob "nightly \d+" works on the workspace "nightly-\d+", which Mags does not list: .*\n/gm;

async function imported(the: Harness, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await the.project.magsIac("import", "--out", "written", ...flags);
  expect({ code, warnings: stderr.replace(UNLISTED, "") }).toEqual({ code: 0, warnings: "" });
  await the.project.make();
  useWritten(the, "written");
  the.mutations();
  expectSuccess(await the.project.pulumi("import", "--file", "written/import.json", ...IMPORT));
  expect(the.mutations()).toEqual([]);
  return stdout;
}

describe("an account of 300 things that somebody else has made", () => {
  let the: Harness;
  beforeAll(async () => {
    the = await harness({ program: "" }, { idleMs: 1_000, maxCalls: 100_000, maxVms: 1_000 });
    const account = new Account(the.emulator);
    // 120 jobs with 120 workspaces of all sorts, 30 aliases, 30 schedules; and a history that is none of these.
    for (let number = 0; number < 120; number++) {
      const sort = number % 6;
      await account.job({
        workspace_id: sort === 0 ? `Team-${number}` : `box-${number}`,
        ...(sort === 1 ? {} : { name: `box-${number}` }),
        ...(sort === 2 ? { no_sync: true } : {}),
        ...(sort === 3 ? { no_sleep: true, environment: { KEY: "value" } } : {}),
        ...(sort === 4 ? { base_workspace_id: "box-1", disk_gb: 8 } : {}),
        ...(sort === 5 ? { startup_command: "./wake", rootfs_type: "claude" } : {}),
      });
    }
    for (let number = 0; number < 30; number++) {
      await account.alias(`shop-${number}`, `box-${number * 4 + 1}`);
      const workspace = number % 3 === 0 ? { workspace_id: `nightly-${number}` } : {};
      const id = await account.cron(`nightly ${number}`, { environment: { KEY: "value" }, ...workspace });
      if (number % 5 === 0) await account.call("PATCH", `mags-cron/${id}`, { enabled: false });
    }
    for (let number = 0; number < 5; number++) await account.job({ persistent: false, script: "true" });
    await settled(the);
  });
  afterAll(() => the.stop());

  it("is written as a program and a file, of which every step is told", async () => {
    const stdout = await imported(the);
    expect(stdout).toContain(
      "120 workspaces, 120 jobs, 30 URL aliases, 30 cron jobs written to written/index.ts and written/import.json.\n" +
        "Left aside: 5 jobs that have ended.\n",
    );
    expect(stdout).toContain(
      "pulumi import --file written/import.json --generate-code=false --protect=false",
    );
  });

  it("is trusted by the first update, which calls nothing and replaces nothing", async () => {
    const before = requests(the);
    const { output } = expectSuccess(await the.project.preview());
    expect(rowsOf(output).filter((row) => !row.startsWith("update "))).toEqual([]);
    expect(output).toMatch(/~ 300 to update\s+1 unchanged/);
    the.mutations();
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual([]);
    expect(requests(the)).toEqual(before);
    expectSuccess(await the.project.up("--refresh", "--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });

  it("is code from then on: an edit of one job restarts that one", async () => {
    const file = join(the.project.folder, "written/index.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace('  name: "box-3",\n', '  name: "box-3",\n  environment: { KEY: "other" },\n'),
    );
    const { output } = expectSuccess(await the.project.up());
    expect(rowsOf(output)).toEqual([]);
    expect(output).toMatch(/~ 1 updated\s+300 unchanged/);
    expect(the.mutations()).toEqual(
      expect.arrayContaining(["POST /mags-jobs/{id}/stop", "POST /mags-jobs"]) as string[],
    );
    // Whether it has fallen asleep by then has to do with time alone.
    const isActive = (status: string) => ["pending", "running", "sleeping"].includes(status);
    const now = the.emulator
      .snapshot()
      .jobs.filter(({ name, status }) => name === "box-3" && isActive(status));
    expect(now).toEqual([expect.objectContaining({ environment: { KEY: "other" } })]);
  });
});

describe("a small account, as constructs", () => {
  let the: Harness;
  beforeAll(async () => {
    the = await harness({ program: "" }, { idleMs: 500 });
    const account = new Account(the.emulator);
    await account.job({ name: "web", workspace_id: "site", no_sleep: true, script: "exec ./serve" });
    await account.job({ name: "site", workspace_id: "data" });
    await account.alias("shop", "site");
    await account.cron("nightly 1", { script: "set -e\necho `date` ${HOME}\n" });
    await settled(the);
  });
  afterAll(() => the.stop());

  it("is imported with its components, and a refresh in between changes nothing of that", async () => {
    await imported(the, "--as", "constructs");
    expectSuccess(await the.project.refresh("--expect-no-changes"));
    const drift = await the.project.magsIac("drift", "--stack", "dev");
    expect(drift).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No drift. 6 resources") as string,
    });
  });

  it("is protected before it is recorded: a destroy leaves every workspace", async () => {
    const { code, output } = await the.project.pulumi(
      "destroy",
      "--target",
      (await the.project.resource("Workspace", "fleet/data")).urn,
      "--target-dependents",
      ...IMPORT.slice(2),
    );
    expect(code).not.toBe(0);
    expect(output).toMatch(/deletionProtection/);
    expect(the.emulator.snapshot().workspaces.map(({ workspaceId }) => workspaceId)).toContain("data");
    the.mutations();
  });

  it("shows in the plan what is trusted, with what was added by hand, and calls nothing for it", async () => {
    const file = join(the.project.folder, "written/index.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace('  name: "web",\n', '  name: "web",\n  script: "exec ./serve",\n  noSleep: true,\n'),
    );
    const { output } = expectSuccess(await the.project.preview("--diff"));
    expect(output).toContain('+ trusted: "as declared: script, noSleep, http; by default: baseWorkspaceId,');
    expect(output).toMatch(/\+ script : "exec \.\/serve"/);
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual([]);
    expectSuccess(await the.project.up("--refresh", "--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
    expect((await the.project.resource("Workspace", "fleet/site-workspace")).protect).toBe(true);
  });
});
