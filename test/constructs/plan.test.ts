import { Construct, DependencyGroup } from "constructs";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import {
  AlwaysOnService,
  App,
  CronJob,
  Job,
  Lazy,
  MagsResource,
  RemovalPolicy,
  Sandbox,
  Schedule,
  Script,
  Secret,
  Size,
  Duration,
  Stack,
  Workspace,
  interpolate,
  isOutput,
  mapSymbols,
  type Plan,
} from "../../constructs";
import { appOf, planOf, propertiesAt } from "./support";

const order = (plan: Plan) => plan.resources.map(({ path }) => path);

describe("values", () => {
  it("are in the units of the fields", () => {
    const plan = planOf((stack) => {
      new Job(stack, "job", {
        disk: Size.gibibytes(8),
        memory: Size.gibibytes(2),
        idleTimeout: Duration.hours(1),
        timeouts: { create: Duration.minutes(20) },
        script: Script.inline("exec ./serve\n"),
      });
      new CronJob(stack, "cron", { schedule: Schedule.daily({ hour: 3 }), script: "true" });
    });
    expect(propertiesAt(plan, "s/job")).toEqual({
      diskGb: 8,
      idleTimeout: 60,
      memoryMb: 2048,
      script: "exec ./serve\n",
      timeouts: { create: 1200 },
    });
    expect(propertiesAt(plan, "s/cron")).toEqual({ cronExpression: "0 3 * * *", script: "true" });
  });

  it("that are lazy are asked for last, at any depth, and may hold further ones", () => {
    const names: string[] = [];
    const app = appOf((stack) => {
      const inner = Lazy.number({ produce: () => 8080 });
      new Job(stack, "job", {
        environment: { NAMES: Lazy.string({ produce: () => names.join(",") }) },
        http: Lazy.any({
          produce: () => ({ port: inner, otherPorts: Lazy.list({ produce: () => [81, 82] }) }),
        }),
        startupCommand: Lazy.string({ produce: () => undefined }),
      });
    });
    names.push("a", "b");
    expect(propertiesAt(app.plan(), "s/job")).toEqual({
      environment: { NAMES: "a,b" },
      http: { otherPorts: [81, 82], port: 8080 },
    });
  });

  it("of a reference are resolved, whatever was made first", () => {
    const plan = planOf((stack) => {
      const later = Lazy.any<string>({ produce: () => site.workspaceId as never });
      new Job(stack, "job", { workspace: { workspaceId: later } as never });
      const site = new Workspace(stack, "site");
    });
    expect(propertiesAt(plan, "s/job")).toEqual({ workspaceId: { $ref: "s/site.workspaceId" } });
    expect(order(plan)).toEqual(["s/site", "s/job"]);
    expect(plan.find("s/job")!.inputs.workspaceId).toMatchObject({ attribute: "workspaceId" });
  });

  it("from Pulumi stand as they are in memory, and as numbers in the manifest", () => {
    const [one, other] = [pulumi.output("1"), pulumi.secret("2")];
    const plan = planOf((stack) => {
      new Job(stack, "job", {
        environment: { A: other, B: one, C: other, D: Promise.resolve("3") },
        script: pulumi.interpolate`run ${one}`,
      });
    });
    expect(propertiesAt(plan, "s/job")).toEqual({
      environment: { A: { $output: 1 }, B: { $output: 2 }, C: { $output: 1 }, D: { $output: 3 } },
      script: { $output: 4 },
    });
    const { environment } = plan.find("s/job")!.inputs as { environment: Record<string, unknown> };
    expect(environment.A).toBe(other);
    expect(isOutput(environment.A)).toBe(true);
    expect(isOutput(environment.D)).toBe(true);
  });

  it("that are secret are shown nowhere, and kept", () => {
    const app = appOf((stack) => {
      new Job(stack, "job", {
        secrets: {
          PASSWORD: "hunter2",
          TOKEN: Secret.fromEnvironment("NOT_SET_ANYWHERE"),
          OUT: pulumi.output("x"),
        },
        environment: { ALSO: Secret.of("hunter2") },
      });
      new Job(stack, "whole", { secrets: pulumi.output({ A: "x" }) });
    });
    const plan = app.plan();
    const secret = { $secret: true };
    expect(propertiesAt(plan, "s/job")).toEqual({
      environment: { ALSO: secret },
      secrets: { PASSWORD: secret, TOKEN: secret, OUT: secret },
    });
    expect(propertiesAt(plan, "s/whole")).toEqual({ secrets: secret });
    expect(JSON.stringify(app.synthText())).not.toContain("hunter2");
    const { environment, secrets } = plan.find("s/job")!.inputs as Record<string, Record<string, Secret>>;
    expect(environment!.ALSO!.reveal()).toBe("hunter2");
    expect(() => secrets!.TOKEN!.reveal()).toThrow(/^The environment variable NOT_SET_ANYWHERE/);
    expect(`${String(environment!.ALSO)} ${JSON.stringify(environment)}`).not.toContain("hunter2");
  });

  it("in the middle of a text are joined as late as they are known", () => {
    const output = pulumi.output("o");
    const plan = planOf((stack) => {
      const api = new Job(stack, "api", { name: "api", http: { port: 80 } });
      const port = Lazy.number({ produce: () => 80 });
      const url = interpolate`${api.url}/v${1}`;
      new Job(stack, "client", {
        environment: {
          KNOWN: interpolate`port ${port}, ${true}${Lazy.string({ produce: () => undefined })}.`,
          NESTED: interpolate`<${url}>${output}`,
          ONE: interpolate`${api.name}`,
          PASSWORD: interpolate`user:${Secret.of("hunter2")}@${api.name}`,
        },
      });
    });
    expect(propertiesAt(plan, "s/client")).toEqual({
      environment: {
        KNOWN: "port 80, true.",
        NESTED: { $join: ["<", { $ref: "s/api.url" }, "/v1>", { $output: 1 }] },
        ONE: { $join: [{ $ref: "s/api.name" }] },
        PASSWORD: { $secret: true },
      },
    });
    const values = mapSymbols(plan.find("s/client")!.inputs, {
      reference: ({ attribute }) => `the ${attribute}`,
      secret: (secret) => secret.reveal(),
      output: () => "out",
      interpolation: (parts) => parts.join(""),
    });
    expect(values).toEqual({
      environment: {
        KNOWN: "port 80, true.",
        NESTED: "<the url/v1>out",
        ONE: "the name",
        PASSWORD: "user:hunter2@the name",
      },
    });
    expect(plan.find("s/client")!.dependencies.map(({ path }) => path)).toEqual(["s/api"]);
  });

  it("of files are shown by what they hold, under a path that is the same on every machine", () => {
    const plan = planOf((stack) => {
      new Job(stack, "job", { files: { licence: `${process.cwd()}/LICENSE` } }).addFile("b.txt", "LICENSE");
    });
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(propertiesAt(plan, "s/job")).toEqual({
      files: { "b.txt": { path: "LICENSE", sha256 }, licence: { path: "LICENSE", sha256 } },
    });
  });
});

