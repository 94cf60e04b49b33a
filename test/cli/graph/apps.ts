import { modelOf, type Model } from "../../../cli/graph/model";
import {
  AlwaysOnService,
  Annotations,
  App,
  CronSuite,
  Job,
  SandboxFleet,
  Schedule,
  Size,
  Stack,
  Workspace,
} from "../../../constructs";

export function modelOfApp(app: App): Model {
  const { manifest, tree } = app.plan();
  return modelOf(tree.root, manifest);
}

/** A service, a copy of its files for staging, and two schedules. */
export function smallApp(): App {
  const app = new App();
  const shop = new Stack(app, "shop");
  const service = new AlwaysOnService(shop, "web", { script: "exec ./serve", alias: { subdomain: "shop" } });
  const site = new Workspace(shop, "site");
  const copy = site.fork("staging-files", { deletionProtection: false });
  copy.addJob("staging", { http: { port: 3000 }, memory: Size.gibibytes(4) }).addAlias("staging-url");
  const ops = new Stack(app, "ops");
  new CronSuite(ops, "reports", {
    schedules: {
      nightly: { schedule: Schedule.daily({ hour: 3 }), script: "date", workspace: "own" },
      weekly: { schedule: Schedule.weekly({ weekDay: "MON", hour: 6 }), script: "date" },
    },
  });
  ops.node.addDependency(shop);
  Annotations.of(service.job).addWarning("is <watched> & guarded");
  return app;
}

/** About 200 resources, as a team has them: sandboxes from one base, schedules, and services in a row. */
export function largeApp(people = 50): App {
  const app = new App();
  const team = new Stack(app, "team");
  const golden = new Workspace(team, "golden");
  new SandboxFleet(team, "fleet", {
    members: Array.from({ length: people }, (_, i) => ({
      id: `person-${i + 1}`,
      size: i % 2 === 0 ? "small" : "large",
    })),
    sizes: {
      small: { memory: Size.gibibytes(2) },
      large: { memory: Size.gibibytes(16), vcpus: 8, disk: Size.gibibytes(20) },
    },
    sandbox: { base: golden },
  });
  new CronSuite(new Stack(app, "ops"), "suite", {
    schedules: Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `task-${i + 1}`,
        { schedule: Schedule.daily({ hour: i % 24, minute: i }), script: "date" },
      ]),
    ),
  });
  const services = new Stack(app, "services");
  let above: AlwaysOnService | undefined;
  for (let i = 0; i < 15; i++) {
    above = new AlwaysOnService(services, `service-${i}`, {
      script: "exec ./serve",
      environment: above ? { UP: above.url } : {},
    });
  }
  for (let i = 0; i < 12; i++) new Job(services, `bench-${i}`);
  return app;
}
