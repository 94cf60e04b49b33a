const mags = require("pulumi-mags");

const count = Number(process.env.BENCH_RESOURCES);
const change = process.env.BENCH_CHANGE;

for (let index = 0; index < count; index++) {
  new mags.Job(`vm-${index}`, {
    environment: { STAGE: "bench" },
    startupCommand: index === count >> 1 ? `echo ${change}` : "echo 0",
  });
}
