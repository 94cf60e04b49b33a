import {
  App,
  Duration,
  Job,
  Lazy,
  Secret,
  Size,
  Stack,
  Workspace,
  interpolate,
  type OutputLike,
} from "../../../constructs";
import { AssertionError, Capture, Match, Template } from "../../../constructs/testing";
import { shop } from "./shop";

// Whoever loads the SDK fails: neither a plan nor an assertion may need it.
jest.mock("@pulumi/pulumi", () => {
  throw new Error("Pulumi was loaded");
});

/** What is known of an Output without the SDK: its mark. */
class FakeOutput {
  readonly __pulumiOutput = true;
}

/** The text of the failure. */
function failureOf(assert: () => void): string {
  try {
    assert();
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as Error).message;
  }
  throw new Error("nothing failed");
}

describe("Template", () => {
  it("sees what is in a stack, and nothing of another", () => {
    const { stack, other, app } = shop();
    const template = Template.fromStack(stack);
    template.resourceCountIs("Job", 2);
    template.resourceCountIs("Workspace", 2);
    template.resourceCountIs("UrlAlias", 1);
    Template.fromStack(other).resourceCountIs("Job", 1);
    Template.fromApp(app).resourceCountIs("Job", 3);
  });

  it("takes a stack whose id begins like that of another for itself only", () => {
    const app = new App();
    const [one, longer] = [new Stack(app, "shop"), new Stack(app, "shop-2")];
    new Job(one, "a");
    new Job(longer, "b");
    Template.fromStack(one).resourceCountIs("Job", 1);
  });

  it("sees the stacks in a stack", () => {
    const stack = new Stack(new App(), "outer");
    new Job(new Stack(stack, "inner"), "a");
    Template.fromStack(stack).resourceCountIs("Job", 1);
  });

  it("matches a part of the properties, in plain values and by matchers", () => {
    const template = Template.fromStack(shop().stack);
    template.hasResourceProperties("Job", { noSleep: true, http: { port: 8080 } });
    template.hasResourceProperties("Job", { http: { otherPorts: Match.arrayWith([9091]) } });
    template.hasResourceProperties("Job", { noSleep: Match.absent() });
    template.hasResourceProperties("Job", Match.objectEquals({}));
    template.hasResourceProperties("Job", {
      script: Match.stringLikeRegexp("^set -e"),
      environment: { CONFIG: Match.serializedJson({ zones: Match.arrayWith(["b"]) }) },
    });
    template.hasResourceProperties("Workspace", { setup: Match.not("rm -rf www") });
  });

  it("takes references, schedules, scripts and secrets of the program for what the manifest shows", () => {
    const { stack, site, web, nightly } = shop();
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Job", {
      workspaceId: site.workspaceId,
      secrets: web.resource.properties.secrets,
    });
    template.hasResourceProperties("UrlAlias", { workspaceId: web.workspaceId });
    template.hasResourceProperties("CronJob", {
      cronExpression: nightly.resource.properties.cronExpression,
      script: Match.exact("date"),
    });
    expect(
      failureOf(() => template.hasResourceProperties("UrlAlias", { workspaceId: site.workspaceId })),
    ).toContain(
      `properties.workspaceId.$ref expected "shop/site.workspaceId", but it is "shop/web.workspaceId"`,
    );
  });

  it("takes a text with references for what the manifest shows", () => {
    const stack = new Stack(new App(), "s");
    const api = new Job(stack, "api", { http: { port: 80 } });
    const url = interpolate`${api.url}/v1`;
    new Job(stack, "client", { environment: { URL: url } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Job", { environment: { URL: url } });
    expect(
      failureOf(() =>
        template.hasResourceProperties("Job", { environment: { URL: interpolate`${api.name}/v1` } }),
      ),
    ).toContain("s/api.name");
  });

  it("takes any text with parts for what the manifest shows, and what is lazy for what it produces", () => {
    const stack = new Stack(new App(), "s");
    const api = new Job(stack, "api", { http: { port: 80 } });
    const port = Lazy.number({ produce: () => 8080 });
    const environment = {
      KNOWN: interpolate`${"http"}://${"localhost"}:${8080}`,
      LAZY: Lazy.string({ produce: () => "x" }),
      MIXED: interpolate`${api.url}:${port}/${"v"}${1}`,
      NESTED: interpolate`${interpolate`${api.url}/`}${interpolate`a${"b"}`}c`,
      OUTPUT: interpolate`${new FakeOutput() as unknown as OutputLike<string>}:${80}`,
      SECRET: interpolate`user:${Secret.of("hidden")}@${api.url}`,
    };
    new Job(stack, "client", { environment });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Job", { environment: Match.exact(environment) });
    for (const name of Object.keys(environment)) {
      const other = { [name]: interpolate`${environment[name as "KNOWN"]}+${api.name}` };
      if (name !== "SECRET")
        expect(() => template.hasResourceProperties("Job", { environment: other })).toThrow("None of 2 Jobs");
    }
  });

  it("takes sizes and lengths of time in the unit of the property", () => {
    const stack = new Stack(new App(), "s");
    const amounts = {
      disk: Size.gibibytes(4),
      memory: Size.gibibytes(2),
      idleTimeout: Duration.hours(1),
      timeouts: { create: Duration.minutes(5) },
    };
    new Job(stack, "j", amounts);
    const template = Template.fromStack(stack);
    const { disk, memory, ...rest } = amounts;
    template.hasResourceProperties("Job", { diskGb: disk, memoryMb: memory, ...rest });
    const failure = failureOf(() =>
      template.hasResourceProperties("Job", {
        diskGb: Size.mebibytes(4095),
        idleTimeout: Duration.minutes(61),
        noSleep: Size.gibibytes(1),
      }),
    );
    expect(failure).toContain("properties.diskGb expected 4095 MiB (in GB), but it is 4");
    expect(failure).toContain("properties.idleTimeout expected 1 hour 1 minute (in minutes), but it is 60");
    expect(failure).toContain("properties.noSleep is missing, expected 1 GiB");
  });

  it("takes an Output for any Output", () => {
    const stack = new Stack(new App(), "s");
    const output = new FakeOutput() as unknown as OutputLike<string>;
    new Job(stack, "j", { environment: { A: output, B: "b" } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("Job", { environment: { A: output } });
    expect(failureOf(() => template.hasResourceProperties("Job", { environment: { B: output } }))).toContain(
      'properties.environment.B expected an Output, but it is "b"',
    );
  });

  it("compares whole resources, with what they wait for", () => {
    const template = Template.fromStack(shop().stack);
    template.hasResource("CronJob", { dependsOn: ["shop/web"], properties: { script: "date" } });
    template.hasResource("Job", { dependsOn: Match.absent() });
  });

  it("asks that all resources of a kind match", () => {
    const template = Template.fromStack(shop().stack);
    template.allResourcesProperties("Workspace", { deletionProtection: Match.absent() });
    expect(failureOf(() => template.allResourcesProperties("Job", { noSleep: true }))).toBe(
      [
        "1 of 2 Jobs does not match: shop/idle.",
        "shop/idle differs in 1 place:",
        "  properties.noSleep is missing, expected true",
        "",
        "   {",
        `     "kind": "Job",`,
        `     "properties": {`,
        `!!     "noSleep": (is missing, expected true)`,
        "     },",
        `     "types": "Stack"`,
        "   }",
      ].join("\n"),
    );
    expect(failureOf(() => Template.fromStack(new Stack(new App(), "s")).allResources("Job", {}))).toBe(
      "There is no Job. There is no resource at all.",
    );
  });

  it("counts those that match", () => {
    const template = Template.fromStack(shop().stack);
    template.resourcePropertiesCountIs("Job", { noSleep: true }, 1);
    template.resourcePropertiesCountIs("Job", {}, 2);
    template.resourcePropertiesCountIs("Job", { vcpus: 4 }, 0);
    expect(failureOf(() => template.resourcePropertiesCountIs("Job", {}, 1))).toBe(
      "Expected 1 Job that matches, but there are 2 Jobs: shop/idle, shop/web.",
    );
    expect(failureOf(() => template.resourcePropertiesCountIs("Job", { noSleep: true }, 2))).toMatch(
      /^Expected 2 Jobs that match, but there is 1 Job: shop\/web\.\nshop\/idle differs in 1 place:\n/,
    );
  });

  it("finds resources by their paths, for whoever wants to look on", () => {
    const template = Template.fromStack(shop().stack);
    expect(Object.keys(template.findResources("Job"))).toEqual(["shop/idle", "shop/web"]);
    expect(template.findResources("UrlAlias", { properties: { subdomain: "shop" } })).toEqual({
      "shop/web/url": {
        kind: "UrlAlias",
        properties: { subdomain: "shop", workspaceId: { $ref: "shop/web.workspaceId" } },
        types: "Stack",
      },
    });
    expect(template.findResources("Job", { properties: { vcpus: 4 } })).toEqual({});
  });

  it("captures from the resources that match only", () => {
    const port = new Capture();
    const template = Template.fromStack(shop().stack);
    template.hasResourceProperties("Job", { noSleep: true, http: { port } });
    expect(port.asNumber()).toBe(8080);
    expect(port.next()).toBe(false);
    const never = new Capture();
    failureOf(() => template.hasResourceProperties("Job", { http: { port: never }, vcpus: 4 }));
    expect(() => never.asNumber()).toThrow("Nothing was captured");
  });

  it("shows values that are known late as they are in the plan", () => {
    const stack = new Stack(new App(), "s");
    const names: string[] = [];
    new Job(stack, "j", { environment: { NAMES: Lazy.string({ produce: () => names.join(",") }) } });
    names.push("a", "b");
    Template.fromStack(stack).hasResourceProperties("Job", { environment: { NAMES: "a,b" } });
  });

  it("a mistake in the tree is told as that, not as a failed assertion", () => {
    const stack = new Stack(new App(), "s");
    new Job(stack, "j", { http: { port: 0 } });
    expect(() => Template.fromStack(stack)).toThrow(/The app has a problem.*\n.*\[s\/j\] http\.port/);
  });

  it("a kind that there is not is told with those that there are", () => {
    expect(failureOf(() => Template.fromStack(shop().stack).resourceCountIs("Bucket" as never, 1))).toMatch(
      /^There is no kind of resource "Bucket"\. Known are Workspace, Job, UrlAlias, CronJob/,
    );
  });
});

describe("failures of a template", () => {
  it("say so where several are equally close", () => {
    const stack = new Stack(new App(), "s");
    for (const id of ["a", "b", "c"]) new Job(stack, id, { vcpus: id === "c" ? 2 : 1, noSleep: true });
    const template = Template.fromStack(stack);
    expect(failureOf(() => template.hasResourceProperties("Job", { vcpus: 1, noSleep: false }))).toContain(
      "2 are equally close; the first is s/a, which differs in 1 place:",
    );
  });

  it("show the closest resource with what differs marked", () => {
    const template = Template.fromStack(shop().stack);
    const text = failureOf(() =>
      template.hasResourceProperties("Job", {
        noSleep: true,
        vcpus: 4,
        http: { port: 8081, otherPorts: Match.arrayWith([9092]) },
        script: Match.stringLikeRegexp("^#!"),
      }),
    );
    expect(text).toMatchInlineSnapshot(`
     "None of 2 Jobs matches.
     The closest is shop/web, which differs in 4 places:
       properties.vcpus is missing, expected 4
       properties.http.port expected 8081, but it is 8080
       properties.http.otherPorts has no item 9092: it is [9090,9091]
       properties.script expected a text like /^#!/, but it is "set -e\\nexec ./serve --port 8080\\n"

        {
          "kind": "Job",
          "properties": {
            "environment": {
              "CONFIG": "{\\"level\\":\\"debug\\",\\"zones\\":[\\"a\\",\\"b\\"]}",
              "URL": "http://x"
            },
            "http": {
     !!       "otherPorts": [
                9090,
                9091
              ],
     !!       "port": 8080
            },
            "noSleep": true,
     !!     "script": "set -e\\nexec ./serve --port 8080\\n",
            "secrets": {
              "KEY": {
                "$secret": true
              }
            },
     !!     "vcpus": (is missing, expected 4)
            "workspaceId": {
              "$ref": "shop/site.workspaceId"
            }
          },
          "types": "Stack"
        }"
    `);
  });

  it("say what there is where there is nothing of the kind", () => {
    const stack = new Stack(new App(), "s");
    new Workspace(stack, "one");
    new Workspace(stack, "two");
    new Job(stack, "three");
    const template = Template.fromStack(stack);
    expect(failureOf(() => template.hasResourceProperties("CronJob", {}))).toBe(
      "There is no CronJob. There are: 1 Job, 2 Workspace.",
    );
    expect(failureOf(() => template.resourceCountIs("Workspace", 1))).toBe(
      "Expected 1 Workspace, but there are 2 Workspaces: s/one, s/two.",
    );
    expect(failureOf(() => template.resourceCountIs("CronJob", 1))).toBe(
      "Expected 1 CronJob, but there are no CronJobs.",
    );
    expect(failureOf(() => template.hasResourceProperties("Job", { vcpus: 4 }))).toMatch(
      /^The only Job does not match\.\ns\/three differs in 1 place:\n/,
    );
  });

  it("do not list hundreds of paths", () => {
    const stack = new Stack(new App(), "s");
    for (let i = 0; i < 100; i++) new Job(stack, `job-${i}`);
    expect(failureOf(() => Template.fromStack(stack).resourceCountIs("Job", 99))).toMatch(/and 90 more\.$/);
  });

  it("never show a secret", () => {
    const stack = new Stack(new App(), "s");
    new Job(stack, "j", { secrets: { PASSWORD: "hunter2" } });
    const template = Template.fromStack(stack);
    expect(
      failureOf(() => template.hasResourceProperties("Job", { secrets: { PASSWORD: "x" } })),
    ).not.toContain("hunter2");
    expect(JSON.stringify(template)).not.toContain("hunter2");
  });
});

describe("snapshots of a template", () => {
  it("as JSON", () => {
    expect(JSON.parse(JSON.stringify(Template.fromStack(shop().other)))).toEqual({
      "other/elsewhere": { kind: "Job", properties: {}, types: "Stack" },
    });
  });

  it("as a tree of text", () => {
    const { app, stack } = shop();
    expect(`\n${Template.fromStack(stack).toTree()}`).toMatchInlineSnapshot(`
     "
     shop  Stack
     ├── idle  Job
     │   └── (info) has nothing to do
     ├── nightly  CronJob  → shop/reports
     ├── reports  Workspace
     ├── site  Workspace
     └── web  Job  → shop/site
         ├── (warning) runs around the clock
         └── url  UrlAlias  → shop/web
     "
    `);
    expect(Template.fromApp(app).toTree().split("\n").slice(0, 3)).toEqual([
      "(app)  App",
      "├── other  Stack",
      "│   └── elsewhere  Job",
    ]);
  });
});
