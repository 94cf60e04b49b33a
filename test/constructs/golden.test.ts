import * as pulumi from "@pulumi/pulumi";
import {
  AlwaysOnService,
  App,
  CronSuite,
  Duration,
  Job,
  PreviewEnvironment,
  RemovalPolicy,
  SandboxFleet,
  Schedule,
  Script,
  Secret,
  Size,
  Stack,
  UrlAlias,
  Workspace,
  interpolate,
} from "../../constructs";

/** A bit of everything. What it comes to is looked at in a review, whenever a line of it changes. */
function everything(): App {
  const app = new App();
  const data = new Stack(app, "data", { description: "What outlives the rest", tags: { owner: "platform" } });
  const database = new Workspace(data, "database", {
    name: "db",
    setup: Script.inline("set -e\nmkdir -p ~/db\n"),
    removalPolicy: RemovalPolicy.RETAIN,
  });

  const shop = new Stack(app, "shop", { tags: { owner: "shop" } });
  shop.node.addDependency(data);
  const web = new AlwaysOnService(shop, "web", {
    script: Script.inline("cd ~/www\nexec ./serve\n"),
    alias: { subdomain: "shop" },
    memory: Size.gibibytes(4),
    timeouts: { create: Duration.minutes(20) },
    environment: { REGION: pulumi.output("eu") },
  });
  web.job.addSecret("DB_PASSWORD", Secret.fromEnvironment("DB_PASSWORD"));
  const worker = new Job(shop, "worker", {
    workspace: database.fork("copy"),
    environment: { SHOP: interpolate`${web.url}/api`, JOB: web.job.name },
    files: { "licence.txt": "LICENSE" },
  });
  worker.resource.addOverride("idleTimeout", 30);
  new UrlAlias(shop, "legacy", { target: Job.fromName(shop, "old", "old-shop"), subdomain: "legacy" });

  const team = new Stack(app, "team");
  new CronSuite(team, "maintenance", {
    schedules: {
      nightly: { schedule: Schedule.daily({ hour: 3 }), script: "./backup.sh", workspace: "own" },
      often: { schedule: Schedule.rate(Duration.minutes(15)), script: "./tick.sh", enabled: false },
    },
    defaults: { environment: { TZ: "UTC" } },
  });
  new SandboxFleet(team, "boxes", {
    members: ["ada", { id: "grace", size: "large" }],
    count: 1,
    sizes: { large: { memory: Size.gibibytes(8), disk: Size.gibibytes(16), noSleep: true } },
  });
  new PreviewEnvironment(team, "preview", {
    pullRequest: 12,
    base: Workspace.fromName(team, "staging", "staging-data"),
    script: "exec ./serve",
  });
  return app;
}

it.each(["mags.manifest.json", "tree.json"])("%s of everything", (name) => {
  expect(everything().synthText()[name]).toMatchSnapshot();
});

it("remarks and order of everything", () => {
  const { annotations, resources } = everything().plan();
  expect(annotations).toEqual([]);
  expect(resources.map(({ path }) => path)).toMatchSnapshot();
});
