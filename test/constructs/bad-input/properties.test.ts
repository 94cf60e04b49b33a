import {
  AlwaysOnService,
  App,
  CronJob,
  CronSuite,
  Job,
  PreviewEnvironment,
  Run,
  Sandbox,
  SandboxFleet,
  Stack,
  UrlAlias,
  Workspace,
} from "../../../constructs";
import { planOf, problemsOf, refused, propertiesAt } from "../support";

describe("a property that there is not", () => {
  it.each<[string, (stack: Stack, props: object) => void, string, string]>([
    ["Workspace", (stack, props) => new Workspace(stack, "x", props), "bsae", "base"],
    ["Job", (stack, props) => new Job(stack, "x", props), "wrokspace", "workspace"],
    ["Job", (stack, props) => new Job(stack, "x", props), "removalPolcy", "removalPolicy"],
    ["Sandbox", (stack, props) => new Sandbox(stack, "x", props), "memroy", "memory"],
    [
      "UrlAlias",
      (stack, props) => new UrlAlias(stack, "x", { target: Job.fromName(stack, "j", "j"), ...props }),
      "prot",
      "port",
    ],
    [
      "CronJob",
      (stack, props) => new CronJob(stack, "x", { schedule: "0 3 * * *", script: "true", ...props }),
      "enabeld",
      "enabled",
    ],
    ["Run", (stack, props) => new Run(stack, "x", { script: "true", ...props }), "trigers", "triggers"],
    [
      "AlwaysOnService",
      (stack, props) => new AlwaysOnService(stack, "x", { script: "true", ...props }),
      "heathPath",
      "healthPath",
    ],
    ["CronSuite", (stack, props) => new CronSuite(stack, "x", props), "schedulse", "schedules"],
    ["SandboxFleet", (stack, props) => new SandboxFleet(stack, "x", props), "coutn", "count"],
    [
      "PreviewEnvironment",
      (stack, props) => new PreviewEnvironment(stack, "x", { pullRequest: 1, script: "true", ...props }),
      "expries",
      "expires",
    ],
    ["Stack", (stack, props) => new Stack(stack, "x", props), "descripton", "description"],
  ])("of a %s is told once, with what was probably meant", (_, build, misspelt, meant) => {
    expect(refused((stack) => build(stack, { [misspelt]: "something" }))).toEqual([
      `[s/x] there is no property ${misspelt}: did you mean ${meant}?`,
    ]);
    // What has no value says nothing.
    planOf((stack) => build(stack, { [misspelt]: undefined }));
  });

  it("of an app too", () => {
    expect(problemsOf(new App({ otudir: "x" } as object))).toEqual([
      "[] there is no property otudir: did you mean outdir?",
    ]);
  });

  it("and is like none names those that there are, and never the value", () => {
    const [problem, ...others] = refused(
      (stack) => new Workspace(stack, "w", { password: "hunter2" } as object),
    );
    expect(others).toEqual([]);
    expect(problem).toBe(
      "[s/w] there is no property password: known are name, base, setup, rootfsType, disk, deletionProtection, adopt, timeouts, removalPolicy.",
    );
  });

  it("in place of one that is needed is told with what is missing", () => {
    expect(
      refused((stack) => new CronJob(stack, "c", { shedule: "0 3 * * *", script: "true" } as never)),
    ).toEqual(expect.arrayContaining(["[s/c] there is no property shedule: did you mean schedule?"]));
  });

  it("is none where a construct calls otherwise what its resource has", () => {
    const plan = planOf((stack) => {
      new Job(stack, "job", { memoryMb: 2048, diskGb: 4 } as object);
      new Sandbox(stack, "box", { diskGb: 4 } as object);
    });
    expect(propertiesAt(plan, "s/job")).toEqual({ diskGb: 4, memoryMb: 2048 });
    expect(propertiesAt(plan, "s/box/Job")).toMatchObject({ diskGb: 4 });
  });

  it("among no properties at all is none", () => {
    expect(refused((stack) => new CronJob(stack, "c", undefined as never))).toEqual([
      expect.stringContaining("[s/c] schedule is missing"),
      expect.stringContaining("[s/c] script is missing"),
    ]);
  });
});
