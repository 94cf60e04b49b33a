import { readFileSync } from "node:fs";
import { Construct } from "constructs";
import * as pulumi from "@pulumi/pulumi";
import {
  App,
  Aspects,
  CronJob,
  Duration,
  Job,
  Lazy,
  MagsResource,
  PlanError,
  Reference,
  RemovalPolicy,
  Run,
  Sandbox,
  Schedule,
  Script,
  Secret,
  Size,
  Stack,
  Tags,
  UrlAlias,
  Workspace,
  interpolate,
} from "../../constructs";
import { appOf, planOf, problemsOf, refused } from "./support";

it("all problems of a tree come at once, by path, each with what to do", () => {
  const app = appOf((stack, app) => {
    new Job(stack, "b", { http: { port: 70_000 } });
    new Job(stack, "b");
    const a = new Job(stack, "a", { disk: Size.mebibytes(1500) });
    a.addAlias("alias");
    new Stack(app, "s");
  });
  expect(() => app.plan()).toThrow(PlanError);
  expect(problemsOf(app)).toEqual([
    `[] two constructs in it have the id "s". Give one of them another id.`,
    `[s] two constructs in it have the id "b". Give one of them another id.`,
    "[s/a] diskGb: A size of 1500 MiB is not a whole number of gibibytes, and is not rounded silently. Use 1 GiB or 2 GiB.",
    "[s/a/alias] it points to s/a, which opens no port and so has no URL. Give that job http: { port: … }.",
    "[s/b] http.port must be a whole number from 1 to 65535.",
  ]);
  expect(() => app.plan()).toThrow(/^The app has 5 problems\. Correct and run again:\n {2}- \[app\] two/);
});

it("the documentation shows what a plan says", () => {
  const app = new App();
  const stack = new Stack(app, "shop");
  const site = new Workspace(stack, "site");
  new Job(stack, "web", { workspace: site, noSleap: true } as object);
  new Workspace(stack, "web");
  new CronJob(stack, "nightly", { schedule: Schedule.daily(), script: "true", workspace: site });
  const page = readFileSync("docs/constructs.md", "utf8");
  const [, shown] = /^```\n(The app has .*?)\n```$/ms.exec(page)!;
  expect(messageOf(() => app.plan())).toBe(shown);
});

function messageOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe("ids", () => {
  it("an empty one, or one that is no text", () => {
    expect(
      refused((stack) => {
        new Job(stack, "");
        new Job(stack, pulumi.output("x") as never);
      }),
    ).toEqual([
      expect.stringMatching(/^\[s\] a construct in it has no text for an id \(an empty one\)/),
      expect.stringMatching(/^\[s\] a construct in it has no text for an id \(object\)/),
    ]);
  });

  it("one that JavaScript keeps for itself", () => {
    expect(refused((stack) => void ["constructor", "__proto__"].map((id) => new Job(stack, id)))).toEqual([
      expect.stringMatching(/^\[s\] a construct in it has the id "constructor", which JavaScript keeps/),
      expect.stringMatching(/^\[s\] a construct in it has the id "__proto__", which JavaScript keeps/),
    ]);
    const triggers = JSON.parse('{"__proto__":1}') as unknown;
    expect(refused((stack) => new Job(stack, "job", { triggers }))).toEqual([
      expect.stringMatching(/^\[s\/job\] triggers\.__proto__ is a name that JavaScript keeps/),
    ]);
  });

  it("no scope", () => {
    expect(() => new Job(undefined as never, "web")).toThrow(/^"web" was given no construct as its scope/);
  });

  it("no app and no stack", () => {
    const root = new Construct(undefined as never, "root");
    expect(() => App.of(new Job(root, "web"))).toThrow(/^"root\/web" is part of no App/);
    expect(() => Stack.of(new Job(root, "other"))).toThrow(/^"root\/other" is in no Stack/);
  });
});

it("a kind that there is not, and nothing at all for properties", () => {
  expect(
    refused((stack) => {
      const raw = new MagsResource(stack, "a", "Jub" as "Job", {});
      new Job(stack, "b", { environment: { A: raw.getAtt("name") } });
      new MagsResource(stack, "c", "CronJob", undefined as never);
    }),
  ).toEqual([
    `[s/a] there is no kind "Jub": did you mean Job?`,
    expect.stringMatching(/^\[s\/c\] cronExpression is missing/),
    expect.stringMatching(/^\[s\/c\] script is missing/),
  ]);
});

