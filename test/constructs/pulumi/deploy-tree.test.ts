import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import {
  AlwaysOnService,
  type App,
  CronSuite,
  Job,
  MagsResource,
  PreviewEnvironment,
  RemovalPolicy,
  Sandbox,
  SandboxFleet,
  Stack,
  Workspace,
} from "../../../constructs";
import { deploy } from "../../../constructs/pulumi";
import { runProgram, type Registered } from "../../support/pulumi-program";
import { appOf } from "../support";
import { deployed, isComponent } from "./support";

describe("the tree of a deploy", () => {
  it("is a component per stack and per construct, and a resource per leaf, each in what it is in", async () => {
    const { resources, component, at } = await deployed((stack) => {
      new Job(stack, "web", { http: { port: 80 } }).addAlias("alias");
    });
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "mags:constructs:Job s/web",
      "mags:constructs:Stack s",
      "mags:constructs:UrlAlias s/web/alias",
      "pulumi-nodejs:dynamic/mags:Job s/web",
      "pulumi-nodejs:dynamic/mags:UrlAlias s/web/alias",
    ]);
    expect(component("s").parent).toBe("");
    expect(component("s/web").parent).toContain("mags:constructs:Stack::s");
    expect(at("s/web").parent).toContain("mags:constructs:Job::s/web");
    expect(component("s/web/alias").parent).toContain("mags:constructs:Job::s/web");
    expect(at("s/web/alias").parent).toContain("mags:constructs:UrlAlias::s/web/alias");
  });

  it("has type names that are frozen, and are not those of a program's own classes", async () => {
    class Renamed extends Job {}
    const { resources } = await deployed((stack) => {
      new Renamed(stack, "own");
      new AlwaysOnService(stack, "service", { script: "a" });
      new CronSuite(stack, "suite", {
        schedules: { nightly: { schedule: "0 3 * * *", script: "b", workspace: "own" } },
      });
      new SandboxFleet(stack, "fleet", { count: 1 });
      new PreviewEnvironment(stack, "preview", { pullRequest: 1, script: "c" });
    });
    const types = Object.fromEntries(
      resources.filter(isComponent).map(({ name, type }) => [name, type.replace("mags:constructs:", "")]),
    );
    expect(types).toEqual({
      s: "Stack",
      "s/own": "Job",
      "s/service": "AlwaysOnService",
      "s/service/Workspace": "Workspace",
      "s/service/Job": "Job",
      "s/service/Job/Alias": "UrlAlias",
      "s/suite": "CronSuite",
      "s/suite/nightly": "CronJob",
      [Object.keys({ ...typesBelow(resources, "s/suite/", "Workspace") })[0]!]: "Workspace",
      "s/fleet": "SandboxFleet",
      "s/fleet/sandbox-001": "Sandbox",
      "s/fleet/sandbox-001/Workspace": "Workspace",
      "s/fleet/sandbox-001/Job": "Job",
      "s/preview": "PreviewEnvironment",
      "s/preview/pr-1": "Construct",
      "s/preview/pr-1/Service": "AlwaysOnService",
      "s/preview/pr-1/Service/Workspace": "Workspace",
      "s/preview/pr-1/Service/Job": "Job",
      "s/preview/pr-1/Service/Job/Alias": "UrlAlias",
    });
  });

  it("names the parts of a sandbox as the sandbox, and nothing else in it", async () => {
    const { at } = await deployed((stack) => {
      const ada = new Sandbox(stack, "ada", { http: { port: 80 } });
      ada.addAlias("web");
      new Job(ada, "helper");
      new Sandbox(stack, "scratch", { persistent: false });
    });
    const identity = (name: string) => at(name).inputs.__identity as Record<string, unknown>;
    expect(identity("s/ada/Workspace")).toEqual({
      run: expect.any(String),
      organization: "acme",
      project: "shop",
      stack: "dev",
      typeChain: "mags:constructs:Stack$mags:constructs:Sandbox",
      logicalName: "s/ada",
      maxLength: 57,
    });
    expect(identity("s/ada/Job")).toEqual(identity("s/ada/Workspace"));
    expect(identity("s/scratch/Job")).toMatchObject({ logicalName: "s/scratch", maxLength: 57 });
    for (const other of ["s/ada/helper", "s/ada/Job/web"])
      expect(identity(other)).toMatchObject({ logicalName: other });
  });

  it("has no components for what is only referred to, but one for an empty stack", async () => {
    const { resources } = await deployed((stack, app) => {
      new Job(stack, "web", { workspace: Workspace.fromName(stack, "site", "site") });
      new Stack(app, "empty");
    });
    expect(
      resources
        .filter(isComponent)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["empty", "s", "s/web"]);
  });

  it("puts what stands below a resource beside it, unprotected", async () => {
    const { at } = await deployed((stack) => {
      const files = new MagsResource(stack, "files", "Workspace", {});
      new MagsResource(files, "job", "Job", {});
    });
    expect([at("s/files").protect, at("s/files/job").protect]).toEqual([true, false]);
    expect(at("s/files/job").parent).toBe(at("s/files").parent);
  });
});

