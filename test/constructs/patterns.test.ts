import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  AlwaysOnService,
  CronJob,
  CronSuite,
  Duration,
  PreviewEnvironment,
  SandboxFleet,
  Schedule,
  Size,
  Workspace,
} from "../../constructs";
import { appOf, planOf, propertiesAt, refused } from "./support";

const paths = (plan: ReturnType<typeof planOf>) => plan.resources.map((one) => one.path).sort();
const ref = ($ref: string) => ({ $ref });

describe("AlwaysOnService", () => {
  it("is files, a VM around the clock and a URL", () => {
    const plan = planOf((stack) => {
      const shop = new AlwaysOnService(stack, "shop", {
        script: "exec ./serve",
        alias: { subdomain: "shop" },
      });
      shop.job.addEnvironment("A", "1");
      expect(shop.url.address).toBe("s/shop/Job/Alias.url");
    });
    expect(paths(plan)).toEqual(["s/shop/Job", "s/shop/Job/Alias", "s/shop/Workspace"]);
    expect(propertiesAt(plan, "s/shop/Job")).toEqual({
      environment: { A: "1" },
      http: { port: 8080 },
      noSleep: true,
      script: "exec ./serve",
      waitFor: "healthy",
      workspaceId: ref("s/shop/Workspace.workspaceId"),
    });
    expect(propertiesAt(plan, "s/shop/Job/Alias")).toEqual({
      subdomain: "shop",
      workspaceId: ref("s/shop/Job.workspaceId"),
    });
    expect(plan.annotations).toEqual([]);
  });

  it("takes a workspace that is there, and every default can be changed", () => {
    const plan = planOf((stack) => {
      const service = new AlwaysOnService(stack, "api", {
        script: "x",
        workspace: Workspace.fromName(stack, "w", "data"),
        port: 1,
        otherPorts: [2],
        healthPath: "/ok",
        noSleep: false,
        waitFor: "running",
        alias: false,
        memory: Size.gibibytes(4),
      });
      expect(service.url.address).toBe("s/api/Job.url");
    });
    expect(paths(plan)).toEqual(["s/api/Job"]);
    expect(propertiesAt(plan, "s/api/Job")).toMatchObject({
      http: { healthPath: "/ok", otherPorts: [2], port: 1 },
      memoryMb: 4096,
      noSleep: false,
      waitFor: "running",
      workspaceId: "data",
    });
  });

  it("makes its workspace as it is told", () => {
    const plan = planOf(
      (stack) => new AlwaysOnService(stack, "a", { script: "x", workspace: { setup: "echo", name: "n" } }),
    );
    expect(propertiesAt(plan, "s/a/Workspace")).toEqual({ name: "n", setup: "echo" });
  });
});

describe("SandboxFleet", () => {
  const sizes = {
    small: { memory: Size.gibibytes(2) },
    large: { memory: Size.gibibytes(8), vcpus: 4, noSleep: true },
  };

  it("gives each member one, in the size of its class, and numbers the rest", () => {
    const plan = planOf((stack) => {
      const fleet = new SandboxFleet(stack, "team", {
        members: ["ada", { id: "grace", size: "large", noSleep: false }],
        count: 2,
        sizes,
        size: "small",
        sandbox: { rootfsType: "claude" },
      });
      expect([...fleet.sandboxes.keys()]).toEqual(["ada", "grace", "sandbox-001", "sandbox-002"]);
      fleet.sandbox("ada").job.addEnvironment("NAME", "Ada");
      expect(() => fleet.sandbox("bob")).toThrow(
        `s/team has no sandbox "bob": known are ada, grace, sandbox-001, sandbox-002.`,
      );
    });
    expect(plan.resources).toHaveLength(8);
    expect(propertiesAt(plan, "s/team/ada/Job")).toMatchObject({
      environment: { NAME: "Ada" },
      memoryMb: 2048,
      rootfsType: "claude",
    });
    expect(propertiesAt(plan, "s/team/grace/Job")).toMatchObject({
      memoryMb: 8192,
      noSleep: false,
      vcpus: 4,
    });
    expect(propertiesAt(plan, "s/team/sandbox-001/Job")).toMatchObject({ memoryMb: 2048 });
  });

  it("one more is one more, and changes no other", () => {
    const at = (count: number) =>
      planOf((stack) => new SandboxFleet(stack, "f", { count })).manifest.resources;
    const [before, after] = [at(9), at(10)];
    expect(Object.keys(after)).toHaveLength(20);
    expect(after).toMatchObject(before);
  });

  it("refuses sizes it does not know, members twice, and a count that is not known", () => {
    expect(
      refused((stack) => {
        new SandboxFleet(stack, "a", { members: ["ada", "ada", { id: "bob", size: "huge" }], sizes });
        for (const [index, count] of [pulumi.output(3), -1, 2.5].entries()) {
          new SandboxFleet(stack, `b${index}`, { count: count as number });
        }
      }),
    ).toEqual([
      `[s/a] two constructs in it have the id "ada". Give one of them another id.`,
      `[s/a] bob has the size "huge", which is none of small, large. Correct it, or add it to sizes.`,
      "[s/b0] count is an Output, but the plan has to know how many there are. Give a whole number of 0 or more.",
      "[s/b1] count is -1, but the plan has to know how many there are. Give a whole number of 0 or more.",
      "[s/b2] count is 2.5, but the plan has to know how many there are. Give a whole number of 0 or more.",
    ]);
  });
});

