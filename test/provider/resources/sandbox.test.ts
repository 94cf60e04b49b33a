import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { sandboxOutputs } from "../../../provider/schema/outputs";
import { typeToken } from "../../../provider/schema/tokens";
import { runProgram, valueOf, type Registered } from "../../support/pulumi-program";
import { refusalsOf } from "../../support/refusals";

jest.mock("../../../provider/resources/problems", () =>
  jest
    .requireActual<typeof import("../../support/refusals")>("../../support/refusals")
    .collecting(jest.requireActual("../../../provider/resources/problems")),
);

/** What a program with one sandbox registers. */
async function parts(args?: mags.SandboxArgs, options?: pulumi.ComponentResourceOptions) {
  const { result, resources } = await runProgram(() => new mags.Sandbox("box", args, options));
  return { sandbox: result, ...byKind(resources), resources };
}

function byKind(resources: Registered[]) {
  const of = (type: string) => resources.find((resource) => resource.type === type);
  return {
    component: of("mags:index:Sandbox"),
    workspace: of(typeToken("Workspace")),
    job: of(typeToken("Job")),
  };
}

describe("a sandbox", () => {
  it("is a component with a workspace and a job on it, all of its name", async () => {
    const { component, workspace, job, resources } = await parts();
    expect(resources).toHaveLength(3);
    for (const resource of [component, workspace, job]) expect(resource!.name).toBe("box");
    expect(job!.inputs.workspaceId).toBeUndefined();
    const { job: named } = await parts({ name: "explicit" });
    expect(named!.inputs.name).toBe("explicit");
  });

  it("names both parts as itself, so that what is generated is one name", async () => {
    const { resources } = await runProgram(() => {
      const team = new pulumi.ComponentResource("acme:index:Team", "team");
      new mags.Sandbox("box", {}, { parent: team });
    });
    const { workspace, job } = byKind(resources);
    expect(job!.inputs.__identity).toEqual(workspace!.inputs.__identity);
    expect(job!.inputs.__identity).toEqual({
      organization: "acme",
      project: "shop",
      stack: "dev",
      typeChain: "acme:index:Team$mags:index:Sandbox",
      logicalName: "box",
      maxLength: 57,
      run: expect.any(String),
    });
  });

  it("gives names of their own to what somebody else puts below it", async () => {
    const { resources } = await runProgram(() => {
      const parent = new mags.Sandbox("box");
      new mags.Job("helper", {}, { parent });
      new mags.UrlAlias("box", { target: parent }, { parent });
    });
    const chains = resources.map(({ name, inputs }) => `${name} ${String(inputs.__identity?.typeChain)}`);
    expect(chains).toContain(`helper mags:index:Sandbox$${typeToken("Job")}`);
    expect(chains).toContain(`box mags:index:Sandbox$${typeToken("UrlAlias")}`);
  });

  it("hands its arguments to its parts", async () => {
    const { workspace, job } = await parts({
      name: "box",
      rootfsType: "claude",
      diskGb: 8,
      noSleep: true,
      setup: "fill",
      baseWorkspaceId: "template",
      deletionProtection: false,
      secrets: { KEY: "k" },
    });
    expect(sent(workspace!)).toEqual({
      name: "box",
      rootfsType: "claude",
      setup: "fill",
      baseWorkspaceId: "template",
      deletionProtection: false,
    });
    expect(sent(job!)).toMatchObject({
      name: "box",
      rootfsType: "claude",
      diskGb: 8,
      noSleep: true,
      baseWorkspaceId: "template",
      secrets: { KEY: "k" },
    });
    expect(job!.secrets).toEqual(["secrets"]);
    expect(job!.inputs).not.toHaveProperty("setup");
    expect(job!.inputs).not.toHaveProperty("persistent");
  });

  it("without persistence is a job alone, whose files no edit may lose", async () => {
    const { sandbox, workspace, job, resources } = await parts({ persistent: false });
    expect(resources).toHaveLength(2);
    expect(workspace).toBeUndefined();
    expect(sandbox.workspace).toBeUndefined();
    expect(sent(job!)).toEqual({ allowDataLoss: false });
  });

  it("protects its workspace, and nothing else, unless that is turned off", async () => {
    const on = await parts();
    expect([on.workspace!.protect, on.job!.protect]).toEqual([true, false]);
    const off = await parts({ deletionProtection: false });
    expect([off.workspace!.protect, off.job!.protect]).toEqual([false, false]);
    const asked = await parts({ deletionProtection: false }, { protect: true });
    expect([asked.workspace!.protect, asked.job!.protect]).toEqual([true, true]);
  });

  it("passes its provider on, however it is given", async () => {
    for (const how of ["provider", "providers"] as const) {
      const { resources } = await runProgram(() => {
        const provider = new mags.Provider("staging", { apiTokenEnv: "X" });
        new mags.Sandbox("box", {}, how === "provider" ? { provider } : { providers: [provider] });
      });
      const { workspace, job } = byKind(resources);
      expect([workspace!.provider, job!.provider]).toEqual([
        expect.stringContaining("staging"),
        expect.stringContaining("staging"),
      ]);
    }
  });

  it("shows what its job shows", async () => {
    const { sandbox } = await parts({ name: "box" });
    expect(await valueOf(sandbox.name)).toBe("box");
    for (const output of Object.keys(sandboxOutputs) as (keyof typeof sandboxOutputs)[])
      expect(pulumi.Output.isInstance(sandbox[output])).toBe(true);
    expect(mags.Job.isInstance(sandbox.job)).toBe(true);
    expect(mags.Workspace.isInstance(sandbox.workspace)).toBe(true);
    expect(mags.Sandbox.isInstance(sandbox)).toBe(true);
    for (const other of [undefined, {}, sandbox.job]) expect(mags.Sandbox.isInstance(other)).toBe(false);
  });

  it("may be the target of an alias", async () => {
    const { resources } = await runProgram(() => {
      const target = new mags.Sandbox("box", { name: "box", persistent: false });
      new mags.UrlAlias("web", { subdomain: "web", target });
    });
    const alias = resources.find(({ type }) => type === typeToken("UrlAlias"))!;
    expect(alias.inputs).toHaveProperty("subdomain", "web");
    expect(alias.inputs).not.toHaveProperty("target");
  });

  it("has the one job of its workspace, and no schedule on it", async () => {
    const told = await refusalsOf(() => {
      const { workspace } = new mags.Sandbox("box");
      new mags.Job("other", { workspace });
      new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "true", workspace: workspace! });
      new mags.Sandbox("explicit", { name: "one" });
      new mags.Sandbox("again", { name: "one" });
    });
    expect(told).toMatch(/"box" and "other" both work on/);
    expect(told).toMatch(/"nightly" would fire on the workspace "box"/);
    expect(told).toMatch(/Two resources .* workspace "one"/);
  });
});

/** The arguments among the inputs that are known without an engine. */
function sent({ inputs }: Registered): Record<string, unknown> {
  const { __identity, __provider, ...rest } = inputs;
  return rest;
}
