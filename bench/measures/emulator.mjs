import { median } from "../report/statistics.mjs";

/** Requests that are under way at the same time. */
const IN_FLIGHT = 50;

/** A persistent VM that stays up. */
const VM = { script: "sleep infinity", persistent: true };

/**
 * How long an emulator takes from the call to the first answer it could give, in milliseconds: the median.
 * @param {(options: object) => Promise<{ stop(): Promise<void> }>} startEmulator
 * @param {number} starts
 */
export async function emulatorStart(startEmulator, starts) {
  const times = [];
  for (let index = 0; index < starts; index++) {
    const start = performance.now();
    const emulator = await startEmulator({});
    times.push(performance.now() - start);
    await emulator.stop();
  }
  return median(times);
}

/**
 * Calls per second of an emulator: so many simulated VMs are created, looked at, listed and stopped.
 * @param {{ url: string, token: string }} emulator
 * @param {number} vms
 */
export async function emulatorThroughput({ url, token }, vms) {
  let calls = 0;
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  const call = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    calls += 1;
    return text === "" ? {} : JSON.parse(text);
  };
  const start = performance.now();
  /** @type {string[]} */
  const ids = [];
  await each(vms, async (index) => {
    const created = await call("POST", "/mags-jobs", {
      ...VM,
      name: `vm-${index}`,
      workspace_id: `ws-${index}`,
    });
    ids.push(created.request_id);
  });
  await each(vms, (index) => call("GET", `/mags-jobs/${ids[index]}/status`));
  await each(Math.ceil(vms / 50), (index) => call("GET", `/mags-jobs?page=${index + 1}&page_size=50`));
  await each(vms, (index) => call("POST", `/mags-jobs/${ids[index]}/stop`));
  return calls / ((performance.now() - start) / 1000);
}

/**
 * Runs a task for each number below `count`, some at a time.
 * @param {number} count
 * @param {(index: number) => Promise<unknown>} task
 */
async function each(count, task) {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
