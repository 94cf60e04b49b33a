import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

// A schedule needs a workspace of its own: a workspace has one active VM at most.
const reports = new mags.Workspace("reports", {
  deletionProtection: config.getBoolean("protectData") ?? true,
});

// Every night, in UTC. An edit is a PATCH of the schedule, so no fire is doubled or missed.
const nightly = new mags.CronJob("nightly", {
  cronExpression: "0 3 * * *",
  scriptFile: "./report.sh",
  workspace: reports,
  environment: { KEEP_DAYS: "30" },
  secrets: { REPORT_TOKEN: config.getSecret("reportToken") ?? "only for trying" },
});

// There and reviewed, but switched off until somebody needs it.
new mags.CronJob("quarterly", {
  cronExpression: "0 6 1 1,4,7,10 *",
  script: "date >> ~/quarters.txt",
  enabled: false,
});

export const schedule = nightly.cronExpression;
export const workspace = reports.workspaceId;