it("a tag that is not known", () => {
  expect(
    refused((stack) => {
      const job = new Job(stack, "job");
      Tags.of(job).add("a", pulumi.output("x") as never);
      Tags.of(job).add("b", `${job.name}`);
    }),
  ).toEqual([
    "[s/job] the tag a is no plain text. Tags stand in the manifest, so they have to be known when the program runs.",
    "[s/job] the tag b is no plain text. Tags stand in the manifest, so they have to be known when the program runs.",
  ]);
});

describe("names", () => {
  it.each<[string, (stack: Stack) => void, string]>([
    [
      "two jobs",
      (stack) => void [new Job(stack, "a", { name: "web" }), new Job(stack, "b", { name: "web" })],
      `[s/b] its name is "web", as that of s/a`,
    ],
    [
      "two workspaces",
      (stack) => void [new Workspace(stack, "a", { name: "w" }), new Workspace(stack, "b", { name: "w" })],
      `[s/b] its name is "w", as that of s/a`,
    ],
    [
      "two aliases, whatever their domains",
      (stack) => {
        const target = new Job(stack, "job", { http: { port: 1 } });
        new UrlAlias(stack, "a", { target, subdomain: "shop" });
        new UrlAlias(stack, "b", { target, subdomain: "shop", domain: "example.test" });
      },
      `[s/b] its subdomain is "shop", as that of s/a`,
    ],
    [
      "one that is said by a reference",
      (stack) => {
        const a = new Job(stack, "a", { name: "web" });
        new Job(stack, "b", { name: a.name });
      },
      `[s/b] its name is "web", as that of s/a`,
    ],
    [
      "a generated one that is said by a reference twice",
      (stack) => {
        const { name } = new Workspace(stack, "w");
        new Job(stack, "a", { name, workspace: new Workspace(stack, "wa") });
        new Job(stack, "b", { name, workspace: new Workspace(stack, "wb") });
      },
      `[s/b] its name is that of s/w, as that of s/a`,
    ],
    [
      "one Output for two",
      (stack) => {
        const name = pulumi.output("web");
        new Job(stack, "a", { name });
        new Job(stack, "b", { name });
      },
      `[s/b] its name is that of one Output, as that of s/a`,
    ],
  ])("one for %s", (_, build, expected) => {
    expect(refused(build)).toEqual([expect.stringContaining(expected)]);
  });

  it("a job and a workspace of one name are well, but not where the job has a local disk", () => {
    planOf((stack) => {
      const workspace = new Workspace(stack, "w", { name: "box" });
      new Job(stack, "j", { name: "box", workspace });
    });
    expect(
      refused((stack) => {
        new Workspace(stack, "w", { name: "box" });
        new Job(stack, "j", { name: "box" });
      }),
    ).toEqual([
      expect.stringMatching(/^\[s\/j\] it has no workspace, .* but its name is that of the workspace s\/w/),
    ]);
  });
});

