// The picture in docs/cli.md, as the command draws it.
import { createRequire } from "node:module";
import path from "node:path";

import { root } from "../lib/paths.mjs";

const require = createRequire(import.meta.url);

/** A service, a copy of its files for staging, and two schedules. The sources have to be loadable. */
export function picture() {
  const { AlwaysOnService, App, CronSuite, Schedule, Size, Stack } = require(
    path.join(root, "constructs", "index.ts"),
  );
  const { modelOf } = require(path.join(root, "cli", "graph", "model.ts"));
  const { svgOf } = require(path.join(root, "cli", "graph", "svg.ts"));

  const app = new App();
  const shop = new Stack(app, "shop");
  const web = new AlwaysOnService(shop, "web", { script: "exec ./serve", alias: { subdomain: "shop" } });
  const copy = web.workspace.fork("staging-files", { deletionProtection: false });
  const staging = copy.addJob("staging", { http: { port: 3000 }, memory: Size.gibibytes(4) });
  staging.addAlias("staging-url", { subdomain: "shop-staging" });
  new CronSuite(new Stack(app, "operations"), "reports", {
    schedules: {
      nightly: { schedule: Schedule.daily({ hour: 3 }), script: "date", workspace: "own" },
      weekly: { schedule: Schedule.weekly({ weekDay: "MON", hour: 6 }), script: "date" },
    },
  });
  const { manifest, tree } = app.plan();
  return svgOf(modelOf(tree.root, manifest));
}
