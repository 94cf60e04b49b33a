import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FakeApi, type Reply, type ReceivedRequest } from "../../support/fake-api";
import { projectWithCommand, type Project } from "../command";

jest.setTimeout(180_000);

interface Lists {
  jobs: object[];
  workspaces: object[];
  aliases: object[];
  cron_jobs: object[];
}

/** An account of these lists, as the API would page them. */
function accountOf({ jobs, workspaces, aliases, cron_jobs }: Lists): (request: ReceivedRequest) => Reply {
  const byId = new Map(jobs.map((job) => [(job as { request_id: string }).request_id, job]));
  return ({ method, path: at, query, headers }) => {
    if (headers.authorization !== "Bearer the-token") return { status: 401, body: { error: "bad token" } };
    if (method !== "GET") return { status: 500, body: { error: "nothing may be changed" } };
    const all = (list: object[], key: string): Reply => ({ body: { [key]: list, total: list.length } });
    if (at.endsWith("/mags-workspaces")) return all(workspaces, "workspaces");
    if (at.endsWith("/mags-url-aliases")) return all(aliases, "aliases");
    if (at.endsWith("/mags-cron")) return all(cron_jobs, "cron_jobs");
    const size = Number(query.get("page_size"));
    const from = (Number(query.get("page")) - 1) * size;
    if (at.endsWith("/mags-jobs"))
      return { body: { jobs: jobs.slice(from, from + size), total: jobs.length } };
    const job = byId.get(at.split("/").at(-2)!);
    return job ? { body: job } : { status: 404, body: { error: "no such job" } };
  };
}

const SMALL: Lists = {
  jobs: [{ request_id: "r-1", name: "web", workspace_id: "site", status: "running" }],
  workspaces: [{ workspace_id: "site" }],
  aliases: [],
  cron_jobs: [],
};

const many = (count: number, item: (number: number) => object) =>
  Array.from({ length: count }, (_, number) => item(number));

let project: Project;
let api: FakeApi;
beforeAll(async () => {
  project = projectWithCommand();
  api = await FakeApi.start();
});
afterAll(async () => {
  project.remove();
  await api.stop();
});
beforeEach(() => api.answer(accountOf(SMALL)));

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  project.run(args, {
    MAGS_API_URL: api.endpoint,
    MAGS_API_TOKEN: "the-token",
    HOME: project.folder,
    ...env,
  });

/** A `pulumi` that answers with a state; what the real one says is tested with the real one. */
function pulumiWith(state: object): string {
  const bin = path.join(project.folder, "bin");
  mkdirSync(bin, { recursive: true });
  project.write("state.json", JSON.stringify(state));
  const script = `process.stdout.write(process.argv[2] === "config" ? "{}" : require("node:fs").readFileSync(${JSON.stringify(path.join(project.folder, "state.json"))}))`;
  writeFileSync(path.join(bin, "pulumi"), `#!${process.execPath}\n${script}\n`);
  chmodSync(path.join(bin, "pulumi"), 0o755);
  return `${bin}${path.delimiter}${process.env.PATH}`;
}

