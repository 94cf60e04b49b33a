import { Construct } from "constructs";
import * as pulumi from "@pulumi/pulumi";
import {
  Annotations,
  App,
  CronJob,
  Job,
  Lazy,
  MagsResource,
  Reference,
  RemovalPolicy,
  Run,
  Sandbox,
  Schedule,
  Script,
  Size,
  Stack,
  UrlAlias,
  Workspace,
  type Input,
} from "../../constructs";
import { planOf, propertiesAt } from "./support";

it("a construct of one resource has it as the child Resource", () => {
  const stack = new Stack(new App(), "s");
  const job = new Job(stack, "job");
  expect(job.node.defaultChild).toBe(job.resource);
  expect(job.resource.node.path).toBe("s/job/Resource");
  expect(job.resource.path).toBe("s/job");
  expect(new MagsResource(stack, "Resource", "Job", {}).path).toBe("s");
  expect(new MagsResource(stack, "raw", "Job", {}).path).toBe("raw".replace("raw", "s/raw"));
});

it("a run says where it is carried out by the constructs that it is given", () => {
  const plan = planOf((stack) => {
    const web = new Job(stack, "web");
    const fork = new Workspace(stack, "site").fork("copy");
    new Run(stack, "inside", { job: web, script: Script.inline("./migrate.sh"), triggers: ["2.0"] });
    new Run(stack, "beside", { workspace: fork, script: "./seed.sh", memory: Size.gibibytes(2) });
  });
  expect(propertiesAt(plan, "s/inside")).toEqual({
    jobName: { $ref: "s/web.name" },
    script: "./migrate.sh",
    triggers: ["2.0"],
  });
  expect(propertiesAt(plan, "s/beside")).toEqual({
    baseWorkspaceId: { $ref: "s/site.workspaceId" },
    memoryMb: 2048,
    script: "./seed.sh",
    workspaceId: { $ref: "s/site/copy.workspaceId" },
  });
});

it("wiring makes constructs below the one that it is called on", () => {
  const plan = planOf((stack) => {
    const site = new Workspace(stack, "site");
    const web = site.addJob("web", { http: { port: 80 } });
    web.addAlias("shop", { subdomain: "shop", port: 80 });
    const copy = site.fork("Copy", { setup: "echo" });
    copy.addCronJob("tick", { schedule: Schedule.hourly(), script: "true" });
    copy.fork("Again").addJob("on-fork", {});
  });
  expect(plan.resources.map(({ path }) => path).sort()).toEqual([
    "s/site",
    "s/site/Copy",
    "s/site/Copy/Again",
    "s/site/Copy/Again/on-fork",
    "s/site/Copy/tick",
    "s/site/web",
    "s/site/web/shop",
  ]);
  const ref = ($ref: string) => ({ $ref });
  expect(propertiesAt(plan, "s/site/web/shop")).toEqual({
    port: 80,
    subdomain: "shop",
    workspaceId: ref("s/site/web.workspaceId"),
  });
  expect(propertiesAt(plan, "s/site/Copy")).toEqual({
    baseWorkspaceId: ref("s/site.workspaceId"),
    setup: "echo",
  });
  // A job on a fork needs the base as well.
  expect(propertiesAt(plan, "s/site/Copy/Again/on-fork")).toEqual({
    baseWorkspaceId: ref("s/site/Copy.workspaceId"),
    workspaceId: ref("s/site/Copy/Again.workspaceId"),
  });
});

