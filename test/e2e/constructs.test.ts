import type { Emulator } from "../../emulator";
import { expectSuccess, get, harness, type Harness } from "./support/harness";

jest.setTimeout(900_000);

const PRELUDE = `
  const c = require("pulumi-mags/constructs");
  const { deploy } = require("pulumi-mags/constructs/pulumi");
`;
const SERVER = `require("node:http").createServer((_, answer) => answer.end("hello")).listen(8080)`;
const SCRIPT = JSON.stringify(`exec node -e '${SERVER}'`);

/** Asked of a machine that is to be stopped, if it is awake just then. */
const SYNC = "POST /mags-jobs/{id}/sync";

/** Every pattern; the id of the service, and what it was before; or only what is to stay. */
const PROGRAM = ([id, from]: [id: string, from?: string] = ["shop"], all = true) => `
  ${PRELUDE}
  const app = new c.App();
  const stack = new c.Stack(app, "all");
  const unprotected = { deletionProtection: false };
  const service = new c.AlwaysOnService(stack, "${id}", {
    script: ${SCRIPT}, workspace: unprotected, secrets: { KEY: c.Secret.fromEnvironment("E2E_SECRET") },
  });
  ${from === undefined ? "" : `c.Renames.of(service).from("${from}");`}
  new c.CronSuite(stack, "suite", {
    schedules: { nightly: { schedule: c.Schedule.daily({ hour: 3 }), script: "date", workspace: "own" } },
    ownWorkspace: unprotected,
  });
  ${all ? `const fleet = new c.SandboxFleet(stack, "fleet", { count: 2, sandbox: unprotected });` : ""}
  new c.PreviewEnvironment(stack, "preview", { pullRequest: 7, script: ${SCRIPT} });
  ${all ? `new c.Workspace(stack, "kept", { name: "kept", removalPolicy: c.RemovalPolicy.RETAIN });` : ""}
  const deployed = deploy(app);
  exports.url = deployed.output(service.url);
  exports.status = deployed.of(service.job).status;
  ${all ? `exports.box = deployed.output(fleet.sandbox("sandbox-001").name);` : ""}
`;