describe("overrides", () => {
  it("win, later ones over earlier ones, and can take away; what was given stays as it was", () => {
    const environment = { A: "1", B: "2" };
    const plan = planOf((stack) => {
      const job = new Job(stack, "job", { environment, noSleep: true, startupCommand: "x" });
      job.addEnvironment("B", "3").addEnvironment("C", "4").addSecret("S", "5");
      job.resource.addOverride("http.port", 1);
      job.resource.addOverride("http.port", 8080);
      job.resource.addDeletionOverride("startupCommand");
    });
    expect(propertiesAt(plan, "s/job")).toEqual({
      environment: { A: "1", B: "3", C: "4" },
      http: { port: 8080 },
      noSleep: true,
      secrets: { S: { $secret: true } },
    });
    expect(environment).toEqual({ A: "1", B: "2" });
  });

  it("reach into lazy values, and find the resource as the default child", () => {
    const plan = planOf((stack) => {
      const job = new Job(stack, "job", { environment: Lazy.any({ produce: () => ({ A: "1" }) }) });
      const resource = job.node.defaultChild;
      expect(MagsResource.isMagsResource(resource)).toBe(true);
      (resource as MagsResource).addOverride("environment.B", "2");
    });
    expect(propertiesAt(plan, "s/job")).toEqual({ environment: { A: "1", B: "2" } });
  });
});

