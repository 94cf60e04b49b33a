import * as pulumi from "@pulumi/pulumi";
import { Construct } from "constructs";
import * as mags from "../../../provider";
import {
  AlwaysOnService,
  Annotations,
  App,
  CronJob,
  CronSuite,
  Job,
  Lazy,
  MagsResource,
  PreviewEnvironment,
  RemovalPolicy,
  Renames,
  Sandbox,
  SandboxFleet,
  Secret,
  Stack,
  UrlAlias,
  Workspace,
  interpolate,
} from "../../../constructs";
import { deploy, type DeployOptions, type Deployment } from "../../../constructs/pulumi";
import { runProgram, valueOf, type ProgramOptions, type Registered } from "../../support/pulumi-program";
import { appOf, problemsOf } from "../support";

/** What a program registers that deploys an app with one stack `s`. */
async function deployed(
  build: (stack: Stack, app: App) => void,
  options: ProgramOptions & { deploy?: () => DeployOptions } = {},
) {
  const { result, resources } = await runProgram<Deployment>(
    () => deploy(appOf(build), options.deploy?.()),
    options,
  );
  const find = (name: string, type: string) => {
    const found = resources.filter((one) => one.name === name && one.type.endsWith(`:${type}`));
    if (found.length !== 1) throw new Error(`${found.length} of ${type} ${name}: ${listed(resources)}`);
    return found[0]!;
  };
  return {
    result,
    resources,
    leaf: (name: string, kind: string) => find(name, `dynamic/mags:${kind}`.replace(/^.*mags/, "mags")),
    component: (name: string) => resources.find((one) => one.name === name && isComponent(one))!,
    at: (name: string) => resources.find((one) => one.name === name && !isComponent(one))!,
  };
}

const isComponent = ({ type }: Registered) => type.startsWith("mags:constructs:");
const listed = (resources: Registered[]) => resources.map(({ name, type }) => `${type} ${name}`).join(", ");
const urn = (...chain: string[]) =>
  `urn:pulumi:dev::shop::${chain
    .slice(0, -1)
    .map((type) => (type.includes(":") ? type : `mags:constructs:${type}`))
    .join("$")}::${chain.at(-1)}`;
/** Runs a program that has to fail, and shows what it registered. */
async function failing(program: () => unknown): Promise<{ error: Error; resources: Registered[] }> {
  let error: unknown;
  const { resources } = await runProgram(() => {
    try {
      program();
    } catch (thrown) {
      error = thrown;
    }
  });
  if (!(error instanceof Error)) throw new Error("nothing was thrown");
  return { error, resources };
}

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