describe("PreviewEnvironment", () => {
  it("is a service by the number of the pull request, unprotected, with its time", () => {
    const plan = planOf((stack) => {
      const preview = new PreviewEnvironment(stack, "preview", {
        pullRequest: 12,
        expires: Duration.days(3),
        base: Workspace.fromName(stack, "staging", "staging-data"),
        script: "exec ./serve",
        workspace: { setup: "./migrate" },
      });
      const more = new Workspace(preview.scope, "more");
      new CronJob(preview.scope, "tick", { schedule: Schedule.hourly(), script: "true", workspace: more });
    });
    expect(paths(plan)).toEqual([
      "s/preview/pr-12/Service/Job",
      "s/preview/pr-12/Service/Job/Alias",
      "s/preview/pr-12/Service/Workspace",
      "s/preview/pr-12/more",
      "s/preview/pr-12/tick",
    ]);
    expect(propertiesAt(plan, "s/preview/pr-12/Service/Workspace")).toEqual({
      baseWorkspaceId: "staging-data",
      deletionProtection: false,
      setup: "./migrate",
    });
    expect(propertiesAt(plan, "s/preview/pr-12/Service/Job")).toMatchObject({
      noSleep: false,
      waitFor: "healthy",
    });
    for (const { removalPolicy, tags, inputs } of plan.resources) {
      expect(removalPolicy).toBe("destroy");
      expect(tags).toEqual({ "preview-expires-after": "P3D", "preview-pull-request": "12" });
      expect(inputs.deletionProtection ?? false).toBe(false);
    }
  });

  it("can have a time of its own, and a default one", () => {
    const tags = (props: object) =>
      planOf((stack) => new PreviewEnvironment(stack, "p", { pullRequest: 1, script: "x", ...props }))
        .resources[0]!.tags;
    expect(tags({ expires: new Date(Date.UTC(2030, 0, 2)) })).toMatchObject({
      "preview-expires-at": "2030-01-02T00:00:00.000Z",
    });
    expect(tags({})).toMatchObject({ "preview-expires-after": "P7D" });
  });

  it.each([0, -1, 1.5, NaN, "12", undefined, pulumi.output(12)])("%p is no pull request", (pullRequest) => {
    expect(
      refused(
        (stack) => new PreviewEnvironment(stack, "p", { pullRequest: pullRequest as number, script: "x" }),
      ),
    ).toEqual([expect.stringMatching(/^\[s\/p\] pullRequest is .*, but everything here is named by it/)]);
  });

  it("a time that is none", () => {
    expect(
      refused(
        (stack) =>
          new PreviewEnvironment(stack, "p", { pullRequest: 1, script: "x", expires: new Date(NaN) }),
      ),
    ).toEqual(["[s/p] expires is no valid time. Give a Date that is one, or a Duration."]);
  });
});

