import { expectSuccess, harness, type Harness } from "./support/harness";
import type { StateResource } from "./support/project";

jest.setTimeout(900_000);

/** The engine writes these for every resource, whatever it is. */
const OF_THE_ENGINE = ["urn", "custom", "id", "type", "parent", "provider", "created", "modified"];

/**
 * What a resource takes in the state beyond what the engine has of each, in compact JSON. The provider's text, which
 * stands in an empty resource too, counts.
 */
function bytesOf(resource: StateResource): number {
  const ours = Object.entries(resource).filter(([key]) => !OF_THE_ENGINE.includes(key));
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(ours)));
}

const LONG = "echo long;".repeat(2_000);
const timesIn = (resource: StateResource) => JSON.stringify(resource).split(LONG).length - 1;

describe("the state of resources", () => {
  let the: Harness;
  let resources: StateResource[];
  const named = (name: string) =>
    resources.find(({ urn, type }) => type.includes("dynamic/mags:") && urn.endsWith(`::${name}`))!;

  beforeAll(async () => {
    the = await harness({
      program: `
        const { App, Job, Stack } = require("pulumi-mags/constructs");
        const { deploy } = require("pulumi-mags/constructs/pulumi");
        const long = ${JSON.stringify(LONG)};
        const deletionProtection = false;
        const workspace = new mags.Workspace("workspace", { deletionProtection });
        const job = new mags.Job("job", { workspace, noSleep: true, diskGb: 4, http: { port: 8080 } });
        new mags.UrlAlias("alias", { target: job });
        new mags.CronJob("cron", { cronExpression: "0 3 * * *", script: "date" });
        new mags.Run("run", { script: "date" });
        new mags.Sandbox("sandbox", { persistent: false, allowDataLoss: true });
        new mags.Workspace("long-workspace", { setup: long, deletionProtection });
        new mags.Job("long-job", { script: long });
        new mags.CronJob("long-cron", { cronExpression: "0 3 * * *", script: long });
        new mags.Run("long-run", { script: long });
        const app = new App();
        new Job(new Stack(app, "app"), "job", { noSleep: true, http: { port: 8080 } });
        deploy(app);
      `,
    });
    expectSuccess(await the.project.up());
    resources = await the.project.resources();
  });
  afterAll(() => the.stop());

  // A tenth above what they take, so that it cannot creep. An empty resource takes about 540, most of it a stack trace.
  it.each([
    ["workspace", 860],
    ["job", 1330],
    ["alias", 1160],
    ["cron", 710],
    ["run", 890],
    ["sandbox", 970],
    ["app/job", 970],
  ])("of %s takes at most %i bytes beyond the engine's own", (name, limit) => {
    expect(bytesOf(named(name))).toBeLessThanOrEqual(limit);
  });

  it("of a component that a deploy makes is the engine's own", () => {
    const components = resources.filter(({ type }) => type.startsWith("mags:constructs:"));
    expect(components).toHaveLength(1);
    for (const component of components) expect(bytesOf(component)).toBeLessThanOrEqual(20);
  });

  it.each([
    ["long-workspace", 1],
    ["long-job", 1],
    ["long-run", 1],
    // What a schedule runs is compared with what the API shows, and handlers see outputs only.
    ["long-cron", 2],
  ])("of %s holds its long script so many times: %i", (name, times) => {
    expect(timesIn(named(name))).toBe(times);
  });

  it("tells where a resource was made, and nothing of where this package made one", () => {
    const position = /"sourcePosition":"([^"]*)"/g;
    const positionsOf = (name: string) =>
      [...JSON.stringify(named(name)).matchAll(position)].map(([, at]) => at!.replace(/,\d+$/, ""));
    expect(new Set(positionsOf("job"))).toEqual(new Set(["project:///index.js#9"]));
    expect(new Set(positionsOf("sandbox"))).toEqual(new Set(["project:///index.js#13"]));
    expect(positionsOf("app/job")).toEqual([]);
  });
});