describe("workspaces", () => {
  it("two jobs on one: made, imported, or told by its name", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        workspace.addJob("a");
        new Job(stack, "b", { workspace });
      }),
    ).toEqual([expect.stringMatching(/^\[s\/w\/a\] it works on the workspace s\/w, as s\/b does/)]);
    expect(
      refused((stack) => {
        new Job(stack, "a", { workspace: Workspace.fromName(stack, "x", "data") });
        new Job(stack, "b", { workspace: Workspace.fromName(stack, "y", "data") });
      }),
    ).toEqual([expect.stringMatching(/^\[s\/b\] it works on the workspace "data", as s\/a does/)]);
    expect(
      refused((stack) => {
        new Job(stack, "a", { name: "data" });
        new Job(stack, "b", { workspace: Workspace.fromName(stack, "y", "data") });
      }),
    ).toEqual([expect.stringMatching(/^\[s\/b\] it works on the workspace "data", as s\/a does/)]);
  });

  it("a schedule on a job's", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        new Job(stack, "job", { workspace });
        workspace.addCronJob("nightly", { schedule: Schedule.daily(), script: "true" });
      }),
    ).toEqual([
      expect.stringMatching(/^\[s\/w\/nightly\] it would fire on the workspace .*, on which s\/job runs/),
    ]);
  });

  it("a run with a VM of its own on a job's; inside the job it is well", () => {
    const build = (stack: Stack) => {
      const workspace = new Workspace(stack, "w");
      return { workspace, job: new Job(stack, "job", { workspace }) };
    };
    expect(refused((stack) => build(stack).workspace.addRun("seed", { script: "true" }))).toEqual([
      expect.stringMatching(/^\[s\/w\/seed\] .* s\/w, on which s\/job runs/),
    ]);
    planOf((stack) => build(stack).job.addRun("seed", { script: "true" }));
    expect(
      refused(
        (stack) => new Run(stack, "r", { script: "true", job: new Job(stack, "j"), disk: Size.gibibytes(4) }),
      ),
    ).toEqual([expect.stringMatching(/^\[s\/r\] diskGb has no meaning inside a job/)]);
  });

  it("several schedules on one are well", () => {
    planOf((stack) => {
      const workspace = new Workspace(stack, "w");
      workspace.addCronJob("a", { schedule: Schedule.daily(), script: "true" });
      workspace.addCronJob("b", { schedule: Schedule.daily(), script: "true" });
    });
  });

  it("one that is forked from itself", () => {
    expect(
      refused((stack) => new Workspace(stack, "w", { name: "a", base: Workspace.fromName(stack, "b", "a") })),
    ).toEqual([expect.stringContaining("a workspace cannot be forked from itself")]);
  });
});

describe("references", () => {
  it("across apps", () => {
    const other = new Workspace(new Stack(new App(), "other"), "w");
    expect(refused((stack) => new Job(stack, "job", { workspace: other }))).toEqual([
      "[s/job] workspaceId is the workspaceId of other/w, which is part of another app. Import it by its name, with the class's from… methods.",
    ]);
  });

  it("to what was taken out of the tree", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        new Job(stack, "job", { environment: { A: workspace.name } });
        stack.node.tryRemoveChild("w");
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[s\/job\] environment\.A is the name of s\/w, which is no part of the app any more/,
      ),
    ]);
  });

  it("to an attribute that is none", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        new Job(stack, "b", { environment: { A: job.resource.getAtt("wrokspaceId" as never) } });
        new Job(stack, "c", {
          environment: { A: new Reference<string>(job.resource as MagsResource, "xxxxxx") },
        });
      }),
    ).toEqual([
      `[s/b] environment.A is the wrokspaceId of Job "s/job", which has no such attribute: did you mean workspaceId?`,
      expect.stringMatching(/^\[s\/c\] .* no such attribute: known are name, requestId, .*, id\.$/),
    ]);
  });

  it("to the URL of a job that opens no port", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        const environment = { A: job.url, B: interpolate`${job.resource.getAtt("subdomain")}.example.test` };
        new Job(stack, "b", { environment });
      }),
    ).toEqual([
      "[s/b] environment.A is the url of s/job, which opens no port and so has none. Give that job http: { port: … }.",
      "[s/b] environment.B is the subdomain of s/job, which opens no port and so has none. Give that job http: { port: … }.",
    ]);
  });

  it("a construct where its attribute is meant", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        new MagsResource(stack, "raw", "Job", { workspaceId: workspace as never });
      }),
    ).toEqual(["[s/raw] workspaceId is a construct. Give one of its attributes, such as its workspaceId."]);
  });

  it("a target that is no target", () => {
    expect(refused((stack) => new UrlAlias(stack, "alias", { target: {} as never }))).toEqual([
      expect.stringMatching(/^\[s\/alias\] workspaceId is missing/),
    ]);
    expect(refused((stack) => new UrlAlias(stack, "alias", {} as never))).toEqual([
      expect.stringMatching(/^\[s\/alias\] workspaceId is missing/),
    ]);
  });
});

