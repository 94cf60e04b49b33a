import v8 from "node:v8";
import vm from "node:vm";
import type { Handler } from "./handler";

/** How much may be used beyond what the last collection left, in bytes, before the next; or a fifth of that, if it is more. */
const GROWTH = 6 * 1024 * 1024;
/** How many calls come between two looks. */
const CALLS = 32;
/** The newest V8 that is known to have the flag below: that of Node.js 24. */
const LAST_V8 = 13;

export interface Heap {
  /** Bytes in use by objects that are no longer young, garbage among them. */
  used(): number;
  collect(): void;
}

/**
 * Keeps the process of the host small. The messages of a call outlive it: what Node.js holds for an HTTP/2 stream goes
 * only with a whole collection, and until then V8 makes more and more room for young objects, 100 MB in a fleet of a
 * thousand. See docs/adr/0026.
 */
export class SmallHeap {
  private calls = 0;
  private ceiling: number;

  constructor(private readonly heap: Heap) {
    this.ceiling = this.ceilingAbove(heap.used());
  }

  /** To be called with each operation: collects once enough has come together. */
  look(): void {
    if (++this.calls % CALLS > 0 || this.heap.used() < this.ceiling) return;
    this.heap.collect();
    this.ceiling = this.ceilingAbove(this.heap.used());
  }

  /** A collection takes as long as there is in use, so that there are the fewer, the larger the heap is. */
  private ceilingAbove(used: number): number {
    return used + Math.max(GROWTH, used / 5);
  }
}

/** The heap of this process; undefined where it cannot be told to collect. */
export function thisHeap(): Heap | undefined {
  try {
    // A flag that V8 does not know makes it write to stderr.
    if (Number.parseInt(process.versions.v8) <= LAST_V8)
      v8.setFlagsFromString("--semi-space-growth-factor=1");
    v8.setFlagsFromString("--expose-gc");
    const collect: unknown = vm.runInNewContext("gc");
    if (typeof collect !== "function") return undefined;
    return { used: oldSpace, collect: () => void collect() };
  } catch {
    return undefined;
  }
}

/** What has outlived its call: young objects come and go, and need no whole collection. */
function oldSpace(): number {
  return (
    v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")?.space_used_size ?? 0
  );
}

/** The same handler, which keeps the heap small. */
export function sparing(handler: Handler, heap: SmallHeap | undefined): Handler {
  if (heap === undefined) return handler;
  const operations = Object.entries(handler) as [string, (...values: unknown[]) => unknown][];
  return Object.fromEntries(
    operations.map(([name, operation]) => [
      name,
      (...values: unknown[]) => {
        heap.look();
        return operation(...values);
      },
    ]),
  ) as unknown as Handler;
}
