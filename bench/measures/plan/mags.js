// Plans and synthesizes an app of so many resources, and prints the CPU time that took.
const { App, Aspects, Job, MagsResource, Stack, Workspace } = require("pulumi-mags/constructs");
const { PER_STACK, cpuTime, measured, report } = require("./measure");

const { count, folder } = measured();
const start = cpuTime();
const app = new App();
Aspects.of(app).add({
  visit(node) {
    if (MagsResource.isMagsResource(node) && node.kind === "Job") node.addOverride("startupCommand", "true");
  },
});
for (let first = 0; first < count; first += PER_STACK) {
  const stack = new Stack(app, `stack-${first}`);
  for (let number = 0; number < PER_STACK; number += 2) {
    const workspace = new Workspace(stack, `files-${number}`, { deletionProtection: false });
    const job = new Job(stack, `job-${number}`, {
      workspace,
      script: "exec ./serve",
      environment: { NUMBER: String(number), LEVEL: "info" },
      http: { port: 8080 },
    });
    for (const construct of [workspace, job]) construct.node.addValidation({ validate: () => [] });
  }
}
const { plan } = app.synth(folder);
report(start, plan.resources.length);
