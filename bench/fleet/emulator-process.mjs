// An emulator in a process of its own: prints where it is as one line of JSON, and ends when its stdin does, or by a signal.
import { createRequire } from "node:module";
import path from "node:path";

import { root } from "../../scripts/lib/paths.mjs";
import { END_SIGNALS } from "../../scripts/lib/run.mjs";

const { startEmulator } = createRequire(import.meta.url)(path.join(root, "dist", "emulator", "index.js"));
const emulator = await startEmulator(JSON.parse(process.argv[2] ?? "{}"));
const { url, token, adminUrl, adminToken } = emulator;
process.stdout.write(`${JSON.stringify({ url, token, adminUrl, adminToken })}\n`);
let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await emulator.stop();
  process.exit(0);
};
process.stdin.resume();
process.stdin.on("close", stop);
for (const signal of END_SIGNALS) process.on(signal, stop);