describe("circles", () => {
  it("by references", () => {
    expect(
      refused((stack) => {
        const a = new Job(stack, "a");
        const b = new Job(stack, "b", { environment: { A: a.name } });
        a.addEnvironment("B", b.name);
      }),
    ).toEqual([
      "[] these wait for each other: s/a → s/b → s/a. s/a needs s/b (environment.B is its name); " +
        "s/b needs s/a (environment.A is its name). Take one of them away.",
    ]);
  });

  it("by dependencies of whole constructs", () => {
    const found = refused((_stack, app) => {
      const [a, b] = [new Stack(app, "a"), new Stack(app, "b")];
      const inA = new Job(a, "job");
      new Job(b, "job", { environment: { A: inA.name } });
      a.node.addDependency(b);
    });
    expect(found).toEqual([
      "[] these wait for each other: a → b/job → a. a was told to wait for b; b/job needs a/job (environment.A is its name). " +
        "Take one of them away.",
    ]);
  });

  it("of one", () => {
    expect(
      refused((stack) => {
        const a = new Job(stack, "a");
        a.addEnvironment("SELF", a.name);
        a.node.addDependency(a);
      }),
    ).toEqual([
      "[] s/a needs itself: environment.SELF is its name. Take that away.",
      "[s/a] it was told to wait for itself. Take that dependency away.",
    ]);
  });

  it("dependencies across apps, and on what is gone", () => {
    const other = new Stack(new App(), "other");
    expect(
      refused((stack) => {
        const gone = new Job(stack, "gone");
        stack.node.tryRemoveChild("gone");
        new Job(stack, "a").node.addDependency(other, gone);
      }),
    ).toEqual([
      expect.stringMatching(/^\[s\/a\] it was told to wait for other, which is part of another app/),
      expect.stringMatching(
        /^\[s\/a\] it was told to wait for s\/gone, which is no part of the app any more/,
      ),
    ]);
  });
});

describe("aliases", () => {
  it("to a job that opens no port", () => {
    expect(refused((stack) => new Job(stack, "job").addAlias("shop"))).toEqual([
      "[s/job/shop] it points to s/job, which opens no port and so has no URL. Give that job http: { port: … }.",
    ]);
  });

  it("to a workspace whose job opens none", () => {
    expect(
      refused((stack) => {
        const target = new Workspace(stack, "w");
        new Job(stack, "job", { workspace: target });
        new UrlAlias(stack, "shop", { target });
      }),
    ).toEqual([expect.stringMatching(/^\[s\/shop\] it points to s\/job, which opens no port/)]);
  });

  it("to a workspace without a job, or to a port that is not open, are warned of", () => {
    const { annotations } = planOf((stack) => {
      new UrlAlias(stack, "a", { target: new Workspace(stack, "w") });
      const job = new Job(stack, "job", { http: { port: 80, otherPorts: [81] } });
      job.addAlias("well", { port: 81 });
      job.addAlias("closed", { port: 82 });
      new UrlAlias(stack, "elsewhere", { target: Workspace.fromName(stack, "i", "imported") });
    });
    expect(annotations).toEqual([
      expect.objectContaining({
        level: "warning",
        path: "s/a",
        message: expect.stringContaining("no job of this app runs"),
      }),
      expect.objectContaining({
        level: "warning",
        path: "s/job/closed",
        message: expect.stringContaining("port 82 of s/job"),
      }),
    ]);
  });
});

