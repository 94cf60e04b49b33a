import {
  AlwaysOnService,
  Aspects,
  CronJob,
  CronSuite,
  Duration,
  Job,
  PreviewEnvironment,
  SandboxFleet,
  Schedule,
  Stack,
  Workspace,
  interpolate,
} from "../../../constructs";
import { planOf, propertiesAt, refused } from "../support";

/** What only a program can say that no compiler has looked at. */
const anything = (value: unknown) => value as never;
const script = "exec ./serve";

describe("what a compiler would have refused is told with its path, and with all else that is wrong", () => {
  it.each<[string, (stack: Stack) => void, string]>([
    ["properties as a text", (s) => new Job(s, "j", anything("text")), "[s/j] its properties are a string."],
    ["properties as a list", (s) => new Job(s, "j", anything([1])), "[s/j] its properties are an object."],
    [
      "an alias by its subdomain alone",
      (s) => new AlwaysOnService(s, "x", { script, alias: anything("shop") }),
      `[s/x/Job] the properties of "Alias" are a string.`,
    ],
    [
      "a fork",
      (s) => new Workspace(s, "w").fork("f", anything("text")),
      `[s/w] the properties of "f" are a string.`,
    ],
    [
      "the workspace of a preview",
      (s) => new PreviewEnvironment(s, "p", { pullRequest: 1, script, workspace: anything("data") }),
      "[s/p] the properties of workspace are a string.",
    ],
    [
      "an expiry in words",
      (s) => new PreviewEnvironment(s, "p", { pullRequest: 1, script, expires: anything("3d") }),
      "[s/p] expires is no valid time.",
    ],
    [
      "an expiry that cannot be",
      (s) => new PreviewEnvironment(s, "p", { pullRequest: 1, script, expires: Duration.days(-1) }),
      "[s/p] expires: A duration of -1 days cannot be",
    ],
    [
      "a schedule that is none",
      (s) => new CronSuite(s, "c", { schedules: { a: anything(null) } }),
      "[s/c] a is no map.",
    ],
    [
      "a member that is none",
      (s) => new SandboxFleet(s, "f", { members: [anything(null)] }),
      "[s/f] members.0 is missing.",
    ],
    [
      "members that are no list",
      (s) => new SandboxFleet(s, "f", { members: anything({}) }),
      "[s/f] members is an object.",
    ],
    [
      "a size that is none",
      (s) => new SandboxFleet(s, "f", { members: ["a"], size: "small", sizes: { small: anything("2 GiB") } }),
      `[s/f] the properties of the size "small" are a string.`,
    ],
    [
      "a service without a script",
      (s) => new AlwaysOnService(s, "x", anything(undefined)),
      "[s/x] it has no script,",
    ],
    [
      "a rate as a number",
      (s) => cron(s, Schedule.rate(anything(60))),
      "[s/c] schedule: Schedule.rate takes how long it is",
    ],
    [
      "a cron without fields",
      (s) => cron(s, Schedule.cron(anything(undefined))),
      "[s/c] schedule: Schedule.cron without minute",
    ],
    [
      "a time as a text",
      (s) => cron(s, Schedule.daily(anything("3:00"))),
      "[s/c] schedule: The time of a schedule is a string.",
    ],
    [
      "an override of a number",
      (s) => new Job(s, "j").resource.addOverride(anything(5), 1),
      "[s/j] an override of it has no path (number).",
    ],
    [
      "an override of nothing",
      (s) => new Job(s, "j").resource.addOverride("", 1),
      "[s/j] an override of it has no path (an empty one).",
    ],
    [
      "an override of a prototype",
      (s) => new Job(s, "j").resource.addOverride("__proto__.x", 1),
      "[s/j] __proto__.x is a name that JavaScript keeps for itself.",
    ],
    [
      "an aspect that is none",
      (s) => Aspects.of(s).add(anything(null)),
      "[s] an aspect that was added here is none.",
    ],
    [
      "a dependency on a text",
      (s) => new Job(s, "j").node.addDependency(anything("web")),
      "[s/j] it was told to wait for something that is no construct.",
    ],
    [
      "a validation without words",
      (s) => s.node.addValidation({ validate: () => [""] }),
      "[s] a validation of it found something, and has no text for it.",
    ],
    [
      "a description that is no text",
      (s) => new Stack(s, "t", { description: anything(5) }),
      "[s/t] its description is no plain text.",
    ],
    [
      "a part of a text that is missing",
      (s) => new Job(s, "j", { environment: { API: interpolate`${anything(undefined)}/v1` } }),
      "[s/j] environment.API is a text with a part that is undefined,",
    ],
    [
      "files as a text",
      (s) => new Job(s, "j", { files: anything("x") }),
      "[s/j] files must be a map from names of files to their paths.",
    ],
  ])("%s", (_, build, expected) => {
    expect(
      refused((stack) => {
        build(stack);
        new Job(stack, "zero", { vcpus: 0 });
      }),
    ).toEqual([expect.stringContaining(expected), expect.stringContaining("[s/zero] vcpus")]);
  });

  it("a validation that returns nothing has found nothing", () => {
    planOf((stack) => stack.node.addValidation({ validate: () => anything(undefined) }));
  });

  it("a variable is called as the program does, also with a dot in its name", () => {
    const found = refused((stack) => new Job(stack, "j").addEnvironment("X.Z", "1").addSecret("A.B", "2"));
    expect(found).toEqual([
      expect.stringContaining("[s/j] environment.X.Z is no name of an environment variable"),
      expect.stringContaining("[s/j] secrets.A.B is no name of an environment variable"),
    ]);
  });

  it("a resource without a construct is told by the names of its own properties", () => {
    const plan = planOf((stack) => new Job(stack, "j").resource.addOverride("memoryMb", 2048));
    expect(propertiesAt(plan, "s/j")).toEqual({ memoryMb: 2048 });
    expect(refused((stack) => new Job(stack, "j").resource.addOverride("memory", 1))).toEqual([
      expect.stringContaining("[s/j] there is no property memory"),
    ]);
  });
});

function cron(stack: Stack, schedule: Schedule): CronJob {
  return new CronJob(stack, "c", { schedule, script: "date" });
}