function typesBelow(resources: Registered[], prefix: string, type: string): Record<string, string> {
  return Object.fromEntries(
    resources
      .filter((one) => isComponent(one) && one.name.startsWith(prefix) && one.type.endsWith(`:${type}`))
      .map((one) => [one.name, one.type]),
  );
}

describe("order and options of a deploy", () => {
  it("are those of the plan", async () => {
    const { at } = await deployed((stack) => {
      const first = new Job(stack, "z-first");
      const group = new Workspace(stack, "group");
      group.addJob("inner");
      first.node.addDependency(group);
    });
    expect(
      at("s/z-first")
        .dependencies.map((urn) => urn.split("::").at(-1))
        .sort(),
    ).toEqual(["s/group", "s/group/inner"]);
  });

  it("follow the removal policy: protected, destroyed, or kept and forgotten", async () => {
    const { at } = await deployed((stack) => {
      new Workspace(stack, "default");
      new Workspace(stack, "destroyed", { removalPolicy: RemovalPolicy.DESTROY });
      new Workspace(stack, "retained", { removalPolicy: RemovalPolicy.RETAIN });
      new Job(stack, "job", { removalPolicy: RemovalPolicy.RETAIN });
    });
    const seen = (name: string) => {
      const { inputs, protect, retainOnDelete } = at(name);
      return [protect, retainOnDelete, inputs.deletionProtection];
    };
    expect(seen("s/default")).toEqual([true, false, undefined]);
    expect(seen("s/destroyed")).toEqual([false, false, false]);
    expect(seen("s/retained")).toEqual([false, true, undefined]);
    expect(seen("s/job")).toEqual([false, true, undefined]);
  });

  it("pass providers on: one for all, and one for a part", async () => {
    const { resources } = await runProgram(() => {
      const app = appOf((stack) => {
        new Job(stack, "one");
        new Job(new Stack(stack.node.root as App, "staging"), "two");
      });
      const [all, staging] = ["all", "staging"].map((name) => new mags.Provider(name, { apiTokenEnv: "X" }));
      deploy(app, { provider: all, providers: { staging: staging! } });
    });
    const providers = resources
      .filter(({ type }) => type.includes("dynamic/"))
      .map(({ name, provider }) => `${name} ${provider.split("::").at(-2)}`);
    expect(providers).toEqual(["s/one all", "staging/two staging"]);
  });

  it("place an app in a component of the program", async () => {
    const { resources } = await runProgram(() => {
      const parent = new pulumi.ComponentResource("acme:index:Team", "team");
      deploy(
        appOf((stack) => new Job(stack, "web")),
        { parent },
      );
    });
    expect(resources.find(({ name }) => name === "s")!.parent).toContain("acme:index:Team::team");
  });
});

it("notes no stacks for components, and goes on noting them afterwards", async () => {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let noted = 0;
  Error.prepareStackTrace = () => {
    noted++;
    return "Error\n    at place (/program.ts:1:1)";
  };
  try {
    await runProgram(() => {
      const app = appOf((stack) => {
        for (let number = 0; number < 20; number++) new Workspace(stack, `w${number}`);
      });
      const plan = app.plan.bind(app);
      jest.spyOn(app, "plan").mockImplementation(() => {
        const planned = plan();
        noted = 0;
        return planned;
      });
      deploy(app);
      // One for each resource and each component would be 41, those of properties a thousand.
      expect(noted).toBeLessThan(20);
    });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