describe("removal policies", () => {
  it("DESTROY turns protection off, RETAIN leaves it", () => {
    const plan = planOf((stack) => {
      new Workspace(stack, "gone", { removalPolicy: RemovalPolicy.DESTROY });
      new Workspace(stack, "kept", { removalPolicy: RemovalPolicy.RETAIN });
      new Workspace(stack, "plain");
      new Job(stack, "job", { removalPolicy: RemovalPolicy.DESTROY });
    });
    const shown = (path: string) => {
      const { removalPolicy, manifest } = plan.find(path)!;
      return [removalPolicy, manifest.removalPolicy, manifest.properties];
    };
    expect(shown("s/gone")).toEqual(["destroy", "destroy", { deletionProtection: false }]);
    expect(shown("s/kept")).toEqual(["retain", "retain", {}]);
    expect(shown("s/plain")).toEqual([undefined, undefined, {}]);
    expect(shown("s/job")).toEqual(["destroy", "destroy", {}]);
  });
});

it("the parts of a sandbox are named as it, unless it has a name, and nothing else in it is", () => {
  const { manifest } = planOf((stack) => {
    const ada = new Sandbox(stack, "ada", { http: { port: 80 } });
    new Job(ada, "helper");
    ada.addAlias("url");
    new Sandbox(stack, "named", { name: "named" });
    new AlwaysOnService(stack, "service", { script: "serve" });
  });
  const named = Object.entries(manifest.resources).flatMap(([path, { namedAs }]) =>
    namedAs === undefined ? [] : [`${path} as ${namedAs}`],
  );
  expect(named).toEqual(["s/ada/Job as s/ada", "s/ada/Workspace as s/ada"]);
});

