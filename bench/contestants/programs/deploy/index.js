const { App, Job, Stack } = require("pulumi-mags/constructs");
const { deploy } = require("pulumi-mags/constructs/pulumi");

const count = Number(process.env.BENCH_RESOURCES);
const change = process.env.BENCH_CHANGE;

const app = new App();
const stack = new Stack(app, "fleet");
for (let index = 0; index < count; index++) {
  new Job(stack, `vm-${index}`, {
    environment: { STAGE: "bench" },
    startupCommand: index === count >> 1 ? `echo ${change}` : "echo 0",
  });
}
deploy(app);
