import v8 from "node:v8";
import vm from "node:vm";

/** By how many percent the heap may grow over what is in use before it is collected as a whole. V8's own: up to 300. */
const GROWTH_PERCENT = 25;
/** Room for young objects, in times of V8's smallest: two halves of 8 MB. Loading Pulumi's SDK has made 32 MB of it. */
const YOUNG = 8;
/** So many objects of a few words are more than the smallest room has. */
const MORE_THAN_SMALLEST = 30_000;
/** The newest V8 that is known to have the flags below: that of Node.js 24. One that it does not know makes it write to stderr. */
const LAST_V8 = 13;

/**
 * Keeps the process of the host small. The messages of a call outlive it: what Node.js holds for an HTTP/2 stream goes
 * only with a whole collection, and until then V8 makes more and more room, 100 MB in a fleet of a thousand. See
 * docs/adr/0026.
 */
export function keepHeapSmall(): void {
  if (!isKnownV8()) return;
  v8.setFlagsFromString("--expose-gc");
  const collect: unknown = vm.runInNewContext("typeof gc === 'function' ? gc : undefined");
  if (typeof collect !== "function") return;
  // V8 reads the percentage after each whole collection: before the first there is no limit near.
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  collect({ type: "major", flavor: "last-resort" });
  // That has left the smallest room. It grows by this factor when more of it is alive than it was large, and then no more.
  setYoungGrowth(YOUNG);
  fill(() => void collect({ type: "minor" }));
  setYoungGrowth(1);
}

/** Whether V8 is one that is known to have the flags: `engines` allows for newer ones. */
export function isKnownV8(): boolean {
  return Number.parseInt(process.versions.v8) <= LAST_V8;
}

/** Does something while more is alive than the smallest room has. */
function fill(meanwhile: () => void): void {
  const alive = Array.from({ length: MORE_THAN_SMALLEST }, (_, index) => ({ index }));
  meanwhile();
  alive.length = 0;
}

function setYoungGrowth(factor: number): void {
  v8.setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
