import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEmulator, type Emulator, type EmulatorSnapshot } from "../../emulator";
import { expectSuccess, get } from "./support/harness";
import { Project } from "./support/project";

jest.setTimeout(900_000);

/** What an example needs beyond a token, and what is to be seen when it is up. */
interface Example {
  /** Uses a second account, under this environment variable. */
  secondToken?: string;
  /** Kinds of resources in its state, with how many there are. */
  makes: Record<string, number>;
  check?: (outputs: Record<string, unknown>, cloud: EmulatorSnapshot) => void | Promise<void>;
}

const ids = (cloud: EmulatorSnapshot) => cloud.workspaces.map(({ workspaceId }) => workspaceId);

const EXAMPLES: Record<string, Example> = {
  workspace: {
    makes: { Workspace: 3 },
    check: ({ base, forks }, cloud) =>
      expect(ids(cloud).sort()).toEqual([base, ...(forks as string[])].sort()),
  },
  job: {
    makes: { Workspace: 1, Job: 1 },
    check: async ({ url }) => {
      expect(await get(String(url))).toEqual({ status: 200, body: "Visits: you are number 1\n" });
    },
  },
  sandbox: {
    makes: { Sandbox: 4, Workspace: 3, Job: 4 },
    check: ({ names, scratchName }, cloud) => {
      const running = cloud.jobs.filter(({ status }) => status === "running").map(({ name }) => name);
      expect(running.sort()).toEqual([...(names as string[]), scratchName].sort());
    },
  },
  "url-alias": {
    makes: { Job: 2, UrlAlias: 1 },
    check: async ({ url }) => expect(await get(String(url))).toEqual({ status: 200, body: "blue" }),
  },
  "cron-job": {
    makes: { Workspace: 1, CronJob: 2 },
    check: ({ workspace }, cloud) => {
      expect(cloud.crons.map(({ enabled }) => enabled).sort()).toEqual([false, true]);
      const nightly = cloud.crons.find(({ enabled }) => enabled)!;
      expect(nightly).toMatchObject({
        workspaceId: workspace,
        environment: { KEEP_DAYS: "30", REPORT_TOKEN: "only for trying" },
        script: readFileSync(resolve(EXAMPLES_FOLDER, "cron-job/report.sh"), "utf8"),
      });
    },
  },
  run: {
    makes: { Workspace: 2, Job: 1, Run: 2 },
    check: ({ items, log }, cloud) => {
      expect([String(items).trim(), log]).toEqual(["3", "migration 1 done"]);
      expect(cloud.jobs.filter(({ status }) => status === "running")).toHaveLength(1);
    },
  },
  "cron-schedules": {
    makes: { Stack: 1, CronSuite: 1, Workspace: 2, CronJob: 4 },
    check: ({ fires }, cloud) => {
      expect(fires).toMatchObject({ "nightly-backup": "0 3 * * *", cleanup: "*/15 * * * *" });
      expect(cloud.crons.filter(({ enabled }) => enabled)).toHaveLength(3);
      const backup = cloud.crons.find(({ cronExpression }) => cronExpression === "0 3 * * *")!;
      expect(backup).toMatchObject({
        environment: { KEEP: "7", REGION: "eu" },
        script: readFileSync(resolve(EXAMPLES_FOLDER, "cron-schedules/scripts/backup.sh"), "utf8"),
      });
    },
  },
  "sandbox-fleet": {
    makes: { Stack: 1, SandboxFleet: 1, Sandbox: 50, Workspace: 50, Job: 50 },
    check: ({ names }, cloud) => {
      const running = cloud.jobs.filter(({ status }) => status === "running");
      expect(running.map(({ name }) => name).sort()).toEqual(Object.values(names as object).sort());
      expect(ids(cloud).sort()).toEqual(Object.values(names as object).sort());
      expect(counted(running.map(({ diskGb }) => String(diskGb)))).toEqual({ "2": 30, "8": 15, "32": 5 });
      expect(running.filter(({ noSleep }) => noSleep)).toHaveLength(5);
    },
  },
  "preview-environments": {
    // Production; what is made of it for a pull request has tests of its own.
    makes: { Stack: 1, AlwaysOnService: 1, Workspace: 1, Job: 1, UrlAlias: 1 },
    check: async ({ url }) => expect((await get(String(url))).body).toContain("<h1>Guest book</h1>"),
  },
  "second-account": {
    secondToken: "STAGING_MAGS_TOKEN",
    makes: { Job: 3, Sandbox: 1 },
    check: ({ accounts }) => expect(accounts).toEqual(["local", "staging", "staging"]),
  },
};
/** With a test of its own each: a whole life with every edit, and several stacks. */
const ELSEWHERE = ["always-on-service", "fleet-of-stacks"];
const EXAMPLES_FOLDER = resolve(__dirname, "../../examples");

/** What is alive, or costs something, of all accounts. */
function left({ jobs, workspaces, aliases, crons }: EmulatorSnapshot): unknown[] {
  return [
    ...jobs.filter(({ status }) => ["pending", "running", "sleeping"].includes(status)),
    ...workspaces,
    ...aliases,
    ...crons,
  ];
}

describe("the examples on the real engine", () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ execute: "process", accounts: 2 * Object.keys(EXAMPLES).length });
  });
  afterAll(() => emulator.stop());

  it("are all tried", () => {
    const folders = readdirSync(EXAMPLES_FOLDER).filter((name) =>
      existsSync(resolve(EXAMPLES_FOLDER, name, "Pulumi.yaml")),
    );
    expect(folders.sort()).toEqual([...Object.keys(EXAMPLES), ...ELSEWHERE].sort());
  });

  it.each(Object.entries(EXAMPLES))(
    "%s comes up, has nothing to do again, and goes",
    async (name, example) => {
      // Two accounts for each, so that what one leaves is not in the way of the next.
      const first = 2 * Object.keys(EXAMPLES).indexOf(name);
      const [token, other] = emulator.tokens.slice(first) as [string, string];
      const env = {
        MAGS_API_URL: emulator.url,
        MAGS_API_TOKEN: token,
        ...(example.secondToken === undefined ? {} : { [example.secondToken]: other }),
        // tsc has judged the types already, with all other sources.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      };
      const project = new Project(env, { folder: resolve(EXAMPLES_FOLDER, name) });
      try {
        // Rather than by the CLI, which would have to be started for it.
        writeFileSync(join(project.folder, "Pulumi.dev.yaml"), `config:\n  ${name}:protectData: false\n`);
        expectSuccess(await project.up());
        const resources = await project.resources();
        const { outputs = {} } = resources.find(({ type }) => type === "pulumi:pulumi:Stack")!;
        const made = resources
          .filter(({ type }) => type.includes("mags:"))
          .map(({ type }) => type.split(":").at(-1)!);
        expect(counted(made)).toEqual(example.makes);
        await example.check?.(outputs, emulator.snapshot(token));
        emulator.clearCalls();
        expectSuccess(await project.up("--expect-no-changes"));
        expect(emulator.calls().filter((call) => call.method !== "GET")).toEqual([]);
        expectSuccess(await project.destroy());
        expect([token, other].flatMap((each) => left(emulator.snapshot(each)))).toEqual([]);
      } finally {
        project.remove();
      }
    },
  );
});

function counted(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
