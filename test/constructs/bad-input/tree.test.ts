import { readFileSync } from "node:fs";
import { Construct } from "constructs";
import * as pulumi from "@pulumi/pulumi";
import {
  App,
  CronJob,
  Job,
  MagsResource,
  PlanError,
  Schedule,
  Size,
  Stack,
  Tags,
  Workspace,
} from "../../../constructs";
import { appOf, problemsOf, refused } from "../support";

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
    "[s/a] disk: A size of 1500 MiB is not a whole number of gibibytes, and is not rounded silently. Use 1 GiB or 2 GiB.",
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

describe("a removal policy", () => {
  it("that there is not is refused: whether something is kept depends on it", () => {
    expect(
      refused((stack) => {
        new Workspace(stack, "w", { removalPolicy: "RETAIN" as never });
        new Job(stack, "j", { removalPolicy: null as never });
        new Job(stack, "ok", { removalPolicy: "retain" as never });
        new Job(stack, "later").resource.applyRemovalPolicy("keep" as never);
      }),
    ).toEqual([
      "[s/j] its removal policy is null, and there is none such. Give RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.",
      `[s/later] its removal policy is "keep", and there is none such. Give RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.`,
      `[s/w] its removal policy is "RETAIN", and there is none such. Give RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.`,
    ]);
  });
});

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