it("imports stand for what is there already, and make nothing", () => {
  const plan = planOf((stack) => {
    const data = Workspace.fromName(stack, "data", "prod-data");
    new Job(stack, "job", { workspace: data });
    data.fork("copy");
    const other = Job.fromName(stack, "other", "api", { url: "https://api.example.test" });
    other.addAlias("alias");
    const alias = UrlAlias.fromUrl(stack, "url", "https://shop.example.test");
    const cron = CronJob.fromId(stack, "cron", "cron-1");
    const outside = Workspace.fromName(stack, "outside", pulumi.output("made-elsewhere"));
    new Job(stack, "user", {
      workspace: outside,
      environment: { API: other.url!, SHOP: alias.url, CRON: cron.cronJobId },
    });
  });
  expect(plan.resources.map(({ path }) => path)).toEqual(["s/data/copy", "s/job", "s/other/alias", "s/user"]);
  expect(propertiesAt(plan, "s/job")).toEqual({ workspaceId: "prod-data" });
  expect(propertiesAt(plan, "s/data/copy")).toEqual({ baseWorkspaceId: "prod-data" });
  expect(propertiesAt(plan, "s/other/alias")).toEqual({ workspaceId: "api" });
  expect(propertiesAt(plan, "s/user")).toEqual({
    environment: { API: "https://api.example.test", CRON: "cron-1", SHOP: "https://shop.example.test" },
    workspaceId: { $output: 1 },
  });
});

it("attributes are references, and are told apart by type", () => {
  const stack = new Stack(new App(), "s");
  const job = new Job(stack, "job", { http: { port: 1 } });
  const alias = job.addAlias("a");
  const cron = new CronJob(stack, "cron", { schedule: "0 3 * * *", script: Script.inline("true") });
  for (const value of [
    job.name,
    job.url,
    job.requestId,
    job.vmId,
    job.workspaceId,
    alias.url,
    alias.domain,
    cron.cronJobId,
  ]) {
    expect(Reference.isReference(value)).toBe(true);
  }
  expect(alias.url.address).toBe("s/job/a.url");
  // @ts-expect-error a reference to a text is no number
  const port: Input<number> = job.url;
  expect(port).toBe(port);
});

it("a run is inside a job, or has a VM of its own", () => {
  const plan = planOf((stack) => {
    const data = new Workspace(stack, "data");
    const web = new Workspace(stack, "site").addJob("web", { http: { port: 80 } });
    const migrate = web.addRun("migrate", { script: Script.inline("./migrate.sh"), triggers: ["2.0"] });
    data
      .fork("copy")
      .addRun("seed", { script: "./seed.sh", disk: Size.gibibytes(4), memory: Size.gibibytes(2) });
    const once = new Run(stack, "once", { script: "true", secrets: { KEY: "k" } });
    new Job(stack, "after", { environment: { LOG: migrate.logTail, RUN: once.runId } });
  });
  const ref = ($ref: string) => ({ $ref });
  expect(propertiesAt(plan, "s/site/web/migrate")).toEqual({
    jobName: ref("s/site/web.name"),
    script: "./migrate.sh",
    triggers: ["2.0"],
  });
  expect(propertiesAt(plan, "s/data/copy/seed")).toEqual({
    baseWorkspaceId: ref("s/data.workspaceId"),
    diskGb: 4,
    memoryMb: 2048,
    script: "./seed.sh",
    workspaceId: ref("s/data/copy.workspaceId"),
  });
  expect(propertiesAt(plan, "s/once")).toEqual({ script: "true", secrets: { KEY: { $secret: true } } });
  expect(plan.find("s/after")!.dependencies.map(({ path }) => path)).toEqual([
    "s/once",
    "s/site/web/migrate",
  ]);
});

it("a removal policy can be applied to every construct that stands for resources", () => {
  const plan = planOf((stack) => {
    const web = new Job(stack, "web", { http: { port: 80 } });
    const box = new Sandbox(stack, "box");
    const local = new Sandbox(stack, "local", { persistent: false });
    const constructs = [
      web,
      box,
      local,
      new Workspace(stack, "w"),
      new UrlAlias(stack, "a", { target: web }),
      new CronJob(stack, "c", { schedule: "0 3 * * *", script: "date" }),
      new Run(stack, "r", { script: "date" }),
    ];
    for (const construct of constructs) construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
  });
  expect(plan.resources).toHaveLength(8);
  expect(plan.resources.map(({ removalPolicy }) => removalPolicy)).toEqual(Array(8).fill("retain"));
});

