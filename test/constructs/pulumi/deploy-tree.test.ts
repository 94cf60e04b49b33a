import * as pulumi from "@pulumi/pulumi";
import { Construct } from "constructs";
import * as mags from "../../../provider";
import {
  AlwaysOnService,
  App,
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
import { runProgram } from "../../support/pulumi-program";
import { appOf } from "../support";
import { deployed, isComponent, urn } from "./support";

describe("the tree of a deploy", () => {
  it("is a component per stack and per construct with others in it, and a resource for what is one", async () => {
    const { resources, component, at } = await deployed((stack) => {
      const team = new Construct(stack, "team");
      new Job(team, "web", { http: { port: 80 } });
    });
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "mags:constructs:Construct s/team",
      "mags:constructs:Stack s",
      "pulumi-nodejs:dynamic/mags:Job s/team/web",
    ]);
    expect(component("s").parent).toBe("");
    expect(component("s/team").parent).toBe(urn("Stack", "s"));
    expect(at("s/team/web").parent).toBe(urn("Stack", "Construct", "s/team"));
  });

  it("has what is below a resource beside it, so that another child moves nothing", async () => {
    const { at, component } = await deployed((stack) => {
      const web = new Job(stack, "web", { http: { port: 80 } });
      web.addAlias("alias");
      new Job(new Construct(web, "group"), "inner");
    });
    for (const one of [at("s/web"), at("s/web/alias"), component("s/web/group")])
      expect(one.parent).toBe(urn("Stack", "s"));
    expect(at("s/web/group/inner").parent).toBe(urn("Stack", "Construct", "s/web/group"));
  });

  it("keeps a component around a construct of the program's own that has a resource of its path", async () => {
    const { at, component } = await deployed((stack) => {
      new MagsResource(new Construct(stack, "own"), "Resource", "Job", {});
    });
    expect(component("s/own").parent).toBe(urn("Stack", "s"));
    expect(at("s/own").parent).toBe(urn("Stack", "Construct", "s/own"));
  });

  it("has type names of components that are frozen, and are not those of a program's own classes", async () => {
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
      "s/service": "AlwaysOnService",
      "s/suite": "CronSuite",
      "s/fleet": "SandboxFleet",
      "s/fleet/sandbox-001": "Sandbox",
      "s/preview": "PreviewEnvironment",
      "s/preview/pr-1": "Construct",
      "s/preview/pr-1/Service": "AlwaysOnService",
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
    ).toEqual(["empty", "s"]);
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

  it("pass the provider of a path on to all below it, also to what stands beside it", async () => {
    const { resources } = await runProgram(() => {
      const app = new App();
      const build = (scope: Construct) => {
        const web = new Job(scope, "web", { http: { port: 80 } });
        web.addAlias("alias");
        web.addAlias("own");
        new Job(new Construct(web, "group"), "inner");
      };
      build(new Stack(app, "s"));
      build(app);
      const provider = (name: string) => new mags.Provider(name, { apiTokenEnv: "X" });
      const providers = { "s/web": provider("web"), "s/web/own": provider("own") };
      deploy(app, { provider: provider("all"), providers });
    });
    const providers = resources
      .filter(({ type }) => type.includes("dynamic/"))
      .map(({ name, provider }) => `${name} ${provider.split("::").at(-2)}`);
    expect(providers.sort()).toEqual([
      "s/web web",
      "s/web/alias web",
      "s/web/group/inner web",
      "s/web/own own",
      "web all",
      "web/alias all",
      "web/group/inner all",
      "web/own all",
    ]);
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
      // One for each resource and each component would be 21, those of properties a thousand.
      expect(noted).toBeLessThan(20);
    });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
