// A client in a process of its own, ours or the vendor's for Node: what it is called by is the same. Prints
// milliseconds as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [module = "", rounds = "", inFlight = ""] = process.argv.slice(2);
const loaded = createRequire(pathToFileURL(module))(module);
const client = new (loaded.Mags ?? loaded)();

const look = async () => {
  await client.status(box);
  await client.logs(box);
  await client.list({ pageSize: 50 });
  await client.findJob("box");
  await client.exec("box", "true");
  await client.usage();
};

/** @param {string} name */
const start = (name) => client.run("true", { name });

/**
 * @param {(name: string) => Promise<unknown>} work
 * @param {string} kind
 * @param {number} width How many are under way at the same time.
 */
async function timeOf(work, kind, width) {
  const begun = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < Number(rounds)) await work(`${kind}-${next++}`);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return performance.now() - begun;
}

const ready = await client.new("box", { pollInterval: 100 });
const box = ready.requestId ?? ready.request_id;
await look();
await start("warm");

// The vendor's finds a VM among the newest fifty jobs only, so the starts come last.
const times = { sequential: await timeOf(look, "a", 1), together: await timeOf(look, "b", Number(inFlight)) };
times.sequential += await timeOf(start, "c", 1);
times.together += await timeOf(start, "d", Number(inFlight));
process.stdout.write(JSON.stringify(times));