describe("values", () => {
  const job = (props: object) => refused((stack) => new Job(stack, "job", props));

  it.each<[object, string]>([
    [{ disk: Size.mebibytes(2500) }, "diskGb: A size of 2500 MiB is not a whole number of gibibytes"],
    [{ memory: Size.kibibytes(1) }, "memoryMb: A size of 1 KiB is not a whole number of mebibytes"],
    [
      { idleTimeout: Duration.seconds(90) },
      "idleTimeout: A duration of 1 minute 30 seconds is not a whole number of minutes",
    ],
    [
      { timeouts: { create: Duration.millis(1500) } },
      "timeouts.create: A duration of 1 second 500 milliseconds is not a whole",
    ],
    [{ disk: Size.gibibytes(1) }, "diskGb must be a whole number from 2 to 65536, in GB."],
    [
      { environment: { A: Duration.hours(1) } },
      "environment.A is 1 hour, but it is no property that is measured so",
    ],
    [{ noSleap: true }, "there is no property noSleap: did you mean noSleep?"],
    [{ wrokspace: "x" }, "there is no property wrokspace: known are name, script,"],
    [{ http: { port: 80, prot: 80 } }, "http has no property prot: known are port"],
    [{ waitFor: "healthy" }, `waitFor "healthy" needs http`],
    [{ environment: { A: "1" }, secrets: { A: "2" } }, "environment and secrets both set A"],
    [{ triggers: new Date(0) }, "triggers is a Date, which no property can hold"],
    [{ triggers: [() => 1] }, "triggers.0 is a function, which no property can hold"],
    [{ triggers: { a: 1n } }, "triggers.a is a bigint, which no property can hold"],
    [{ triggers: { a: NaN } }, "triggers.a is NaN, which no property can hold"],
    [{ triggers: new Map() }, "triggers is a Map, which no property can hold"],
    [{ script: Script.fromFile("no/such.sh") }, "script: the script no/such.sh cannot be read (ENOENT)"],
    [{ files: { "a.conf": "no/such.conf" } }, 'The file "a.conf" cannot be read from no/such.conf (ENOENT)'],
    [
      {
        environment: {
          A: Lazy.string({
            produce: () => {
              throw new Error("not today");
            },
          }),
        },
      },
      "environment.A: not today",
    ],
  ])("%j", (props, expected) => {
    expect(job(props)).toEqual([expect.stringContaining(`[s/job] ${expected}`)]);
  });

  it("known only later, made part of a plain text, of JSON or of an id", () => {
    const found = refused((stack) => {
      const api = new Job(stack, "api", { http: { port: 80 } });
      const later = Lazy.string({ produce: () => "x" });
      new Job(stack, "client", {
        environment: {
          LATER: `${later}`,
          NESTED: JSON.stringify({ config: JSON.stringify({ url: api.url }) }),
          OPENAPI: '{"$ref":"#/x"}',
          SECRET: `postgres://user:${Secret.of("hunter2")}@db`,
          URL: `${api.url}/v1`,
        },
      });
      new Job(stack, `job-of-${api.name}`);
    });
    const inText = (name: string) =>
      `[s/client] environment.${name} is a text made from a value that is known only later. Make it by interpolate\`…\`, or give that value as the whole.`;
    expect(found).toEqual([
      "[s] a construct in it has an id made from a value that is known only later. An id is part of the path: give a plain text.",
      ...["LATER", "NESTED", "SECRET", "URL"].map(inText),
    ]);
    expect(
      refused(
        (stack) =>
          new Job(stack, "job", {
            environment: { A: interpolate`${Lazy.any<string>({ produce: () => [] as never })}` },
          }),
      ),
    ).toEqual([expect.stringMatching(/^\[s\/job\] environment\.A is a text with a list or map in it/)]);
  });

  it("one that holds itself, and a lazy one that never ends", () => {
    const circle: Record<string, unknown> = {};
    circle.inner = circle;
    const endless: Lazy = Lazy.any({ produce: () => endless });
    expect(job({ triggers: circle })).toEqual([expect.stringMatching(/triggers(\.inner)+ holds itself/)]);
    expect(job({ triggers: endless })).toEqual([
      "[s/job] triggers holds itself, or is lazy and produces itself, so it has no end.",
    ]);
  });

  it("schedules that are no schedules", () => {
    const cron = (schedule: string) =>
      refused((stack) => new CronJob(stack, "cron", { schedule, script: "true" }));
    expect(cron("0 0 31 2 *")).toEqual([expect.stringMatching(/^\[s\/cron\] cronExpression never fires/)]);
    const objects = refused((stack) => {
      const schedules = [
        Schedule.rate(Duration.minutes(7)),
        Schedule.expression("0 0 31 2 *"),
        Schedule.daily({ hour: 24 }),
      ];
      schedules.forEach(
        (schedule, index) => new CronJob(stack, `cron${index}`, { schedule, script: "true" }),
      );
    });
    expect(objects).toEqual([
      expect.stringMatching(
        /^\[s\/cron0\] cronExpression: A schedule cannot fire every 7 minutes: .* Use 6 minutes or 10 minutes/,
      ),
      expect.stringMatching(/^\[s\/cron1\] cronExpression: The schedule "0 0 31 2 \*" never fires/),
      expect.stringMatching(
        /^\[s\/cron2\] cronExpression: The schedule "0 24 \* \* \*" is no cron expression/,
      ),
    ]);
    expect(cron("* * * *")).toEqual([expect.stringMatching(/^\[s\/cron\] cronExpression has 4 fields/)]);
  });

  it("of a secret never stand in a message", () => {
    const found = job({
      secrets: { A: ["hunter2"] },
      environment: { B: Secret.of("hunter2") },
      hunter3: "hunter2",
      http: { port: "hunter2" },
    });
    expect(found.length).toBeGreaterThan(2);
    expect(found.join("\n")).not.toContain("hunter2");
  });

  it.each([
    ["an Output", pulumi.output(false)],
    ["a secret", Secret.of(false)],
  ])("%s where the plan has to know it", (what, value) => {
    expect(refused((stack) => new Workspace(stack, "w", { deletionProtection: value as never }))).toEqual([
      `[s/w] deletionProtection is ${what}, but the plan has to know it: what follows from it is decided before anything is deployed. Give a plain value.`,
    ]);
  });

  it("protection and its contrary", () => {
    expect(
      refused(
        (stack) =>
          new Workspace(stack, "w", { deletionProtection: true, removalPolicy: RemovalPolicy.DESTROY }),
      ),
    ).toEqual([
      expect.stringMatching(/^\[s\/w\] deletionProtection is true, and its removal policy is DESTROY/),
    ]);
  });

  it("a sandbox without a workspace is not given what is about one", () => {
    expect(
      refused(
        (stack) => new Sandbox(stack, "box", { persistent: false, setup: "x", deletionProtection: true }),
      ),
    ).toEqual([
      expect.stringMatching(
        /^\[s\/box\] With persistent: false there is no workspace that setup and deletionProtection could/,
      ),
    ]);
    expect(
      refused((stack) => new Sandbox(stack, "box", { persistent: pulumi.output(true) as never })),
    ).toEqual(["[s/box] persistent must be true or false, known when the program runs."]);
    expect(refused((stack) => new Sandbox(stack, "box", { memroy: 1, workspace: 2 } as never))).toEqual([
      expect.stringMatching(/^\[s\/box\] .*workspace/),
      expect.stringMatching(/^\[s\/box\/Job\] there is no property memroy/),
    ]);
  });
});

