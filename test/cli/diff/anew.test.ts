import { compare } from "../../../cli/diff/compare";
import {
  CronJob,
  Job,
  RemovalPolicy,
  Run,
  Schedule,
  UrlAlias,
  Workspace,
  interpolate,
  type Manifest,
  type Stack,
} from "../../../constructs";
import { brief, changesOf } from "./support";

describe("what follows from something else", () => {
  it("a workspace that is made anew takes its jobs and runs with it, and its aliases are pointed again", () => {
    const build = (base: string) => (stack: Stack) => {
      const from = Workspace.fromName(stack, "base", base);
      const data = new Workspace(stack, "data", { base: from, deletionProtection: false });
      const job = data.addJob("job", { http: { port: 80 } });
      job.addAlias("by-job");
      job.addRun("run", { script: "date" });
      new UrlAlias(stack, "by-workspace", { target: data });
      data.fork("copy", { deletionProtection: false });
    };
    expect(brief(changesOf(build("one"), build("two")))).toEqual([
      "s/by-workspace repoint, because of s/data",
      "s/data replace",
      "s/data/copy replace, because of s/data",
      "s/data/job replace, because of s/data",
      "s/data/job/by-job repoint, because of s/data/job",
      "s/data/job/run replace, because of s/data/job",
    ]);
  });

  it("another VM has another URL, which those see that refer to it, and those that refer to them", () => {
    const build = (script: string) => (stack: Stack) => {
      const web = new Job(stack, "web", { script, http: { port: 80 } });
      const a = new Job(stack, "a", {
        environment: { UP: interpolate`${web.url}/x`, B: "b" },
        http: { port: 80 },
      });
      new CronJob(stack, "cron", { schedule: Schedule.daily(), script: "date", environment: { A: a.url } });
      new Run(stack, "run", { script: "date", triggers: [web.requestId] });
      new Job(stack, "name-only", { environment: { NAME: web.name } });
    };
    const changes = changesOf(build("one"), build("two"));
    expect(brief(changes)).toEqual([
      "s/a restart, loses files",
      "s/cron patch",
      "s/run rerun",
      "s/web restart, loses files",
    ]);
    expect(changes[0]!.changes).toEqual([
      {
        property: "environment.UP",
        effect: "restart",
        before: { $join: [{ $ref: "s/web.url" }, "/x"] },
        after: { $join: [{ $ref: "s/web.url", $anew: true }, "/x"] },
      },
    ]);
  });

  it("a VM that stays has the URL that it had", () => {
    const build = (noSleep: boolean) => (stack: Stack) => {
      const web = new Job(stack, "web", { noSleep, http: { port: 80 } });
      new Job(stack, "a", { environment: { UP: web.url } });
    };
    expect(brief(changesOf(build(false), build(true)))).toEqual(["s/web patch"]);
  });

  it("an id that the API gives is another one only if its schedule is", () => {
    const build = (hour: number) => (stack: Stack) => {
      const cron = new CronJob(stack, "cron", { schedule: Schedule.daily({ hour }), script: "date" });
      new Job(stack, "a", { environment: { CRON: cron.cronJobId } });
    };
    expect(brief(changesOf(build(1), build(2)))).toEqual(["s/cron patch"]);
  });

  it("ids that are names are followed", () => {
    const build = (name: string) => (stack: Stack) => {
      const job = new Job(stack, "job", { name, http: { port: 80 } });
      const alias = job.addAlias("alias", { subdomain: name });
      new CronJob(stack, "cron", {
        schedule: Schedule.daily(),
        script: "date",
        environment: { A: job.resource.getAtt("id"), B: alias.resource.getAtt("id") },
      });
    };
    const changes = changesOf(build("a"), build("b"));
    expect(changes.find(({ path }) => path === "s/cron")!.changes).toEqual([
      { property: "environment.A", effect: "patch", before: "a", after: "b" },
      {
        property: "environment.B",
        effect: "patch",
        before: "a.apps.magpiecloud.com",
        after: "b.apps.magpiecloud.com",
      },
    ]);
  });

  it("goes along a chain of any length", () => {
    const build = (script: string) => (stack: Stack) => {
      let above = new Job(stack, "job-0", { script, http: { port: 80 } });
      for (let number = 1; number < 3000; number++)
        above = new Job(stack, `job-${number}`, { environment: { UP: above.url }, http: { port: 80 } });
    };
    const changes = changesOf(build("one"), build("two"));
    expect(changes).toHaveLength(3000);
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["restart"]));
  });

  it("a manifest that refers in a circle has an end", () => {
    const job = (other: string) => ({
      kind: "Job" as const,
      properties: {
        environment: { OTHER: { $ref: `s/${other}.name` } },
        workspaceId: { $ref: `s/${other}.workspaceId` },
      },
    });
    const manifest: Manifest = { version: 1, resources: { "s/a": job("b"), "s/b": job("a") } };
    expect(compare(manifest, manifest)).toEqual([]);
  });
});

describe("what is kept by its removal policy and replaced", () => {
  const kept = { removalPolicy: RemovalPolicy.RETAIN };

  it("stays beside the new one", () => {
    const build = (name: string) => (stack: Stack) => {
      new Workspace(stack, "w", { name: `files-${name}`, ...kept });
      new Job(stack, "j", { name, ...kept });
    };
    expect(brief(changesOf(build("a"), build("b")))).toEqual([
      "s/j replace, keeps the old one",
      "s/w replace, keeps the old one",
    ]);
  });

  it("or is in its way, by its name or on its workspace", () => {
    const build = (name: string) => (stack: Stack) => {
      const base = Workspace.fromName(stack, "base", name);
      new Workspace(stack, "w", { name: "files", base, ...kept });
      new Workspace(stack, "adopted", { name: "other", base, adopt: true, ...kept });
      new Job(stack, "j", { name, workspace: Workspace.fromName(stack, "x", "data"), ...kept });
    };
    const changes = changesOf(build("a"), build("b"));
    expect(brief(changes)).toEqual([
      "s/adopted replace, keeps the old one",
      "s/j replace, refused",
      "s/w replace, refused",
    ]);
    expect(changes[1]!.refused).toMatch(/^Job "s\/j" cannot be replaced: .* its workspace would be/);
    expect(changes[2]!.refused).toMatch(/^Workspace "s\/w" cannot be replaced: .* its name would be/);
  });
});