describe("an app with all patterns on the real engine", () => {
  let the: Harness;
  /** Paths in the tree of what is in the state, for resources that are in the cloud. */
  const deployed = async () =>
    (await the.project.resources())
      .filter(({ type }) => type.includes("dynamic/mags:"))
      .map(({ urn }) => urn.split("::").at(-1)!)
      .sort();
  const under = (paths: string[], prefix: string) => paths.filter((path) => path.startsWith(prefix));

  beforeAll(async () => {
    the = await harness(
      { program: PROGRAM() },
      { execute: "process", env: { E2E_SECRET: "not in plain text" } },
    );
    expectSuccess(await the.project.up());
  });
  afterAll(() => the.stop());

  it("is there as the plan says, answers, and has nothing to do again", async () => {
    expect(await deployed()).toEqual([
      "all/fleet/sandbox-001/Job",
      "all/fleet/sandbox-001/Workspace",
      "all/fleet/sandbox-002/Job",
      "all/fleet/sandbox-002/Workspace",
      "all/kept",
      "all/preview/pr-7/Service/Job",
      "all/preview/pr-7/Service/Job/Alias",
      "all/preview/pr-7/Service/Workspace",
      "all/shop/Job",
      "all/shop/Job/Alias",
      "all/shop/Workspace",
      "all/suite/nightly",
      expect.stringMatching(/^all\/suite\/nightly/),
    ]);
    const outputs = await the.project.outputs();
    expect(outputs.status).toBe("running");
    expect(await get(String(outputs.url))).toEqual({ status: 200, body: "hello" });
    // A workspace and a job of one name, as `mags new` gives.
    const { workspaces, jobs } = the.emulator.snapshot();
    expect(outputs.box).toMatch(/^dev-all-fleet-sandbox-001-[a-z0-9]{13}$/);
    expect(workspaces.map(({ workspaceId }) => workspaceId)).toContain(outputs.box);
    expect(jobs.map(({ name }) => name)).toContain(outputs.box);
    expect(the.project.stateText()).not.toContain("not in plain text");
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });

  it("goes on with what is renamed, and loses exactly what left it: what is kept is forgotten only", async () => {
    const before = await deployed();
    const outputs = await the.project.outputs();
    the.mutations();
    the.project.write(PROGRAM(["store", "shop"], false));
    expectSuccess(await the.project.up());
    expect(await deployed()).toEqual(
      before
        .filter((path) => !path.startsWith("all/fleet/") && path !== "all/kept")
        .map((path) => path.replace(/^all\/shop/, "all/store"))
        .sort(),
    );
    expect(under(await deployed(), "all/store")).toHaveLength(3);
    // The machines of the two sandboxes are stopped, synced where they are awake, and their workspaces go.
    const calls = the.mutations();
    const stop = "POST /mags-jobs/{id}/stop";
    const remove = "DELETE /mags-workspaces/{workspace_id}";
    expect(calls.filter((route) => ![stop, remove, SYNC].includes(route))).toEqual([]);
    expect(calls.filter((route) => route === remove)).toHaveLength(2);
    const after = await the.project.outputs();
    expect(after.url).toBe(outputs.url);
    expect(await get(String(after.url))).toEqual({ status: 200, body: "hello" });
    expect(the.emulator.snapshot().workspaces.map(({ workspaceId }) => workspaceId)).toContain("kept");
  });

  it("tells all that is wrong at once, without a stack and before any call", async () => {
    the.project.write(`${PRELUDE}
      new mags.Job("beside", {});
      const app = new c.App();
      const stack = new c.Stack(app, "all");
      new c.Job(stack, "web", { vcpus: 0, noSleap: true });
      new c.Job(stack, "nightly", { secrets: { A: c.Secret.fromEnvironment("NOT_SET") }, files: { a: "missing" } });
      const api = new c.Job(stack, "api", { http: { port: 80 }, name: "one", workspace: "prod-data" });
      new c.Job(stack, "client", { script: c.Script.inline(\`curl \${api.url}\`), removalPolicy: "RETAIN" });
      new c.Job(new c.Stack(app, "other"), "twin", { name: "one" });
      deploy(app);
    `);
    the.mutations();
    const { code, output } = await the.project.preview();
    expect(code).not.toBe(0);
    for (const problem of [
      "has 7 problems",
      "[all/api] workspace is a string, but it takes the construct itself",
      "[all/client] script is a text made from a value that is known only later",
      '[all/client] its removal policy is "RETAIN"',
      '[other/twin] its name is "one", as that of all/api',
      "[all/web] vcpus",
      "[all/web] there is no property noSleap",
      "[all/nightly] ",
    ])
      expect(output).toContain(problem);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output.split("noSleap").length - 1).toBeLessThanOrEqual(2);
    expect(the.mutations()).toEqual([]);
  });

  it("leaves nothing but what is to be kept", async () => {
    the.project.write(PROGRAM(["store"], false));
    expectSuccess(await the.project.destroy());
    const { aliases, crons, jobs, workspaces } = the.emulator.snapshot();
    expect(jobs.filter(({ status }) => ["pending", "running", "sleeping"].includes(status))).toEqual([]);
    expect([...aliases, ...crons]).toEqual([]);
    expect(workspaces.map(({ workspaceId }) => workspaceId)).toEqual(["kept"]);
  });
});

