const { Empty } = require("bench-empty");

const count = Number(process.env.BENCH_RESOURCES);
const change = Number(process.env.BENCH_CHANGE);

for (let index = 0; index < count; index++) {
  new Empty(`empty-${index}`, change > 0 && index === count >> 1 ? { change } : {});
}