describe("CronSuite", () => {
  it("makes schedules from a table of the program", () => {
    const plan = planOf((stack) => {
      const suite = new CronSuite(stack, "suite", {
        schedules: {
          nightly: {
            schedule: Schedule.daily({ hour: 3 }),
            script: "backup",
            workspace: "own",
            environment: { KEEP: "7" },
          },
          hourly: { schedule: "0 * * * *", script: "tick", workspace: "shared", enabled: false },
        },
        workspaces: { shared: Workspace.fromName(stack, "w", "shared-data") },
        ownWorkspace: { deletionProtection: false },
        defaults: { environment: { REGION: "eu", KEEP: "1" }, secrets: { TOKEN: "t" }, enabled: true },
      });
      suite.cronJob("nightly").resource.addOverride("name", "nightly");
      expect(() => suite.cronJob("x")).toThrow(`s/suite has no schedule "x": known are nightly, hourly.`);
    });
    expect(paths(plan)).toEqual(["s/suite/hourly", "s/suite/nightly", "s/suite/nightly-workspace"]);
    expect(propertiesAt(plan, "s/suite/nightly")).toEqual({
      cronExpression: "0 3 * * *",
      enabled: true,
      environment: { KEEP: "7", REGION: "eu" },
      name: "nightly",
      script: "backup",
      secrets: { TOKEN: { $secret: true } },
      workspaceId: ref("s/suite/nightly-workspace.workspaceId"),
    });
    expect(propertiesAt(plan, "s/suite/hourly")).toMatchObject({
      enabled: false,
      workspaceId: "shared-data",
    });
    expect(propertiesAt(plan, "s/suite/nightly-workspace")).toEqual({ deletionProtection: false });
  });

  describe("from a file", () => {
    let dir: string;
    beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "mags-cron-"))));
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    const write = (text: string) => {
      const file = path.join(dir, "schedules.yaml");
      writeFileSync(file, text);
      return file;
    };
    /** Without the folder, which is another one in each run. */
    const refusedFile = (text: string, props: object = {}) => {
      const file = write(text);
      const shown = path.relative(process.cwd(), file).split(path.sep).join("/");
      return refused((stack) => new CronSuite(stack, "suite", { file, ...props })).map((problem) =>
        problem.replaceAll(shown, "schedules.yaml").replaceAll(path.join(dir, ""), ""),
      );
    };

    it("makes schedules, with scripts beside the file, and secrets from the environment of who deploys", () => {
      writeFileSync(path.join(dir, "backup.sh"), "tar c /root\n");
      const file = write(
        [
          "# reviewed",
          "nightly-backup:",
          '  schedule: "0 3 * * *"',
          "  scriptFile: backup.sh",
          "  workspace: own",
          "  environment: &common",
          '    KEEP: "7"',
          "  secrets: [BACKUP_TOKEN]",
          "hourly: { schedule: 0 * * * *, script: tick, environment: *common, persistent: true, enabled: false, name: Tick }",
        ].join("\n"),
      );
      const plan = planOf((stack) => new CronSuite(stack, "suite", { file }));
      expect(propertiesAt(plan, "s/suite/nightly-backup")).toEqual({
        cronExpression: "0 3 * * *",
        environment: { KEEP: "7" },
        script: "tar c /root\n",
        secrets: { BACKUP_TOKEN: { $secret: true } },
        workspaceId: ref("s/suite/nightly-backup-workspace.workspaceId"),
      });
      expect(propertiesAt(plan, "s/suite/hourly")).toEqual({
        cronExpression: "0 * * * *",
        enabled: false,
        environment: { KEEP: "7" },
        name: "Tick",
        persistent: true,
        script: "tick",
      });
    });

    it("every mistake is told with its line, all at once", () => {
      const found = refusedFile(
        [
          "four: { schedule: 0 3 * *, script: x }",
          'never: { schedule: "0 0 31 2 *", script: x }',
          "nothing:",
          "neither: { schedule: 0 3 * * * }",
          "both:",
          "  schedule: 0 3 * * *",
          "  script: x",
          "  scriptFile: missing.sh",
          "typo:",
          "  shedule: 0 3 * * *",
          "  script: x",
          "unquoted:",
          "  schedule: 0 3 * * *",
          "  script: x",
          "  environment:",
          '    WELL: "1"',
          "    PORT: 8080",
          "    1BAD: x",
          "  enabled: sometimes",
          "secret:",
          "  schedule: 0 3 * * *",
          "  script: x",
          "  environment: { A: x }",
          "  secrets: { A: hunter2 }",
          "clash:",
          "  schedule: 0 3 * * *",
          "  script: x",
          "  environment: { A: x }",
          "  secrets: [A]",
          "elsewhere: { schedule: 0 3 * * *, script: x, workspace: nowhere }",
        ].join("\n"),
        { workspaces: {} },
      );
      expect(found).toEqual([
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:1: schedule has 4 fields/),
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:2: schedule never fires/),
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:3: nothing is no map\. Write/),
        "[s/suite] schedules.yaml:4: neither has no script or scriptFile. Add it.",
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:5: both has a script and a scriptFile/),
        expect.stringMatching(
          /schedules\.yaml:5: the script missing\.sh cannot be read \(ENOENT\).*relative to the file of the schedules/,
        ),
        "[s/suite] schedules.yaml:10: there is no property shedule: did you mean schedule?",
        "[s/suite] schedules.yaml:9: typo has no schedule. Add it.",
        "[s/suite] schedules.yaml:17: environment.PORT must be a text. Write it in quotes.",
        expect.stringMatching(
          /^\[s\/suite\] schedules\.yaml:18: environment\.1BAD is no name of an environment variable/,
        ),
        "[s/suite] schedules.yaml:19: enabled must be true or false.",
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:24: secrets has to be a list of names/),
        expect.stringMatching(/^\[s\/suite\] schedules\.yaml:25: environment and secrets both set A/),
        `[s/suite] schedules.yaml:30: elsewhere names the workspace "nowhere": known are own. Correct it, or add it to workspaces.`,
      ]);
      expect(found.join()).not.toContain("hunter2");
    });

    it.each<[string, string, RegExp]>([
      ["broken YAML", "a: {\nb: [", /^\[s\/suite\] schedules\.yaml:\d+: /],
      [
        "one id twice",
        "a: { schedule: 0 3 * * *, script: x }\na: { schedule: 0 4 * * *, script: x }",
        /schedules\.yaml:2: a is there twice\. Keep one of them/,
      ],
      ["nothing", "", /^\[s\/suite\] schedules\.yaml has no schedules/],
      ["a list", "- a", /^\[s\/suite\] schedules\.yaml has no schedules/],
      [
        "an id that is no text",
        "? [a]\n: { schedule: 0 3 * * *, script: x }",
        /schedules\.yaml:1: an id is a text/,
      ],
    ])("%s", (_, text, expected) => {
      expect(refusedFile(text)[0]).toMatch(expected);
    });

    it("what is there twice, and a second document, hide nothing else", () => {
      const found = refusedFile(
        [
          "a: { schedule: 0 3 * * *, script: x, enabled: no, workspace: nowhere }",
          "b:",
          "  schedule: 0 3 * * *",
          "  script: x",
          "  script: y",
          '  environment: { A: "1", A: "2" }',
          "a: { schedule: 0 3 * *, script: x }",
          "---",
          "c: { schedule: 0 3 * * *, script: x }",
        ].join("\n"),
        { workspaces: {} },
      ).map((problem) => problem.replace("[s/suite] schedules.yaml:", ""));
      expect(found).toEqual([
        expect.stringMatching(/^8: a second document begins here, and the file is read as one/),
        "1: enabled must be true or false.",
        "5: script is there twice. Keep one of them.",
        "6: A is there twice. Keep one of them.",
        "7: a is there twice. Keep one of them.",
        expect.stringMatching(/^7: schedule has 4 fields/),
        expect.stringMatching(/^1: a names the workspace "nowhere"/),
      ]);
    });

    it("one that is not there, and an id that the program has too", () => {
      expect(refused((stack) => new CronSuite(stack, "suite", { file: "no/such.yaml" }))).toEqual([
        expect.stringMatching(/^\[s\/suite\] the schedules in no\/such\.yaml cannot be read \(ENOENT\)/),
      ]);
      expect(
        refusedFile("a: { schedule: 0 3 * * *, script: x }", {
          schedules: { a: { schedule: "0 3 * * *", script: "x" } },
        }),
      ).toEqual([expect.stringMatching(/schedules\.yaml:1: there is a schedule "a" already/)]);
    });
  });

  it("environments that are not known yet cannot be merged", () => {
    const schedules = { a: { schedule: "0 3 * * *", script: "x", environment: { A: "1" } } };
    const defaults = { environment: pulumi.output({ B: "2" }) };
    expect(refused((stack) => new CronSuite(stack, "suite", { schedules, defaults }))).toEqual([
      expect.stringMatching(/^\[s\/suite\] environment cannot be merged with that of defaults/),
    ]);
    expect(
      appOf(
        (stack) =>
          new CronSuite(stack, "suite", {
            schedules: { a: { ...schedules.a, environment: undefined } },
            defaults,
          }),
      ).plan().resources,
    ).toHaveLength(1);
  });
});