describe("one program, written with resources and with constructs", () => {
  const PLAIN = `
    const base = new mags.Workspace("base", {
      name: "base", setup: "echo hello > ~/greeting", diskGb: 3, deletionProtection: false,
    });
    const copy = new mags.Workspace("copy", { name: "copy", baseWorkspaceId: base.workspaceId, deletionProtection: false });
    const web = new mags.Job("web", {
      name: "web", workspace: copy, script: "exec sleep infinity", noSleep: true, memoryMb: 2048, diskGb: 4,
      environment: { A: "1" }, secrets: { B: "2" }, files: { "app/": "./app", "one.conf": "one.conf" }, http: { port: 8080, otherPorts: [8081] },
    });
    new mags.UrlAlias("alias", { subdomain: "shop", target: web, port: 8081 });
    const environment = { WHO: web.name };
    new mags.Run("inside", { name: "inside", job: web, script: "cat ~/greeting", environment, triggers: ["1"] });
    new mags.Run("alone", { name: "alone", script: "date", files: { "one.conf": "one.conf" }, secrets: { C: "3" } });
    const own = new mags.Workspace("own", { name: "own", deletionProtection: false });
    new mags.CronJob("nightly", {
      name: "nightly", cronExpression: "0 3 * * *", script: "date", workspace: own, enabled: false, environment,
    });
    const seeded = new mags.Workspace("seeded", { name: "seeded", deletionProtection: false });
    new mags.Run("seed", { name: "seed", workspace: seeded, script: "date > ~/seeded" });
    new mags.Sandbox("box", {
      name: "box", deletionProtection: false, diskGb: 3, setup: "date > ~/made", baseWorkspaceId: base.workspaceId,
      files: { "one.conf": "one.conf" }, http: { port: 8080 }, startupCommand: "date",
    });
    new mags.Sandbox("scratch", { name: "scratch", persistent: false, idleTimeout: 30 });
  `;
  const TREE = `${PRELUDE}
    const app = new c.App();
    const stack = new c.Stack(app, "all");
    const files = { deletionProtection: false };
    const base = new c.Workspace(stack, "base", {
      name: "base", setup: c.Script.inline("echo hello > ~/greeting"), disk: c.Size.gibibytes(3), ...files,
    });
    const copy = base.fork("copy", { name: "copy", removalPolicy: c.RemovalPolicy.DESTROY });
    const web = copy.addJob("web", {
      name: "web", script: "exec sleep infinity", noSleep: true, memory: c.Size.gibibytes(2), disk: c.Size.gibibytes(4),
      environment: { A: "1" }, secrets: { B: "2" }, files: { "app/": "./app" }, http: { port: 8080, otherPorts: [8081] },
    });
    web.addFile("one.conf", "one.conf");
    web.addAlias("alias", { subdomain: "shop", port: 8081 });
    const environment = { WHO: web.name };
    web.addRun("inside", { name: "inside", script: "cat ~/greeting", environment, triggers: ["1"] });
    new c.Run(stack, "alone", {
      name: "alone", script: "date", files: { "one.conf": "one.conf" }, secrets: { C: c.Secret.of("3") },
    });
    const own = new c.Workspace(stack, "own", { name: "own", ...files });
    own.addCronJob("nightly", {
      name: "nightly", schedule: c.Schedule.daily({ hour: 3 }), script: "date", enabled: false, environment,
    });
    const seeded = new c.Workspace(stack, "seeded", { name: "seeded", ...files });
    seeded.addRun("seed", { name: "seed", script: "date > ~/seeded" });
    new c.Sandbox(stack, "box", {
      name: "box", disk: c.Size.gibibytes(3), setup: c.Script.fromFile("setup.sh"), base,
      files: { "one.conf": "one.conf" }, http: { port: 8080 }, startupCommand: "date", ...files,
    });
    new c.Sandbox(stack, "scratch", { name: "scratch", persistent: false, idleTimeout: c.Duration.minutes(30) });
    deploy(app);
  `;

  it("makes the same calls and leaves the same things", async () => {
    const runs = [];
    for (const program of [PLAIN, TREE]) {
      const the = await harness({ program }, { execute: "process" });
      try {
        the.project.writeFile("app/index.html", "hello");
        the.project.writeFile("one.conf", "one");
        the.project.writeFile("setup.sh", "date > ~/made");
        expectSuccess(await the.project.up());
        const made = changing(the.emulator);
        const { aliases, crons, jobs, workspaces } = the.emulator.snapshot();
        the.emulator.clearCalls();
        expectSuccess(await the.project.destroy());
        runs.push({
          made,
          gone: changing(the.emulator),
          jobs: jobs
            .map(({ name, script, environment, workspaceId, baseWorkspaceId, diskGb, noSleep, ports }) =>
              JSON.stringify({
                ...{ name, script, environment, workspaceId, baseWorkspaceId, diskGb, noSleep, ports },
              }),
            )
            .sort(),
          workspaces: workspaces.map(({ workspaceId }) => workspaceId).sort(),
          aliases: aliases.map(({ subdomain, port, workspaceId }) => ({ subdomain, port, workspaceId })),
          crons: crons.map(({ name, enabled, environment }) => ({ name, enabled, environment })),
        });
      } finally {
        await the.stop();
      }
    }
    const [plain, tree] = runs;
    expect(plain!.made.length).toBeGreaterThan(25);
    expect(plain!.gone.length).toBeGreaterThan(10);
    expect(plain!.workspaces).toEqual(["base", "box", "copy", "own", "scratch", "seeded"]);
    expect(tree).toEqual(plain);
  });
});

/**
 * Calls that change something, with what they said; ids differ from run to run, and so does the order. How often a
 * command looked whether something is over, or came too early, is a matter of time.
 */
function changing(emulator: Emulator): string[] {
  const vms = emulator.snapshot().jobs.flatMap(({ vmId }) => vmId ?? []);
  const lines = emulator
    .calls()
    .filter(({ method, route, status }) => method !== "GET" && route !== SYNC && status < 400)
    .map(({ route, body, status }) =>
      vms.reduce(
        (line, vmId) => line.replaceAll(vmId, "(vm)"),
        `${status} ${route} ${JSON.stringify(body)}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "(id)"),
      ),
    )
    .sort();
  return lines.filter((line, index) => !line.includes(EXEC) || line !== lines[index - 1]);
}

const EXEC = "POST /mags-jobs/{id}/exec";
