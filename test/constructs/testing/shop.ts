import {
  App,
  Annotations,
  CronJob,
  Job,
  Schedule,
  Script,
  Secret,
  Stack,
  Workspace,
} from "../../../constructs";

/** A small app with one of everything. */
export function shop() {
  const app = new App();
  const stack = new Stack(app, "shop");
  const site = new Workspace(stack, "site", { setup: "mkdir www" });
  const web = new Job(stack, "web", {
    workspace: site,
    script: Script.inline("set -e\nexec ./serve --port 8080\n"),
    environment: { CONFIG: '{"level":"debug","zones":["a","b"]}', URL: "http://x" },
    secrets: { KEY: Secret.fromEnvironment("A_VARIABLE_THAT_IS_NOT_SET") },
    http: { port: 8080, otherPorts: [9090, 9091] },
    noSleep: true,
  });
  const alias = web.addAlias("url", { subdomain: "shop" });
  const idle = new Job(stack, "idle");
  const nightly = new CronJob(stack, "nightly", {
    schedule: Schedule.daily({ hour: 3 }),
    script: "date",
    workspace: new Workspace(stack, "reports"),
  });
  nightly.node.addDependency(web);
  Annotations.of(web).addWarning("runs around the clock");
  Annotations.of(idle).addInfo("has nothing to do");
  const other = new Stack(app, "other");
  new Job(other, "elsewhere");
  return { app, stack, other, site, web, alias, idle, nightly };
}
