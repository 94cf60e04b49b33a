import * as pulumi from "@pulumi/pulumi";
import {
  CronJob,
  Duration,
  interpolate,
  Job,
  Lazy,
  RemovalPolicy,
  Sandbox,
  Schedule,
  Script,
  Secret,
  Size,
  Workspace,
} from "../../../constructs";
import { refused } from "../support";

describe("values", () => {
  const job = (props: object) => refused((stack) => new Job(stack, "job", props));

  it.each<[object, string]>([
    [{ disk: Size.mebibytes(2500) }, "disk: A size of 2500 MiB is not a whole number of gibibytes"],
    [{ memory: Size.kibibytes(1) }, "memory: A size of 1 KiB is not a whole number of mebibytes"],
    [
      { idleTimeout: Duration.seconds(90) },
      "idleTimeout: A duration of 1 minute 30 seconds is not a whole number of minutes",
    ],
    [
      { timeouts: { create: Duration.millis(1500) } },
      "timeouts.create: A duration of 1 second 500 milliseconds is not a whole",
    ],
    [{ disk: Size.gibibytes(1) }, "disk must be a whole number from 2 to 65536, in GB."],
    [
      { environment: { A: Duration.hours(1) } },
      "environment.A is 1 hour, but it is no property that is measured so",
    ],
    [{ noSleap: true }, "there is no property noSleap: did you mean noSleep?"],
    [{ wrokspace: "x" }, "there is no property wrokspace: did you mean workspace?"],
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

  it("amounts that cannot be", () => {
    const found = job({
      disk: Size.gibibytes(-1),
      idleTimeout: Duration.minutes("5" as never),
      memory: Size.parse("4 GB"),
      timeouts: { create: Duration.parse("1h") },
    });
    expect(found).toEqual([
      expect.stringMatching(/^\[s\/job\] disk: A size of -1 gibibytes cannot be/),
      expect.stringMatching(/^\[s\/job\] idleTimeout: A duration of 5 minutes cannot be/),
      expect.stringMatching(/^\[s\/job\] memory: "4 GB" is no size/),
      expect.stringMatching(/^\[s\/job\] timeouts.create: "1h" is no duration/),
    ]);
  });

  it("known only later, made part of a script", () => {
    const script = (text: (api: Job) => unknown) =>
      refused((stack) => {
        const api = new Job(stack, "api", { http: { port: 80 } });
        new Job(stack, "client", { script: Script.inline(text(api) as string) });
      });
    const made = "[s/client] script is a text made from a value that is known only later.";
    expect(script(({ url }) => `curl ${url}`)).toEqual([expect.stringContaining(made)]);
    expect(script(() => `login ${Secret.of("hunter2")}`)).toEqual([expect.stringContaining(made)]);
    expect(script(() => `echo ${Lazy.string({ produce: () => "x" })}`)).toEqual([
      expect.stringContaining(made),
    ]);
    expect(script(() => undefined)).toEqual([
      "[s/client] script is a script made of what is undefined. Give Script.inline a text.",
    ]);
  });

  it("one that holds itself, and a lazy one that never ends", () => {
    const circle: Record<string, unknown> = {};
    circle.inner = circle;
    const endless: Lazy = Lazy.any({ produce: () => endless });
    expect(job({ triggers: circle })).toEqual([expect.stringMatching(/^\[s\/job\] triggers holds itself/)]);
    expect(job({ triggers: endless })).toEqual([
      "[s/job] triggers holds itself, or is lazy and produces itself, so it has no end.",
    ]);
  });

  it("schedules that are no schedules", () => {
    const cron = (schedule: string) =>
      refused((stack) => new CronJob(stack, "cron", { schedule, script: "true" }));
    expect(cron("0 0 31 2 *")).toEqual([expect.stringMatching(/^\[s\/cron\] schedule never fires/)]);
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
        /^\[s\/cron0\] schedule: A schedule cannot fire every 7 minutes: .* Use 6 minutes or 10 minutes/,
      ),
      expect.stringMatching(/^\[s\/cron1\] schedule: The schedule "0 0 31 2 \*" never fires/),
      expect.stringMatching(/^\[s\/cron2\] schedule: The schedule "0 24 \* \* \*" is no cron expression/),
    ]);
    expect(cron("* * * *")).toEqual([expect.stringMatching(/^\[s\/cron\] schedule has 4 fields/)]);
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
      "[s/box] there is no property memroy: did you mean memory?",
      expect.stringMatching(/^\[s\/box\] A sandbox has a workspace of its own/),
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