describe("mags-iac import", () => {
  it("ends with 0, and --json says what was written, what was not, and what comes next", async () => {
    const cron = { id: "c-1", name: "tick", cron_expression: "never", script: "date", enabled: true };
    api.answer(accountOf({ ...SMALL, cron_jobs: [cron] }));
    const { code, stdout, stderr } = await run(["import", "--out", "json", "--json"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^left out: CronJob "tick": .*\n$/);
    expect(JSON.parse(stdout)).toEqual({
      files: ["json/index.ts", "json/import.json"],
      resources: { Workspace: 1, Job: 1 },
      leftOut: [{ kind: "CronJob", name: "tick", why: expect.any(String) as string }],
      notes: [],
      endedJobs: 0,
      next: [
        "pulumi import --file json/import.json --generate-code=false --protect=false",
        "pulumi preview --diff",
        "pulumi up",
      ],
    });
  });

  it("says where a schedule works on a workspace that no list has", async () => {
    const cron = { name: "tick", cron_expression: "0 3 * * *", script: "date", enabled: true };
    const workspace_id = (SMALL.workspaces[0] as { workspace_id: string }).workspace_id;
    const cron_jobs = [
      { ...cron, id: "c-1", workspace_id: "rep" },
      { ...cron, id: "c-2", name: "tock", workspace_id },
    ];
    api.answer(accountOf({ ...SMALL, jobs: [], cron_jobs }));
    const { code, stderr } = await run(["import", "--out", "unlisted"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^note: CronJob "tick" works on the workspace "rep", which Mags does not list: .*\n$/,
    );
    expect(project.read("unlisted/index.ts")).toContain('workspaceId: "rep"');
  });

  it("loads nothing of Pulumi's SDK, which takes longer than all it does", async () => {
    project.write(
      "watch.js",
      `process.on("exit", () => {
         const loaded = Object.keys(require.cache).filter((file) => file.includes("@pulumi"));
         process.stderr.write("of Pulumi: " + loaded.length);
       });`,
    );
    const NODE_OPTIONS = `--require ${path.join(project.folder, "watch.js")}`;
    const { code, stderr } = await run(["import", "--as", "constructs", "--out", "light"], { NODE_OPTIONS });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "of Pulumi: 0" });
  });

  it("never writes over what is there without --force, and says so before it asks for anything", async () => {
    project.write("keep.txt", "");
    mkdirSync(path.join(project.folder, "kept"));
    project.write("kept/index.ts", "mine");
    const asked = api.requests.length;
    const refused = await run(["import", "--out", "kept"]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toBe(
      "mags-iac: kept/index.ts is there already, and would be written over. Name another folder with --out, or say --force. Nothing was written.\n",
    );
    expect(api.requests.length).toBe(asked);
    expect(project.read("kept/index.ts")).toBe("mine");
    expect(existsSync(path.join(project.folder, "kept/import.json"))).toBe(false);
    expect(await run(["import", "--out", "kept", "--force"])).toMatchObject({ code: 0 });
    expect(project.read("kept/index.ts")).toContain("new mags.Workspace");
  });

  it.each<[string, string[], NodeJS.ProcessEnv, Reply | undefined, RegExp]>([
    ["no token", [], { MAGS_API_TOKEN: "" }, undefined, /No API token for http.*Set MAGS_API_TOKEN/],
    ["a token that is refused", [], { MAGS_API_TOKEN: "x" }, undefined, /Mags refused the API token \(401/],
    ["an outage", [], {}, { status: 500, body: { error: "down" } }, /GET .* failed: status 500, down/],
    ["a page that is no JSON", [], {}, { body: "<html>" }, /not .*JSON|promises/],
    [
      "nobody there",
      ["--endpoint", "http://127.0.0.1:1"],
      {},
      undefined,
      /reached .*Check the network and --endpoint, then/,
    ],
    [
      "an endpoint that is none",
      ["--endpoint", "nonsense"],
      {},
      undefined,
      /"nonsense", which --endpoint names/,
    ],
    ["an endpoint that is empty", ["--endpoint", ""], {}, undefined, /"", which --endpoint names/],
    ["a file system that takes no folders", ["--out", "/proc/none/here"], {}, undefined, /cannot be written/],
    [
      "a filter that leaves nothing",
      ["--only", "job:nothing-*"],
      {},
      undefined,
      /Of 2 things .* leaves none/,
    ],
    ["a kind that there is not", ["--only", "vm:*"], {}, undefined, /no kind "vm"/],
    [
      "a program of another sort",
      ["--as", "yaml"],
      {},
      undefined,
      /Allowed choices are resources, constructs/,
    ],
    [
      "a folder that cannot be",
      ["--out", "package.json/x"],
      {},
      undefined,
      /cannot be written|is there already/,
    ],
  ])("ends with 1 at %s, says what to do, and writes nothing", async (_what, args, env, reply, message) => {
    if (reply) api.answer(() => reply);
    const { code, stdout, stderr } = await run(["import", "--out", "nothing", ...args], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(path.join(project.folder, "nothing"))).toBe(false);
  });

  it("says of an empty account that it may be the wrong one", async () => {
    api.answer(accountOf({ jobs: [], workspaces: [], aliases: [], cron_jobs: [] }));
    expect(await run(["import", "--out", "empty"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nothing in this account .*--endpoint/) as string,
    });
  });

  it("never takes an incomplete list for the account", async () => {
    const whole = accountOf(SMALL);
    api.answer((request) =>
      request.path.endsWith("/mags-workspaces")
        ? { body: { workspaces: [{ workspace_id: "site" }], total: 2 } }
        : whole(request),
    );
    expect(await run(["import", "--out", "part"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("shows 1 of 2") as string,
    });
  });

  it("asks a job for what the list leaves open, and leaves out what could not be found again", async () => {
    const jobs = [
      { request_id: "r-1", status: "running" },
      { request_id: "r-2", name: "named", status: "sleeping" },
      { request_id: "r-3", name: "site-setup", workspace_id: "site", status: "running" },
      { request_id: "r-4", name: "twice", workspace_id: "b", status: "running" },
      { request_id: "r-5", name: "twice", workspace_id: "a", status: "running" },
      { request_id: "r-6", name: "over", workspace_id: "a", status: "error" },
    ];
    const whole = accountOf({ ...SMALL, jobs });
    api.answer((request) =>
      request.path.includes("/r-2/status")
        ? { body: { status: "sleeping", workspace_id: "site", url: "https://x.apps.mags.run" } }
        : whole(request),
    );
    const { stdout, stderr } = await run(["import", "--out", "jobs", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ resources: { Workspace: 1, Job: 2 }, endedJobs: 1 });
    expect(stderr.match(/^left out: Job "(r-1|site-setup|twice)": /gm)).toHaveLength(3);
    expect(project.read("jobs/index.ts")).toContain(`new mags.Job("named", {
  name: "named",
  workspace: site,
  // A guess: it has a URL, and 8080 is the port that Mags opens if none is named.
  http: { port: 8080 },`);
  });
});

describe("an account of 10,000 things", () => {
  const lists: Lists = {
    jobs: many(6_000, (number) => ({
      request_id: `request-${number}`,
      name: `job-${number}`,
      workspace_id: `workspace-${number}`,
      status: number % 2 === 0 ? "running" : "completed",
    })),
    workspaces: many(3_000, (number) => ({ workspace_id: `workspace-${number * 2}` })),
    aliases: many(2_000, (number) => ({
      subdomain: `alias-${number}`,
      workspace_id: `workspace-${number * 2}`,
      domain: "localhost",
    })),
    // Names that are an identifier in no alphabet.
    cron_jobs: many(2_000, (number) => ({
      id: `cron-${number}`,
      name:
        "🎉".repeat((number % 20) + 1) +
        "—".repeat(Math.floor(number / 100) % 20) +
        "…".repeat(Math.floor(number / 20) % 5),
      cron_expression: "0 3 * * *",
      script: "date",
      enabled: true,
      persistent: false,
    })),
  };
  // This server gives as many per page as it is asked for.
  const walks = 6_000 / 500 + 3;

  it.each(["resources", "constructs"])("is walked once, and written as %s", async (as) => {
    api.answer(accountOf(lists));
    const before = api.requests.length;
    const { code, stdout } = await run(["import", "--as", as, "--out", as]);
    expect(code).toBe(0);
    expect(stdout).toContain("3000 workspaces, 3000 jobs, 2000 URL aliases, 2000 cron jobs written");
    expect(stdout).toContain("3000 jobs that have ended");
    expect(api.requests.length - before).toBe(walks);
  });

  it("is compared with its state, with no more calls than there are jobs", async () => {
    api.answer(accountOf(lists));
    const { resources } = JSON.parse(project.read("resources/import.json")) as {
      resources: { type: string; logicalName: string; id: string; inputs: object; outputs: object }[];
    };
    const state = resources.map(({ type, logicalName, ...rest }) => ({
      urn: `urn:pulumi:dev::fleet::${type}::${logicalName}`,
      type,
      ...rest,
    }));
    const PATH = pulumiWith({ version: 3, deployment: { resources: state } });
    const before = api.requests.length;
    const { code, stdout } = await run(["drift", "--stack", "dev"], { PATH });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No drift. 10000 resources as recorded.") as string,
    });
    expect(api.requests.length - before).toBeLessThan(3_000 + walks);
  });

  it("that are not there in their own account are taken for a wrong one", async () => {
    api.answer(accountOf({ jobs: [], workspaces: [], aliases: [], cron_jobs: [] }));
    const { code, stdout } = await run(["drift", "--stack", "dev"], {
      PATH: `${path.join(project.folder, "bin")}${path.delimiter}${process.env.PATH}`,
    });
    expect(code).toBe(2);
    expect(stdout).toContain(
      "10000 resources: 10000 gone.\nSo many are gone that this may be the wrong account",
    );
  });
});
