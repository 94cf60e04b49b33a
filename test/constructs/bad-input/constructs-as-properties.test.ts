import {
  AlwaysOnService,
  CronJob,
  Job,
  Lazy,
  PreviewEnvironment,
  Run,
  Sandbox,
  UrlAlias,
  Workspace,
  type Stack,
} from "../../../constructs";
import { planOf, refused } from "../support";

const WORKSPACE = "a Workspace, or one that is there already by Workspace.fromName(…).";

describe("something else where a construct is wanted is refused, not passed over", () => {
  it.each<[string, (stack: Stack, given: never) => void, string, string]>([
    ["a job", (stack, workspace) => new Job(stack, "x", { workspace }), "s/x", "workspace"],
    [
      "a schedule",
      (stack, workspace) => new CronJob(stack, "x", { schedule: "0 3 * * *", script: "date", workspace }),
      "s/x",
      "workspace",
    ],
    ["a run", (stack, workspace) => new Run(stack, "x", { script: "date", workspace }), "s/x", "workspace"],
    ["a workspace", (stack, base) => new Workspace(stack, "x", { base }), "s/x", "base"],
    ["a sandbox", (stack, base) => new Sandbox(stack, "x", { base }), "s/x", "base"],
    [
      "a preview",
      (stack, base) => new PreviewEnvironment(stack, "x", { pullRequest: 7, script: "date", base }),
      "s/x/pr-7/Service/Workspace",
      "base",
    ],
    [
      "a service",
      (stack, workspace) => new AlwaysOnService(stack, "x", { script: "date", workspace }),
      "s/x",
      "workspace",
    ],
  ])("of %s", (name, build, path, property) => {
    const problem = (given: string) =>
      `[${path}] ${property} is ${given}, but it takes the construct itself. Give ${WORKSPACE}`;
    expect(refused((stack) => build(stack, "prod-data" as never))).toEqual([problem("a string")]);
    expect(refused((stack) => build(stack, new Workspace(stack, "w").workspaceId as never))).toEqual([
      problem("the workspaceId of s/w"),
    ]);
    expect(refused((stack) => build(stack, new Workspace(stack, "w").resource as never))).toContain(
      problem("the MagsResource s/w/Resource").replace(
        `[${path}]`,
        `[${name === "a service" ? "s/x/Job" : path}]`,
      ),
    );
    expect(refused((stack) => build(stack, null as never))).toEqual([problem("null")]);
  });

  it("of a run's job and of an alias' target", () => {
    expect(
      refused((stack) => {
        new Run(stack, "run", { script: "date", job: "web" as never });
        new UrlAlias(stack, "alias", { target: "web" as never });
        new UrlAlias(stack, "lazy", { target: Lazy.any({ produce: () => undefined }) as never });
      }),
    ).toEqual([
      "[s/alias] target is a string, but it takes the construct itself. Give a Job, Workspace or Sandbox; of those there already, one by fromName(…).",
      "[s/lazy] target is an object, but it takes the construct itself. Give a Job, Workspace or Sandbox; of those there already, one by fromName(…).",
      "[s/run] job is a string, but it takes the construct itself. Give a Job, or one that is there already by Job.fromName(…).",
    ]);
  });

  it("without one there is none", () => {
    const { resources } = planOf((stack) => {
      new Job(stack, "job", { workspace: undefined });
      new Workspace(stack, "workspace", { base: undefined });
    });
    expect(resources.map(({ inputs }) => inputs)).toEqual([{}, {}]);
  });
});
