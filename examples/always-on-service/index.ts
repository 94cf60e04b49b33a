import * as pulumi from "@pulumi/pulumi";
import * as mags from "pulumi-mags";

const config = new pulumi.Config();

// Files that outlive every VM. The setup runs once, when the workspace is made.
const site = new mags.Workspace("site", {
  setup: `
echo '<h1>Hello from Mags</h1>' > ~/index.html
cat > ~/server.js <<'JS'
const { createServer } = require("node:http");
const { createReadStream } = require("node:fs");
createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  createReadStream("index.html").pipe(response);
}).listen(8080);
JS
`,
  deletionProtection: config.getBoolean("protectData") ?? true,
});

// A VM that never sleeps and serves them. Edit noSleep: one PATCH. Edit diskGb: a resize. Edit the script: a restart.
const web = new mags.Job("web", {
  workspace: site,
  script: "cd ~ && exec node server.js",
  noSleep: true,
  diskGb: 4,
  http: { port: 8080 },
  waitFor: "healthy",
});

// A URL that stays, whatever VM is behind it.
const alias = new mags.UrlAlias("web", { target: web });

// A nightly job, on a workspace of its own: a workspace has one active VM only.
const reports = new mags.Workspace("reports", {
  deletionProtection: config.getBoolean("protectData") ?? true,
});
const nightly = new mags.CronJob("nightly", {
  cronExpression: "0 3 * * *",
  script: "date >> ~/report.txt",
  workspace: reports,
});

export const url = alias.url;
export const job = web.name;
export const schedule = nightly.cronExpression;
