import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "../../../constructs";
import { Job, Run, Schedule, Size, UrlAlias, Workspace } from "../../../constructs";
import { planOf, refused } from "../support";

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
    ).toEqual([expect.stringMatching(/^\[s\/r\] disk has no meaning inside a job/)]);
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
