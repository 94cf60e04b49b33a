/** Resources in each stack, of both sides. */
const PER_STACK = 100;

/** What the program was started with. */
function measured() {
  const [count, folder] = process.argv.slice(2);
  return { count: Number(count), folder };
}

/** CPU time until now, in milliseconds. On a busy machine it says more than a clock. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * @param {number} start CPU time when everything was loaded.
 * @param {number} made
 */
function report(start, made) {
  process.stdout.write(JSON.stringify({ milliseconds: cpuTime() - start, made }));
}

module.exports = { PER_STACK, cpuTime, measured, report };