describe("order and dependencies", () => {
  it("of references and of what was told, down to resources", () => {
    const plan = planOf((stack) => {
      const group = new Construct(stack, "group");
      const [z, y] = [new Job(group, "z"), new Job(group, "y")];
      const a = new Job(stack, "a", { environment: { Z: z.name } });
      const b = new Job(stack, "b");
      b.node.addDependency(group);
      const c = new Job(stack, "c");
      c.node.addDependency(new DependencyGroup(a, y));
    });
    expect(order(plan)).toEqual(["s/group/z", "s/a", "s/group/y", "s/b", "s/c"]);
    const dependencies = (path: string) => plan.find(path)!.dependencies.map((one) => one.path);
    expect(dependencies("s/a")).toEqual(["s/group/z"]);
    expect(dependencies("s/b")).toEqual(["s/group/y", "s/group/z"]);
    expect(dependencies("s/c")).toEqual(["s/a", "s/group/y"]);
    expect(plan.find("s/b")!.manifest.dependsOn).toEqual(["s/group"]);
    expect(plan.find("s/a")!.manifest.dependsOn).toBeUndefined();
  });

  it("of a stack on another holds for all that is in them", () => {
    const app = new App();
    const [first, second] = [new Stack(app, "z-first"), new Stack(app, "a-second")];
    second.node.addDependency(first);
    for (const stack of [first, second]) for (const id of ["b", "a"]) new Job(stack, id);
    const plan = app.plan();
    expect(order(plan)).toEqual(["z-first/a", "z-first/b", "a-second/a", "a-second/b"]);
    expect(plan.resources[3]!.dependencies.map(({ path }) => path)).toEqual(["z-first/a", "z-first/b"]);
  });

  it("of a whole on a part of it, and of a part on the whole, leave that part out", () => {
    const plan = planOf((stack) => {
      const [a, b, z] = ["a", "b", "z"].map((id) => new Job(stack, id));
      stack.node.addDependency(z!);
      const alias = b!.resource.node.scope!;
      expect(alias).toBe(b);
      void a;
    });
    expect(order(plan)).toEqual(["s/z", "s/a", "s/b"]);
    const reversed = planOf((stack) => {
      const [a] = ["a", "b", "z"].map((id) => new Job(stack, id));
      a!.node.addDependency(stack);
    });
    expect(order(reversed)).toEqual(["s/b", "s/z", "s/a"]);
    expect(reversed.find("s/a")!.dependencies.map(({ path }) => path)).toEqual(["s/b", "s/z"]);
  });

  it("a resource below a resource can wait for it, and it for that", () => {
    const below = (which: "outer" | "inner") =>
      planOf((stack) => {
        const outer = new MagsResource(stack, "outer", "Job", {});
        const inner = new MagsResource(outer, "Resource", "Job", {});
        if (which === "outer") outer.node.addDependency(inner);
        else inner.node.addDependency(outer);
      });
    expect(order(below("outer"))).toEqual(["s/outer/Resource", "s/outer"]);
    expect(order(below("inner"))).toEqual(["s/outer", "s/outer/Resource"]);
  });

  it("is found for a chain of any length", () => {
    const plan = planOf((stack) => {
      let last: Job | undefined;
      for (let i = 0; i < 20_000; i++) {
        last = new Job(stack, `j${i}`, last ? { environment: { BEFORE: last.name } } : {});
      }
    });
    expect(plan.resources.map(({ construct }) => construct.node.scope!.node.id).slice(0, 3)).toEqual([
      "j0",
      "j1",
      "j2",
    ]);
  });

  it("every resource comes after all that it depends on, in any tree", () => {
    const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(edges, fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), (pairs, groups) => {
        const plan = planOf((stack) => {
          const scopes = [0, 1, 2, 3].map((i) => new Construct(stack, `g${i}`));
          // Edges go from higher to lower numbers only, so that there is no circle among the jobs.
          const jobs = groups.map((group, i) => new Job(scopes[group]!, `j${i}`));
          for (const [a, b, told] of pairs) {
            const [from, to] = [jobs[Math.max(a, b)]!, jobs[Math.min(a, b)]!];
            if (a === b) continue;
            if (told) from.node.addDependency(to);
            else from.addEnvironment(`E${Math.min(a, b)}`, to.name);
          }
        });
        const seen = new Set<unknown>();
        for (const resource of plan.resources) {
          for (const dependency of resource.dependencies) expect(seen.has(dependency)).toBe(true);
          seen.add(resource);
        }
        expect(seen.size).toBe(12);
      }),
    );
  });
});

describe("the plan", () => {
  const plan = planOf((stack) => {
    const workspace = new Workspace(stack, "w");
    new Job(stack, "job", {
      workspace,
      environment: { A: "1" },
      http: { port: 1, otherPorts: [2] },
      secrets: { A1: "2" },
    });
  });

  it("is frozen, all the way down", () => {
    const unfrozen = (value: unknown, at: string): string[] => {
      if (typeof value !== "object" || value === null || value instanceof Construct) return [];
      const inner = Object.entries(value).flatMap(([key, item]) => unfrozen(item, `${at}.${key}`));
      const symbolic = Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value);
      return Object.isFrozen(value) || (symbolic && !("path" in value)) ? inner : [at, ...inner];
    };
    expect(unfrozen(plan, "plan")).toEqual([]);
  });

  it("finds resources by path and by construct", () => {
    const job = plan.find("s/job")!;
    expect(plan.of(job.construct)).toBe(job);
    expect(plan.find("s/job/Resource")).toBeUndefined();
    expect(plan.find("nothing")).toBeUndefined();
  });

  it("can be made again, also after a change", () => {
    const app = appOf((stack) => void new Job(stack, "a"));
    expect(app.plan().manifest).toEqual(app.plan().manifest);
    new Job(app.node.findChild("s") as Stack, "b");
    expect(order(app.plan())).toEqual(["s/a", "s/b"]);
  });
});
