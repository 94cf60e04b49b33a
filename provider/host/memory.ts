import v8 from "node:v8";
import vm from "node:vm";

/** By how many percent the heap may grow over what is in use before it is collected as a whole. V8's own: up to 300. */
const GROWTH_PERCENT = 15;
/** The newest V8 that is known to have the flags below: that of Node.js 24. One that it does not know makes it write to stderr. */
const LAST_V8 = 13;

/**
 * Keeps the process of the host small. The messages of a call outlive it: what Node.js holds for an HTTP/2 stream goes
 * only with a whole collection, and until then V8 makes more and more room, 100 MB in a fleet of a thousand. See
 * docs/adr/0026.
 */
export function keepHeapSmall(): void {
  if (Number.parseInt(process.versions.v8) > LAST_V8) return;
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  // V8 looks at the percentage when it has collected: before it does so for the first time, there is no limit near.
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("gc");
  if (typeof collect === "function") collect();
}
