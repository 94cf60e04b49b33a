import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { PROVIDER_TEXTS } from "../../../provider/schema/tokens";
import { runProgram, valueOf } from "../../support/pulumi-program";
import { refusalsOf } from "../../support/refusals";

jest.mock("../../../provider/resources/problems", () =>
  jest
    .requireActual<typeof import("../../support/refusals")>("../../support/refusals")
    .collecting(jest.requireActual("../../../provider/resources/problems")),
);

/** One resource of a program. */
async function only(program: () => unknown, options?: Parameters<typeof runProgram>[1]) {
  const { resources } = await runProgram(program, options);
  expect(resources).toHaveLength(1);
  return resources[0]!;
}

const SMALLEST: [
  keyof typeof PROVIDER_TEXTS,
  (options?: pulumi.CustomResourceOptions) => pulumi.CustomResource,
][] = [
  ["Workspace", (options) => new mags.Workspace("x", {}, options)],
  ["Job", (options) => new mags.Job("x", {}, options)],
  ["UrlAlias", (options) => new mags.UrlAlias("x", { workspaceId: "w" }, options)],
  ["CronJob", (options) => new mags.CronJob("x", { cronExpression: "0 3 * * *", script: "true" }, options)],
  ["Run", (options) => new mags.Run("x", { script: "true" }, options)],
];