describe("values of a deploy", () => {
  it("are those of the resources that they refer to, known in a preview", async () => {
    const { at, result } = await deployed((stack) => {
      const base = new Workspace(stack, "base", { name: "base" });
      const copy = base.fork("copy", { name: "copy" });
      const web = copy.addJob("web", { name: "web", http: { port: 80 } });
      new UrlAlias(stack, "alias", { target: web, subdomain: "shop" });
      const job = new Job(stack, "client", { environment: { NAME: web.name, PLAIN: "a" } });
      job.addEnvironment("BASE", copy.resource.getAtt("baseWorkspaceId"));
    });
    expect(result).toBeDefined();
    expect(at("s/client").inputs.environment).toMatchObject({ NAME: "web", PLAIN: "a" });
    expect(at("s/client").dependencies).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/mags:Job::s\/base\/copy\/web$/),
        expect.stringMatching(/mags:Workspace::s\/base\/copy$/),
      ]),
    );
    expect(at("s/base/copy/web").dependencies).toContainEqual(
      expect.stringMatching(/mags:Workspace::s\/base\/copy$/),
    );
  });

  it("may be Outputs, and stay secret where they are", async () => {
    const { at } = await deployed((stack) => {
      new Job(stack, "web", {
        script: pulumi.output("exec ./serve"),
        environment: { A: pulumi.secret("hidden"), B: Secret.of("also hidden") },
        secrets: { KEY: "k" },
      });
      new Job(stack, "plain", { environment: { A: "shown" } });
    });
    expect(at("s/web").inputs.script).toBe("exec ./serve");
    expect(at("s/web").secrets).toContain("secrets");
    expect(at("s/web").inputs.secrets).toEqual({ KEY: "k" });
    const { environment } = at("s/web").inputs as { environment: Record<string, unknown> };
    for (const [name, value] of Object.entries({ A: "hidden", B: "also hidden" }))
      expect(environment[name]).toMatchObject({ value });
    expect(at("s/plain").inputs.environment).toEqual({ A: "shown" });
    expect(at("s/plain").secrets).toEqual([]);
  });

  it("in the middle of a text are joined, secret where one of them is", async () => {
    const { at } = await deployed((stack) => {
      const api = new Job(stack, "api", { name: "api", http: { port: 80 } });
      const environment = {
        PLAIN: interpolate`http://${api.name}:${pulumi.output(80)}/${pulumi.output(undefined as never)}`,
      };
      new Job(stack, "plain", { environment });
      new Job(stack, "secret", { startupCommand: interpolate`login ${Secret.of("hidden")}@${api.name}` });
    });
    expect(at("s/plain").inputs.environment).toEqual({ PLAIN: "http://api:80/" });
    expect(at("s/plain").secrets).toEqual([]);
    expect(at("s/secret").inputs.startupCommand).toBe("login hidden@api");
    expect(at("s/secret").secrets).toContain("startupCommand");
  });

  it("come back as the resources of a program without constructs, and as Outputs", async () => {
    const app = new App();
    const stack = new Stack(app, "s");
    const web = new Job(stack, "web", { name: "web", http: { port: 80 } });
    const alias = web.addAlias("alias", { subdomain: "shop", domain: "example.org" });
    const { result } = await runProgram(() => deploy(app));
    expect(mags.Job.isInstance(result.of(web))).toBe(true);
    expect(mags.Job.isInstance(result.of(web.resource))).toBe(true);
    const subdomain: pulumi.Output<string> = result.of(alias).subdomain;
    expect(await valueOf(subdomain)).toBe("shop");
    expect(await valueOf(result.output(web.name))).toBe("web");
    expect(await valueOf(result.output({ all: [alias.subdomain] }))).toEqual({ all: ["shop"] });
    const lazy = Lazy.string({ produce: () => "lazy" });
    expect(await valueOf(result.output(lazy))).toBe("lazy");
    expect(await valueOf(result.output(Lazy.any({ produce: () => [web.name, lazy] })))).toEqual([
      "web",
      "lazy",
    ]);
    expect(await valueOf(result.output(interpolate`${web.name}-${lazy}`))).toBe("web-lazy");
    expect(pulumi.ComponentResource.isInstance(result.component(stack))).toBe(true);
    const { error } = await failing(() => result.of(new Job(new Stack(new App(), "other"), "job")));
    expect(error.message).toMatch(/^other\/job has no resource among what was deployed/);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(() => result.component(new Stack(new App(), "other"))).toThrow(/other has no component/);
    expect(() => result.output(new Job(new Stack(new App(), "far"), "job").name)).toThrow(/far\/job has no/);
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

describe("a rename", () => {
  it("is an alias of the component, whose names all below it begin with", async () => {
    const { component, at } = await deployed((stack) => {
      Renames.of(new Job(stack, "site", { http: { port: 80 } })).from("web");
      const group = new Workspace(stack, "group");
      // Moved out of one, and into another.
      Renames.of(new Job(stack, "out")).from("/s/group/inner");
      Renames.of(new Job(group, "in")).from("/top");
    });
    expect(component("s/site").aliases).toEqual([{ name: "s/web", parenturn: urn("Stack", "s") }]);
    expect(at("s/site").aliases).toEqual([]);
    expect(component("s/out").aliases).toEqual([
      { name: "s/group/inner", parenturn: urn("Stack", "Workspace", "s/group") },
    ]);
    expect(component("s/group/in").aliases).toEqual([{ name: "top", noparent: true }]);
  });

  it("of a resource without a construct around it is its own alias", async () => {
    const { at } = await deployed((stack) => {
      Renames.of(new MagsResource(stack, "new", "Job", {})).from("old");
    });
    expect(at("s/new").aliases).toEqual([{ name: "s/old", parenturn: urn("Stack", "s") }]);
  });

  it("from another class is an alias of that type, and from what had none around it one of the resource", async () => {
    const { component, at } = await deployed((stack) => {
      Renames.of(new Stack(stack, "in")).from("in", Construct);
      Renames.of(new AlwaysOnService(stack, "web", { script: "serve" })).from("box", Sandbox);
      Renames.of(new Job(stack, "job").resource).from("/s/job");
    });
    expect(component("s/in").aliases).toEqual([
      { name: "s/in", type: "mags:constructs:Construct", parenturn: urn("Stack", "s") },
    ]);
    expect(component("s/web").aliases).toEqual([
      { name: "s/box", type: "mags:constructs:Sandbox", parenturn: urn("Stack", "s") },
    ]);
    expect(at("s/job").aliases).toEqual([{ name: "s/job", parenturn: urn("Stack", "s") }]);
  });

  it("with a class that cannot be is a problem of the plan", () => {
    const app = appOf((stack) => {
      Renames.of(new Job(stack, "a")).from("a", Job);
      Renames.of(new Job(stack, "b").resource).from("/s/b", Sandbox);
      Renames.of(new Job(stack, "c")).from("old", "Sandbox" as never);
    });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[s\/a\] it was renamed from s\/a, but a construct is there now/),
      expect.stringMatching(/^\[s\/b\] it was renamed from s\/b and another class, but it is a resource/),
      expect.stringMatching(/^\[s\/c\] it was renamed from s\/old, and what it was is no class/),
    ]);
  });

  it("that cannot be is a problem of the plan", () => {
    const app = appOf((stack) => {
      new Job(stack, "there");
      for (const [id, from] of Object.entries({ a: "there", b: "/gone/web", c: "", d: "/" }))
        Renames.of(new Job(stack, id)).from(from);
    });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[s\/a\] it was renamed from s\/there, but a construct is there now/),
      expect.stringMatching(
        /^\[s\/b\] it was renamed from gone\/web, but gone is no part of the app any more/,
      ),
      expect.stringMatching(/^\[s\/c\] it was renamed from a path without an id/),
      expect.stringMatching(/^\[s\/d\] it was renamed from a path without an id/),
    ]);
  });
});

