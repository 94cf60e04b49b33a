import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectSuccess, harness, rowsOf, type Harness } from "./support/harness";

jest.setTimeout(900_000);

const active = (the: Harness) =>
  the.emulator.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));

describe("the engine's options and flags", () => {
  let the: Harness;

  beforeEach(async () => {
    the = await harness({ program: "" }, { execute: "process" });
    the.project.setConfig("mags:namespace", "e2e");
  });
  afterEach(() => the.stop());

  const fleet = `
    const data = new mags.Workspace("data", { setup: "echo 1 > ~/x", deletionProtection: false });
    const box = new mags.Job("box", { workspace: data });
    const alias = new mags.UrlAlias("alias", { target: box });
    const cron = new mags.CronJob("cron", { cronExpression: "0 3 * * *", script: "true" });
  `;

  it("replaces each kind on demand, under the same name and with nothing doubled", async () => {
    the.project.write(fleet);
    expectSuccess(await the.project.up());
    const before = await the.project.resources();
    for (const kind of ["UrlAlias", "CronJob", "Job", "Workspace"]) {
      const { urn } = before.find(({ type }) => type.endsWith(`mags:${kind}`))!;
      // What depends on a workspace goes with it: its job holds it.
      const { output } = expectSuccess(
        await the.project.up("--replace", urn, ...(kind === "Workspace" ? ["--target-dependents"] : [])),
      );
      expect(output).toContain("replaced");
    }
    const left = the.emulator.snapshot();
    expect(left.workspaces).toHaveLength(1);
    expect(left.aliases).toHaveLength(1);
    expect(left.crons).toHaveLength(1);
    expect(active(the)).toHaveLength(1);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("does under a saved plan what the preview has shown, when it makes resources and when it edits them", async () => {
    const plan = join(the.project.folder, "plan.json");
    for (const environment of ["", `environment: { A: "1" }, `]) {
      the.project.write(`${fleet} new mags.Job("free", { ${environment}noSleep: true });`);
      expectSuccess(await the.project.preview("--save-plan", plan));
      expectSuccess(await the.project.up("--plan", plan));
      expectSuccess(await the.project.up("--expect-no-changes"));
    }
    expect(active(the)).toHaveLength(2);
    expect(active(the).map((job) => job.environment.A)).toContain("1");
  });

  it("shows no row for a renamed stack or an aliased rename, and moves what was renamed without an alias", async () => {
    the.project.write(`new mags.Job("old", { environment: { A: "1" } });`);
    expectSuccess(await the.project.up());
    const { id } = await the.project.resource("Job");
    the.project.write(`new mags.Job("new", { environment: { A: "1" } }, { aliases: [{ name: "old" }] });`);
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect((await the.project.resource("Job")).id).toBe(id);
    expectSuccess(await the.project.pulumi("stack", "rename", "renamed"));
    the.project.stack = "renamed";
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect((await the.project.resource("Job")).id).toBe(id);
    the.project.write(`new mags.Job("third", { environment: { A: "1" } });`);
    expectSuccess(await the.project.up());
    expect(active(the).map((job) => job.name)).toEqual([expect.stringMatching(/^renamed-third-/)]);
    // With an explicit name, what is renamed without an alias is in its own way.
    the.project.write(
      `new mags.CronJob("one", { name: "nightly", cronExpression: "0 3 * * *", script: "true" });`,
    );
    expectSuccess(await the.project.up());
    the.project.write(
      `new mags.CronJob("two", { name: "nightly", cronExpression: "0 3 * * *", script: "true" });`,
    );
    const refused = await the.project.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/cron job named "nightly" exists already.*aliases/s);
    the.project.write(
      `new mags.CronJob("two", { name: "nightly", adopt: true, cronExpression: "0 3 * * *", script: "true" });`,
    );
    const { output } = expectSuccess(await the.project.up());
    expect(output).toContain("now belongs to another resource of this program");
    expect(the.emulator.snapshot().crons).toHaveLength(1);
  });

  it("respects protect, retainOnDelete, ignoreChanges, replaceOnChanges and deletedWith", async () => {
    the.project.write(`
      new mags.Job("protected", {}, { protect: true });
      new mags.Job("retained", {}, { retainOnDelete: true });
      new mags.Job("ignoring", { noSleep: true, environment: { A: "1" } }, { ignoreChanges: ["noSleep", "environment.A"] });
      new mags.Job("replacing", { startupCommand: "a" }, { replaceOnChanges: ["startupCommand"] });
      const data = new mags.Workspace("data", { deletionProtection: false });
      new mags.UrlAlias("alias", { target: data }, { deletedWith: data });
    `);
    expectSuccess(await the.project.up());
    const { requestId } = (await the.project.resource("Job", "replacing")).outputs!;
    the.mutations();
    the.project.write(`
      new mags.Job("protected", {}, { protect: true });
      new mags.Job("retained", {}, { retainOnDelete: true });
      new mags.Job("ignoring", { noSleep: false, environment: { A: "2" } }, { ignoreChanges: ["noSleep", "environment.A"] });
      new mags.Job("replacing", { startupCommand: "b" }, { replaceOnChanges: ["startupCommand"] });
      const data = new mags.Workspace("data", { deletionProtection: false });
      new mags.UrlAlias("alias", { target: data }, { deletedWith: data });
    `);
    expectSuccess(await the.project.up());
    expect((await the.project.resource("Job", "replacing")).outputs!.requestId).not.toBe(requestId);
    expect(the.mutations().filter((call) => call.startsWith("PATCH"))).toEqual([]);
    const refused = await the.project.destroy();
    expect(refused.code).not.toBe(0);
    expect(active(the).map((job) => job.name)).toContainEqual(expect.stringContaining("protected"));
    expectSuccess(await the.project.pulumi("state", "unprotect", "--all", "--yes"));
    expectSuccess(await the.project.destroy());
    expect(active(the).map((job) => job.name)).toEqual([expect.stringContaining("retained")]);
    expect(the.mutations()).not.toContain("DELETE /mags-url-aliases/{subdomain}");
  });

  it("shows exactly one row for deletionProtection that is switched off, and on again", async () => {
    const program = (protection: string) => `
      const data = new mags.Workspace("data", { ${protection} });
      const box = new mags.Job("box", { workspace: data });
      new mags.UrlAlias("alias", { target: box });
      new mags.UrlAlias("direct", { workspaceId: data.workspaceId });`;
    the.project.write(program(""));
    expectSuccess(await the.project.up());
    the.mutations();
    for (const protection of ["deletionProtection: false", "deletionProtection: true"]) {
      the.project.write(program(protection));
      const { output } = expectSuccess(await the.project.preview());
      expect(rowsOf(output)).toEqual(["update data"]);
      expect(output).toMatch(/data update \[diff: [+~]deletionProtection\]/);
      expectSuccess(await the.project.up());
    }
    expect(the.mutations()).toEqual([]);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("works through transforms, dependsOn and nested components", async () => {
    the.project.write(`
      class Inner extends pulumi.ComponentResource {
        constructor(name, opts) { super("test:index:Inner", name, {}, opts); this.job = new mags.Job("box", {}, { parent: this }); this.registerOutputs(); }
      }
      class Outer extends pulumi.ComponentResource {
        constructor(name, opts) { super("test:index:Outer", name, {}, opts); this.inner = new Inner(name + "-inner", { parent: this }); this.registerOutputs(); }
      }
      const outer = new Outer("outer", {
        transforms: [({ type, props, opts }) => type.endsWith("mags:Job") ? { props: { ...props, noSleep: true }, opts } : undefined],
      });
      new mags.Job("plain", {}, { dependsOn: [outer] });
    `);
    expectSuccess(await the.project.up());
    const [plain, box] = active(the);
    expect(plain).toMatchObject({ name: expect.stringMatching(/^dev-plain-/), noSleep: false });
    expect(box).toMatchObject({ name: expect.stringMatching(/^dev-box-/), noSleep: true });
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("runs ES module and TypeScript programs, and reads with get", async () => {
    writeFileSync(
      join(the.project.folder, "package.json"),
      `{"name":"e2e","type":"module","main":"index.js"}`,
    );
    writeFileSync(
      join(the.project.folder, "index.js"),
      `import * as mags from "pulumi-mags";\nexport const box = new mags.Job("box", { name: "explicit-box" }).name;\n`,
    );
    expectSuccess(await the.project.up());
    expect(await the.project.outputs()).toEqual({ box: "explicit-box" });
    writeFileSync(join(the.project.folder, "package.json"), `{"name":"e2e","main":"index.ts"}`);
    writeFileSync(
      join(the.project.folder, "tsconfig.json"),
      `{"compilerOptions":{"module":"nodenext","strict":true,"target":"es2022"}}`,
    );
    writeFileSync(
      join(the.project.folder, "index.ts"),
      `import * as mags from "pulumi-mags";\nconst box = new mags.Job("box", { name: "explicit-box" });\n` +
        `const seen = mags.Job.get("seen", box.id);\nexport const status: unknown = seen.status;\nexport const request = seen.requestId;\n`,
    );
    expectSuccess(await the.project.up());
    const { requestId } = (await the.project.resource("Job", "box")).outputs!;
    expect(await the.project.outputs()).toMatchObject({ request: requestId, status: "running" });
    writeFileSync(
      join(the.project.folder, "index.ts"),
      `import * as mags from "pulumi-mags";\nmags.Job.get("missing", "no-such-job");\n`,
    );
    const missing = await the.project.up();
    expect(missing.code).not.toBe(0);
    expect(missing.output).toContain('There is no Job "no-such-job" in this account');
  });
});
