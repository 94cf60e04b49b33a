import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA_VERSION } from "../../provider/lifecycle/kind";
import { unpacked } from "../../provider/host/bookkeeping";
import type { FaultRule } from "../../emulator";
import type { Declared, EngineModel, Entry } from "../support/engine-model";
import { TestCloud, type TestAccount } from "./support/cloud";
import { SETUP, isActive } from "./support/converged";
import { succeed } from "./support/points";

/**
 * States as releases have written them, one file each: `<what>.v<schemaVersion>.json`. They are never edited.
 * When the shape of outputs changes, `UPDATE_GOLDEN_STATES=1` writes the files of the new shape; those of older
 * versions stay, and have to go on being read.
 */
const FOLDER = join(__dirname, "golden-states");

interface Golden {
  declared: Declared;
  entry: Entry;
}

interface Sample {
  declared: Declared;
  /** What goes wrong while it is made, so that the state is a partial one. */
  fault?: FaultRule;
}

const YEARLY = "0 0 1 1 *";
const data = "golden-data";

/** One of each shape. Names are given, so that the files do not depend on who writes them. */
const SAMPLES: Record<string, Sample> = {
  workspace: { declared: declare("Workspace", { name: data, setup: SETUP, deletionProtection: false }) },
  "workspace-partial": {
    declared: declare("Workspace", { name: data, setup: SETUP, deletionProtection: false }),
    fault: { kind: "error-before", route: "POST /mags-jobs/{id}/exec", status: 400, count: 0 },
  },
  job: {
    declared: declare("Job", {
      name: "golden-web",
      workspaceId: data,
      script: "sleep infinity",
      environment: { MODE: "a" },
      secrets: { KEY: "k" },
      diskGb: 4,
      noSleep: true,
      startupCommand: "true",
      http: { port: 8080, otherPorts: [9090] },
      triggers: [1],
      timeouts: { create: 600 },
    }),
  },
  "job-local-disk": { declared: declare("Job", { name: "golden-box" }) },
  "job-partial": {
    declared: declare("Job", { name: "golden-web", workspaceId: data, http: { port: 8080 } }),
    fault: { kind: "error-before", route: "POST /mags-jobs/{id}/access", status: 403, count: 0 },
  },
  "url-alias": {
    declared: declare("UrlAlias", { subdomain: "golden-url", workspaceId: data, port: 8080 }),
  },
  "cron-job": {
    declared: declare("CronJob", {
      name: "golden-nightly",
      cronExpression: YEARLY,
      script: "true",
      environment: { MODE: "a" },
      secrets: { KEY: "k" },
      enabled: false,
    }),
  },
  "cron-job-partial": {
    declared: declare("CronJob", {
      name: "golden-nightly",
      cronExpression: YEARLY,
      script: "true",
      enabled: false,
    }),
    fault: { kind: "error-before", route: "PATCH /mags-cron/{id}", status: 400, count: 0 },
  },
  run: {
    declared: declare("Run", {
      name: "golden-run",
      script: "echo done",
      environment: { MODE: "a" },
      secrets: { KEY: "k" },
      triggers: [1],
      timeouts: { create: 600 },
    }),
  },
  "run-partial": {
    declared: declare("Run", { name: "golden-run", script: "echo done" }),
    fault: { kind: "error-before", route: "GET /mags-jobs/{id}/logs", status: 403, count: 0 },
  },
};

/** The same for everybody: an endpoint's port would show in URLs. */
const CONFIG = { "mags:domain": "apps.magpiecloud.com", "mags:namespace": "" };

let cloud: TestCloud;

beforeAll(async () => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
  cloud = await TestCloud.start();
  if (process.env.UPDATE_GOLDEN_STATES === "1") await writeAll();
});

afterAll(async () => {
  await cloud.stop();
  jest.restoreAllMocks();
});

describe.each(Object.keys(SAMPLES))("%s", (name) => {
  it("has a golden state of today's shape", async () => {
    const now = await make(SAMPLES[name]!);
    const kept = read(`${name}.v${SCHEMA_VERSION}.json`);
    expect(shapeOf(now)).toEqual(shapeOf(kept.entry));
    expect(unpacked(now.outputs).schemaVersion).toBe(SCHEMA_VERSION);
  });
});

const files = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];

