import { expectSuccess, harness, type Harness } from "./support/harness";

const FLEET = 40;

/** The same fleet by resources, and by constructs. */
const BY_RESOURCES = `
for (let i = 0; i < ${FLEET}; i++) {
  new mags.Job("box-" + i, { script: "sleep infinity", environment: { NUMBER: String(i) } });
}
const site = new mags.Workspace("site", { deletionProtection: false });
new mags.UrlAlias("site", { workspaceId: site.workspaceId });
new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "date" });
`;
const BY_CONSTRUCTS = `
const { App, Stack, Job, Workspace, UrlAlias, CronJob, RemovalPolicy } = require("pulumi-mags/constructs");
const { deploy } = require("pulumi-mags/constructs/pulumi");
const app = new App();
const fleet = new Stack(app, "fleet");
for (let i = 0; i < ${FLEET}; i++) {
  new Job(fleet, "box-" + i, { script: "sleep infinity", environment: { NUMBER: String(i) } });
}
const site = new Workspace(fleet, "site", { removalPolicy: RemovalPolicy.DESTROY });
new UrlAlias(fleet, "alias", { target: site });
new CronJob(fleet, "nightly", { cronExpression: "0 3 * * *", script: "date" });
deploy(app);
`;

describe.each([
  ["by resources", BY_RESOURCES],
  ["by deploy(app)", BY_CONSTRUCTS],
])("a fleet %s", (_, program) => {
  let stack: Harness;

  beforeAll(async () => {
    stack = await harness({ program }, { bootMs: 50, vmIdMs: 0, stopMs: 0 });
    stack.project.setConfig("mags:namespace", "calls");
  });
  afterAll(() => stack.stop());

  /** How often each route was called since this was last asked. */
  const counts = (): Record<string, number> => {
    const counted: Record<string, number> = {};
    for (const { route } of stack.emulator.calls()) counted[route] = (counted[route] ?? 0) + 1;
    stack.emulator.clearCalls();
    return counted;
  };

  it("is made with a POST each and one list for all names", async () => {
    expectSuccess(await stack.project.up("--parallel", "16"));
    const made = counts();
    expect(made["POST /mags-jobs"]).toBe(FLEET + 1);
    expect(made["POST /mags-url-aliases"]).toBe(1);
    expect(made["POST /mags-cron"]).toBe(1);
    expect(made["GET /mags-url-aliases"]).toBe(1);
    expect(made["GET /mags-cron"]).toBe(1);
    expect(made["POST /mags-jobs/{id}/stop"]).toBe(1);
  });

  it("that is unchanged is previewed and updated without a single call", async () => {
    const preview = expectSuccess(await stack.project.preview("--expect-no-changes"));
    expect(preview.output).toMatch(/unchanged/);
    expect(counts()).toEqual({});
    expectSuccess(await stack.project.up("--expect-no-changes"));
    expect(counts()).toEqual({});
  });

  it("is refreshed by a list of each kind, and three reads before them", async () => {
    expectSuccess(await stack.project.refresh());
    expect(counts()).toEqual({
      "GET /mags-jobs": 1,
      "GET /mags-jobs/{id}/status": 3,
      "GET /mags-workspaces": 1,
      "GET /mags-url-aliases": 1,
      "GET /mags-cron": 1,
    });
  });
});