describe("a sandbox", () => {
  it("is a workspace and a job of one name", () => {
    const plan = planOf((stack) => {
      const box = new Sandbox(stack, "box", {
        disk: Size.gibibytes(8),
        noSleep: true,
        setup: "echo",
        http: { port: 80 },
      });
      box.addAlias("alias");
      box.addRun("seed", { script: "date", environment: { URL: box.url } });
      expect(box.workspace).toBeDefined();
    });
    expect(plan.resources.map(({ path }) => path)).toEqual([
      "s/box/Workspace",
      "s/box/Job",
      "s/box/Job/alias",
      "s/box/Job/seed",
    ]);
    expect(propertiesAt(plan, "s/box/Job/seed")).toMatchObject({
      environment: { URL: { $ref: "s/box/Job.url" } },
      jobName: { $ref: "s/box/Job.name" },
    });
    expect(propertiesAt(plan, "s/box/Workspace")).toEqual({ setup: "echo" });
    expect(propertiesAt(plan, "s/box/Job")).toEqual({
      diskGb: 8,
      http: { port: 80 },
      noSleep: true,
      workspaceId: { $ref: "s/box/Workspace.workspaceId" },
    });
  });

  it("of an explicit name, and with a base", () => {
    const plan = planOf(
      (stack) =>
        new Sandbox(stack, "box", {
          name: "ada",
          base: Workspace.fromName(stack, "b", "golden"),
          deletionProtection: false,
        }),
    );
    expect(propertiesAt(plan, "s/box/Workspace")).toEqual({
      baseWorkspaceId: "golden",
      deletionProtection: false,
      name: "ada",
    });
    expect(propertiesAt(plan, "s/box/Job")).toMatchObject({ baseWorkspaceId: "golden" });
  });

  it("that is not persistent is a job alone, which is not restarted over its files", () => {
    const plan = planOf((stack) => new Sandbox(stack, "box", { persistent: false, name: "scratch" }));
    expect(plan.resources.map(({ path }) => path)).toEqual(["s/box/Job"]);
    expect(propertiesAt(plan, "s/box/Job")).toEqual({ allowDataLoss: false, name: "scratch" });
  });
});

it("marks are told across copies of the package", () => {
  const stack = new Stack(new App(), "s");
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- another copy is what this is about
    const other = require("../../constructs") as typeof import("../../constructs");
    expect(other.App).not.toBe(App);
    expect(other.App.isApp(stack.node.root)).toBe(true);
    expect(other.Stack.isStack(stack)).toBe(true);
    const job = new other.Job(stack, "job", { workspace: new Workspace(stack, "w") });
    expect(MagsResource.isMagsResource(job.resource)).toBe(true);
    expect(Reference.isReference(job.name)).toBe(true);
  });
  expect(
    App.of(stack)
      .plan()
      .resources.map(({ path }) => path),
  ).toEqual(["s/w", "s/job"]);
});

it("errors among annotations fail the plan, others come with it", () => {
  const app = new App();
  const stack = new Stack(app, "s");
  Annotations.of(new Construct(stack, "c")).addError("is wrong. Correct it.");
  expect(Annotations.of(stack.node.findChild("c")).all).toEqual([
    { level: "error", message: "is wrong. Correct it." },
  ]);
  expect(() => app.plan()).toThrow("[s/c] is wrong. Correct it.");
});

it("annotations that a validation or a lazy value adds are not missed", () => {
  const plan = planOf((stack) => {
    const job = new Job(stack, "job", {
      startupCommand: Lazy.string({
        produce() {
          Annotations.of(job).addInfo("asked");
          return undefined;
        },
      }),
    });
    stack.node.addValidation({
      validate() {
        Annotations.of(stack).addWarning("looked at");
        return [];
      },
    });
  });
  expect(plan.annotations.map(({ path, message }) => `${path} ${message}`)).toEqual([
    "s looked at",
    "s/job asked",
  ]);
});
