// The same number of resources either way: a fleet of all four kinds, or empty ones.
const count = Number(process.env.BENCH_RESOURCES);
if (process.env.BENCH_KIND === "empty") empty();
else fleet();

function empty() {
  const { Empty } = require("bench-empty");
  for (let index = 0; index < count; index++) new Empty(`empty-${index}`);
}

function fleet() {
  const mags = require("pulumi-mags");
  for (let index = 0; index < count / 4; index++) {
    const workspace = new mags.Workspace(`site-${index}`, { deletionProtection: false });
    const job = new mags.Job(`web-${index}`, {
      workspace,
      script: "cd ~ && exec node server.js",
      environment: { STAGE: "bench" },
      noSleep: true,
      diskGb: 4,
    });
    new mags.UrlAlias(`web-${index}`, { target: job });
    new mags.CronJob(`nightly-${index}`, { cronExpression: "0 3 * * *", script: "date >> ~/report.txt" });
  }
}