describe("overrides", () => {
  it("of what does not exist", () => {
    expect(refused((stack) => new Job(stack, "job").resource.addOverride("noSleap", true))).toEqual([
      "[s/job] there is no property noSleap: did you mean noSleep?",
    ]);
  });

  it("of what is inside a value that is not known, or no map", () => {
    const blocked = (props: object, path: string) =>
      refused((stack) => new Job(stack, "job", props).resource.addOverride(path, "x"));
    const expected = [expect.stringMatching(/^\[s\/job\] the override of .* cannot be made/)];
    expect(blocked({ environment: pulumi.output({}) }, "environment.A")).toEqual(expected);
    expect(blocked({ noSleep: true }, "noSleep.deep")).toEqual(expected);
  });
});

describe("aspects and validations", () => {
  it("an aspect that adds constructs for ever", () => {
    class Breeding {
      visit(construct: Construct) {
        if (construct instanceof Job) new Job(construct, "child");
      }
    }
    expect(
      refused((stack) => {
        new Job(stack, "job");
        Aspects.of(stack).add(new Breeding());
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[s\] the aspect Breeding goes on adding constructs to what it has added itself/,
      ),
    ]);
  });

  it("one that adds more and more", () => {
    let n = 0;
    const found = refused((stack) => {
      new Construct(stack, "first");
      Aspects.of(stack).add({
        visit: (construct) => void [1, 2, 3].map(() => new Construct(construct as Construct, `c${n++}`)),
      });
    });
    expect(found).toEqual([expect.stringMatching(/^\[s\] an aspect goes on adding constructs/)]);
  });

  it("one that throws, and a validation that throws", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        Aspects.of(job.resource).add({
          visit() {
            throw new Error("no");
          },
        });
        stack.node.addValidation({
          validate: () => {
            throw new Error("neither");
          },
        });
        stack.node.addValidation({ validate: () => ["never reached"] });
        job.node.addValidation({ validate: () => ["has no owner. Tag it."] });
      }),
    ).toEqual([
      "[s] a validation of it failed: neither",
      expect.stringMatching(/^\[s\/job\] (an aspect failed here: no|has no owner\. Tag it\.)$/),
      expect.stringMatching(/^\[s\/job\] (an aspect failed here: no|has no owner\. Tag it\.)$/),
    ]);
  });

  it("constructs that a lazy value or a validation adds would be missed", () => {
    expect(
      refused((stack) => {
        new Job(stack, "job", {
          environment: { A: Lazy.string({ produce: () => new Job(stack, "late").node.id }) },
        });
      }),
    ).toEqual([expect.stringMatching(/^\[\] 2 constructs were added while the app was planned/)]);
  });
});