it("covers every kind, and partial states", () => {
  const all = files.map(read);
  expect(new Set(all.map(({ declared }) => declared.kind))).toEqual(
    new Set(["Workspace", "Job", "UrlAlias", "CronJob", "Run"]),
  );
  expect(all.filter(({ entry }) => entry.initErrors.length > 0).length).toBeGreaterThanOrEqual(3);
});

for (const file of files)
  describe(file, () => {
    const { declared, entry } = read(file);
    const partial = entry.initErrors.length > 0;

    it("is planned: unchanged, or to be finished", async () => {
      const engine = cloud.account(CONFIG).engine();
      engine.importState([entry]);
      const run = await engine.preview([declared]);
      expect(run).toMatchObject({ failures: [], steps: partial ? [`update ${declared.name}`] : [] });
    });

    it("is refreshed: it is gone from an empty account, unless it is a run, which is over", async () => {
      const engine = cloud.account(CONFIG).engine();
      engine.importState([entry]);
      const gone = declared.kind === "Run" ? [] : [declared.name];
      expect(await engine.refresh()).toMatchObject({ ok: true, gone });
    });

    it("is updated", async () => {
      const account = cloud.account(CONFIG);
      const engine = account.engine();
      // An id that the API gave cannot be had again, so the object is made and given the state's other values.
      const made = await madeIn(account, engine, declared);
      engine.importState(
        [{ ...entry, id: made.id, outputs: { ...entry.outputs, requestId: made.outputs.requestId } }].map(
          clean,
        ),
      );
      const edited = { ...declared, args: { ...declared.args, timeouts: { create: 700, update: 700 } } };
      const run = await engine.up([edited]);
      expect(run).toMatchObject({ failures: [], steps: [`update ${declared.name}`] });
      expect((await engine.up([edited])).steps).toEqual([]);
      await succeed(engine.destroy(), "destroy");
    });

    it("is deleted", async () => {
      const engine = cloud.account(CONFIG).engine();
      engine.importState([entry]);
      expect(await engine.destroy()).toMatchObject({ ok: true, steps: [`delete ${declared.name}`] });
    });
  });

function declare(kind: Declared["kind"], args: Declared["args"]): Declared {
  return { name: "golden", kind, args };
}

async function make({ declared, fault }: Sample): Promise<Entry> {
  const account = cloud.account(CONFIG);
  const engine = account.engine();
  await provide(account, declared);
  if (fault) cloud.emulator.inject({ ...fault, account: account.index });
  const run = await engine.up([declared]);
  cloud.emulator.clearFaults();
  if (run.ok === (fault !== undefined)) throw new Error(`unexpected: ${JSON.stringify(run)}`);
  const entry = engine.entry(declared.name);
  // Host names are one name space for all accounts.
  await succeed(engine.destroy(), "destroy");
  return entry;
}

/** Makes the workspace that a job refers to by its name. */
async function provide(account: TestAccount, { kind, args }: Declared): Promise<void> {
  if (kind !== "Job" || args.workspaceId === undefined) return;
  await account.byHand("POST", "mags-jobs", {
    script: "true",
    persistent: false,
    workspace_id: args.workspaceId,
  });
  // The end of a script takes some real time as well: the VM's folder is removed.
  const giveUpAt = Date.now() + 20_000;
  while (account.snapshot().jobs.some(isActive)) {
    if (Date.now() > giveUpAt) throw new Error("the job that makes the workspace does not end");
    await cloud.time.pass(1_000);
  }
}

async function madeIn(account: TestAccount, engine: EngineModel, declared: Declared): Promise<Entry> {
  await provide(account, declared);
  await succeed(engine.up([declared]), "up");
  return engine.entry(declared.name);
}

/** JSON has no `undefined`. */
function clean<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function shapeOf(entry: Entry): unknown {
  return {
    inputs: Object.keys(entry.inputs).sort(),
    outputs: Object.keys(entry.outputs).sort(),
    partial: entry.initErrors.length > 0,
  };
}

function read(file: string): Golden {
  return JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Golden;
}

async function writeAll(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const golden: Golden = { declared: sample.declared, entry: await make(sample) };
    writeFileSync(join(FOLDER, `${name}.v${SCHEMA_VERSION}.json`), `${JSON.stringify(golden, null, 2)}\n`);
  }
}