describe("mistakes", () => {
  it("are told at once, without a stack, before anything is declared", async () => {
    const { error, resources } = await failing(() =>
      deploy(
        appOf((stack) => {
          new Job(stack, "web", { disk: undefined, vcpus: 0 });
          new CronJob(stack, "nightly", { schedule: "0 3 31 2 *", script: "a" });
          stack.node.addValidation({ validate: () => ["it is not to my liking."] });
        }),
      ),
    );
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/^The app has 3 problems\./);
    for (const problem of ["[s] it is not to my liking.", "[s/nightly] ", "[s/web] vcpus"])
      expect(error.message).toContain(problem);
    expect(resources).toEqual([]);
  });

  it("that only a deploy sees are, too: secrets that are not set, providers for nobody", async () => {
    delete process.env.NO_SUCH_A;
    process.env.NO_SUCH_B = "";
    const secrets = {
      A: Secret.fromEnvironment("NO_SUCH_A"),
      B: Secret.fromEnvironment("NO_SUCH_B"),
    };
    const { error, resources } = await failing(() =>
      deploy(appOf((stack) => new Job(stack, "web", { secrets }))),
    );
    expect(error.message).toContain("The app has 2 problems");
    expect(error.message).toMatch(/\[s\/web\] The environment variable NO_SUCH_A, .* is not set\. Set it/);
    // As in `NAME= pulumi up`, which would take away the secret that is there.
    expect(error.message).toMatch(
      /\[s\/web\] The environment variable NO_SUCH_B, .* is empty\. .* Secret\.of\(""\)/,
    );
    delete process.env.NO_SUCH_B;
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(resources).toEqual([]);
    const nobody = await failing(() =>
      deploy(
        appOf((stack) => new Job(stack, "web")),
        { providers: { nobody: {} as pulumi.ProviderResource } },
      ),
    );
    expect(nobody.error.message).toContain('[app] providers has one for "nobody"');
  });

  it("of a kind that are no errors are logged with their path", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    const info = jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
    try {
      await deployed((stack) => {
        const job = new Job(stack, "web");
        Annotations.of(job).addWarning("costs money");
        Annotations.of(stack).addInfo("is new");
      });
      expect(warn.mock.calls).toEqual([["[s/web] costs money"]]);
      expect(info.mock.calls).toEqual([["[s] is new"]]);
    } finally {
      jest.restoreAllMocks();
    }
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