describe.each(SMALLEST)("%s", (kind, create) => {
  it("registers its frozen type and text, which is never secret", async () => {
    const resource = await only(() => create());
    expect(resource.type).toBe(`pulumi-nodejs:dynamic/mags:${kind}`);
    expect(resource.inputs.__provider).toBe(PROVIDER_TEXTS[kind]);
    expect(resource.secrets).toEqual([]);
  });

  it("is deleted before it is replaced, and its text shows in no diff", async () => {
    const { deleteBeforeReplace, hideDiffs } = await only(() => create());
    expect(deleteBeforeReplace).toBe(true);
    expect(hideDiffs).toEqual(["__provider", "__mags", "unrecorded"]);
  });

  it("sends nothing that was not given but its text and identity", async () => {
    const given: Record<string, string[]> = {
      UrlAlias: ["workspaceId"],
      CronJob: ["cronExpression", "script"],
      Run: ["script"],
    };
    const { inputs } = await only(() => create());
    expect(Object.keys(inputs).sort()).toEqual(["__identity", "__provider", ...(given[kind] ?? [])].sort());
  });

  it("tells who it is", async () => {
    const { inputs } = await only(() => create(), { organization: "o", project: "p", stack: "s" });
    expect(inputs.__identity).toEqual({
      organization: "o",
      project: "p",
      stack: "s",
      typeChain: `pulumi-nodejs:dynamic/mags:${kind}`,
      logicalName: "x",
      run: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    // A preview makes nothing.
    const preview = await only(() => create(), { preview: true });
    expect(preview.inputs.__identity).not.toHaveProperty("run");
  });

  it("tells the types of its parents, as they stand in its URN", async () => {
    const { resources } = await runProgram(() => {
      const outer = new pulumi.ComponentResource("acme:index:Outer", "outer");
      const inner = new pulumi.ComponentResource("acme:index:Inner", "inner", {}, { parent: outer });
      create({ parent: inner });
    });
    const { inputs } = resources.find(({ name }) => name === "x")!;
    expect(inputs.__identity.typeChain).toBe(
      `acme:index:Outer$acme:index:Inner$pulumi-nodejs:dynamic/mags:${kind}`,
    );
  });

  it("shows neither text nor identity among its outputs", async () => {
    const { result } = await runProgram(() => create());
    expect(Object.keys(result)).not.toContain("__provider");
    expect(Object.keys(result)).not.toContain("__identity");
  });

  it("refuses the option import, naming the ways that work", async () => {
    await runProgram(() => {
      expect(() => create({ import: "some-id" })).toThrow(
        kind === "Run"
          ? /option "import" cannot work.*is found by itself/
          : /option "import" cannot work.*adopt: true/,
      );
    });
  });

  it("keeps the options it is given", async () => {
    const resource = await only(() => create({ protect: true, hideDiffs: ["name"] }));
    expect(resource.protect).toBe(true);
    expect(resource.hideDiffs).toEqual(expect.arrayContaining(["__provider", "name"]));
  });

  it("get reads by id, with nothing but the text, and is not protected", async () => {
    // What a run came to is in its state alone: there is nothing that could be read.
    if (kind === "Run") return expect(mags[kind]).not.toHaveProperty("get");
    const { resources } = await runProgram(() => mags[kind].get("x", "the-id"));
    expect(resources).toEqual([
      expect.objectContaining({
        type: `pulumi-nodejs:dynamic/mags:${kind}`,
        readId: "the-id",
        inputs: { __provider: PROVIDER_TEXTS[kind] },
      }),
    ]);
  });

  it("isInstance knows its own kind only", async () => {
    const { result } = await runProgram(() => create());
    for (const other of ["Workspace", "Job", "UrlAlias", "CronJob", "Run"] as const) {
      expect(mags[other].isInstance(result)).toBe(other === kind);
    }
    expect(mags[kind].isInstance(undefined)).toBe(false);
    expect(mags[kind].isInstance({})).toBe(false);
  });
});

describe("secrets", () => {
  it.each<[string, () => unknown]>([
    ["Job", () => new mags.Job("x", { secrets: { A: "plain" }, environment: { B: "open" } })],
    [
      "CronJob",
      () =>
        new mags.CronJob("x", {
          cronExpression: "0 3 * * *",
          script: "t",
          secrets: { A: "plain" },
          environment: { B: "open" },
        }),
    ],
    ["Run", () => new mags.Run("x", { script: "t", secrets: { A: "plain" }, environment: { B: "open" } })],
  ])("the map secrets of a %s is secret although its values are plain", async (_kind, program) => {
    const { inputs, secrets } = await only(program);
    expect(secrets).toEqual(["secrets"]);
    expect(inputs.secrets).toEqual({ A: "plain" });
  });

  it("a Pulumi secret anywhere stays one", async () => {
    const { secrets } = await only(
      () => new mags.Job("x", { script: pulumi.secret("echo hidden"), environment: { A: "x" } }),
    );
    expect(secrets).toEqual(["script"]);
    const nested = await only(
      () => new mags.Job("x", { environment: { A: pulumi.secret("hidden"), B: "open" } }),
    );
    expect(JSON.stringify(nested.inputs.environment) + nested.secrets.join()).toMatch(
      /1b47061264138c4ac30d75fd1eb44270|environment/,
    );
  });
});

describe("the log of a run", () => {
  const inputsOf = async (args: mags.RunArgs) => (await only(() => new mags.Run("x", args))).inputs;

  it.each<[string, mags.RunArgs]>([
    ["script", { script: pulumi.secret("echo hidden") }],
    ["a variable of the environment", { script: "t", environment: { A: pulumi.secret("hidden") } }],
    ["the environment", { script: "t", environment: pulumi.secret({ A: "hidden" }) }],
    ["something in the triggers", { script: "t", triggers: [{ a: pulumi.secret("hidden") }] }],
  ])("is a secret where %s is one", async (_what, args) => {
    expect(await inputsOf(args)).toMatchObject({ secretLog: true });
  });

  it("is none for outputs that are no secret, nor for secrets, whose values are masked in it", async () => {
    const args = { script: pulumi.output("t"), environment: { A: pulumi.output("x") }, secrets: { B: "y" } };
    expect(await inputsOf(args)).not.toHaveProperty("secretLog");
  });

  it("is what the program says, if it says it", async () => {
    expect(await inputsOf({ script: pulumi.secret("t"), secretLog: false })).toMatchObject({
      secretLog: false,
    });
    expect(await inputsOf({ script: "t", secretLog: true })).toMatchObject({ secretLog: true });
  });
});

describe("deletion protection", () => {
  it.each<[string, mags.WorkspaceArgs, pulumi.CustomResourceOptions | undefined, boolean]>([
    ["is on by default", {}, undefined, true],
    ["is on when asked for", { deletionProtection: true }, undefined, true],
    ["is off when asked for", { deletionProtection: false }, undefined, false],
    ["gives way to the option protect", {}, { protect: false }, false],
  ])("%s", async (_name, args, options, expected) => {
    expect((await only(() => new mags.Workspace("x", args, options))).protect).toBe(expected);
  });

  it("is not sent unless it was given, so that the default can stay a default", async () => {
    expect((await only(() => new mags.Workspace("x"))).inputs).not.toHaveProperty("deletionProtection");
    const { inputs } = await only(() => new mags.Workspace("x", { deletionProtection: false }));
    expect(inputs.deletionProtection).toBe(false);
  });
});

describe("references", () => {
  it("a job takes workspace and base from its workspace", async () => {
    const { resources } = await runProgram(() => {
      const site = new mags.Workspace("site", { name: "site", baseWorkspaceId: "template" });
      return new mags.Job("web", { workspace: site });
    });
    const { inputs } = resources.find(({ name }) => name === "web")!;
    expect(inputs).toMatchObject({ baseWorkspaceId: "template" });
    expect(inputs).not.toHaveProperty("workspace");
  });

  it("a job on a workspace that is no fork sends no base", async () => {
    const { resources } = await runProgram(
      () => new mags.Job("web", { workspace: new mags.Workspace("site") }),
    );
    expect(resources.find(({ name }) => name === "web")!.inputs).not.toHaveProperty("baseWorkspaceId");
  });

  it("an alias follows its target and sends no object", async () => {
    const { resources } = await runProgram(() => {
      const web = new mags.Job("web", { workspaceId: "site" });
      return new mags.UrlAlias("shop", { subdomain: "shop", target: web });
    });
    expect(resources.find(({ name }) => name === "shop")!.inputs).toMatchObject({
      subdomain: "shop",
      workspaceId: "site",
    });
  });

  it("to a workspace bring along which making of it is meant, however they are written", async () => {
    const outputs = {
      site: { workspaceId: "site", workspaceGeneration: "g1" },
      web: { workspaceId: "site", workspaceGeneration: "g1" },
      other: { workspaceId: "other", workspaceGeneration: "g2" },
    };
    const { resources } = await runProgram(
      () => {
        const [site, other] = [new mags.Workspace("site"), new mags.Workspace("other")];
        const web = new mags.Job("web", { workspace: site });
        const either = pulumi.all([site.workspaceId, other.workspaceId]).apply(([one]) => one);
        new mags.UrlAlias("by-job", { target: web });
        new mags.UrlAlias("by-workspace", { target: other });
        new mags.UrlAlias("by-output", { workspaceId: site.workspaceId.apply((id) => id) });
        new mags.UrlAlias("by-two", { workspaceId: either });
        new mags.UrlAlias("by-text", { workspaceId: "site" });
      },
      { outputs },
    );
    const told = Object.fromEntries(
      resources.map(({ name, inputs }) => [name, inputs.__identity.workspaceGeneration]),
    );
    expect(told).toEqual({
      site: undefined,
      other: undefined,
      web: "g1",
      "by-job": "g1",
      "by-workspace": "g2",
      "by-output": "g1",
      "by-two": "g1 g2",
      "by-text": undefined,
    });
    // One text for all that a run makes.
    const runs = new Set(resources.map(({ inputs }) => inputs.__identity.run));
    expect(runs.size).toBe(1);
  });

  it("a run takes the name of its job, or workspace and base of its workspace", async () => {
    const { resources } = await runProgram(() => {
      const web = new mags.Job("web", { name: "web" });
      const fork = new mags.Workspace("fork", { name: "fork", baseWorkspaceId: "template" });
      new mags.Run("inside", { script: "t", job: web });
      new mags.Run("beside", { script: "t", workspace: fork });
    });
    const inputs = (which: string) => resources.find(({ name }) => name === which)!.inputs;
    expect(inputs("inside")).toMatchObject({ jobName: "web" });
    expect(inputs("inside")).not.toHaveProperty("job");
    expect(inputs("beside")).toMatchObject({ baseWorkspaceId: "template" });
    expect(inputs("beside")).not.toHaveProperty("workspace");
  });

  it("what could name the job of a run twice is refused", async () => {
    const told = await refusalsOf(() => {
      const web = new mags.Job("web");
      new mags.Run("a", { script: "t", job: web, jobName: "web" });
      const data = new mags.Workspace("data");
      new mags.Run("b", { script: "t", workspace: data, workspaceId: "w" });
    });
    expect(told).toContain('Run "a": job and jobName both name the job');
    expect(told).toContain('Run "b": workspace and workspaceId both name the workspace');
  });

  it("what could name the workspace twice is refused", async () => {
    const told = await refusalsOf(() => {
      const site = new mags.Workspace("site");
      const both = { workspaceId: "w" };
      new mags.Job("a", { workspace: site, ...both });
      new mags.UrlAlias("b", { target: site, ...both });
      new mags.CronJob("c", { cronExpression: "0 3 * * *", script: "true", workspace: site, ...both });
    });
    expect(told).toContain('Job "a": workspace and workspaceId both name');
    expect(told).toContain('UrlAlias "b": target and workspaceId both name');
    expect(told).toContain('CronJob "c": workspace and workspaceId both name');
  });
});

describe("outputs", () => {
  it("exist as outputs of every declared name", async () => {
    const { result } = await runProgram(() => new mags.Job("web", { name: "web", workspaceId: "w" }));
    for (const output of [
      "name",
      "requestId",
      "status",
      "vmId",
      "url",
      "subdomain",
      "workspaceId",
      "account",
    ] as const) {
      expect(pulumi.Output.isInstance(result[output])).toBe(true);
    }
    expect(await valueOf(result.workspaceId)).toBe("w");
  });
});

describe("a name in the place of a resource", () => {
  const name = "w" as never;
  it.each<[string, () => unknown, string]>([
    ["Job", () => new mags.Job("x", { workspace: name }), "use workspaceId"],
    [
      "CronJob",
      () => new mags.CronJob("x", { cronExpression: "0 3 * * *", script: "true", workspace: name }),
      "use workspaceId",
    ],
    ["UrlAlias", () => new mags.UrlAlias("x", { target: name }), "use workspaceId"],
    ["Run", () => new mags.Run("x", { script: "true", job: name }), "use jobName"],
  ])("of a %s is refused with the argument that takes it", async (_kind, program, way) => {
    await expect(runProgram(program)).rejects.toThrow(way);
  });
});

describe("Provider", () => {
  it("is a provider of dynamic resources with texts, and the token as a secret", async () => {
    const { resources } = await runProgram(
      () =>
        new mags.Provider("staging", { apiToken: "t0ken", endpoint: "https://x.test", maxConcurrency: 4 }),
    );
    expect(resources[0]).toMatchObject({
      type: "pulumi:providers:pulumi-nodejs",
      inputs: { "mags:apiToken": "t0ken", "mags:endpoint": "https://x.test", "mags:maxConcurrency": "4" },
      secrets: ["mags:apiToken"],
    });
  });

  it.each([
    ["a token that is not there", { apiToken: undefined }, /apiToken is given but has no value/],
    ["an empty token", { apiToken: "" }, /apiToken is given but has no value/],
    ["an empty name of a variable", { apiTokenEnv: "" }, /apiTokenEnv is given but has no value/],
    ["an argument that it does not have", { apitoken: "x" }, /no argument apitoken/],
  ])("refuses %s, since another account would be used", async (_what, args: object, message) => {
    await expect(runProgram(() => new mags.Provider("staging", args))).rejects.toThrow(message);
  });

  it("sends nothing that was not given, also when an output turns out to be undefined", async () => {
    const { resources } = await runProgram(
      () =>
        new mags.Provider("staging", {
          apiTokenEnv: "STAGING_TOKEN",
          domain: undefined,
          namespace: pulumi.output(undefined as unknown as string),
        }),
    );
    expect(Object.keys(resources[0]!.inputs).filter((key) => key.startsWith("mags:"))).toEqual([
      "mags:apiTokenEnv",
    ]);
    expect(resources[0]!.secrets).toEqual([]);
  });

  it("serves the resources that name it", async () => {
    const { resources } = await runProgram(() => {
      const provider = new mags.Provider("staging", { apiTokenEnv: "X" });
      new mags.Job("web", {}, { provider });
    });
    expect(resources.find(({ name }) => name === "web")!.provider).toMatch(/staging/);
  });
});
