import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { isKnownV8, keepHeapSmall } from "../../../provider/host/memory";
import { itIf } from "../../support/skip";

// Processes of their own, also where the machine is busy.
jest.setTimeout(60_000);

/** What each call leaves is alive for the next 300, as with the host. Prints the most that the heap took, in MB. */
const LEAVING = `
  const inUse = Array.from({ length: 200_000 }, (_, index) => ({ index }));
  const left = [];
  let most = 0;
  (async () => {
    for (let call = 0; call < 3_000; call++) {
      left.push(Array.from({ length: 500 }, (_, index) => ({ index, call })));
      if (left.length > 300) left.shift();
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, process.memoryUsage().heapTotal);
    }
    console.log(JSON.stringify({ most: most / 1e6, inUse: inUse.length }));
  })();
`;

async function mostTaken(before = ""): Promise<{ most: number; stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", before + LEAVING]);
  return { ...(JSON.parse(stdout) as { most: number }), stderr };
}

const onKnownV8 = itIf(isKnownV8(), "this V8 may not know the flags");

describe("the heap of the host", () => {
  onKnownV8("stays small, however many calls there are", async () => {
    const built = path.resolve(__dirname, "../../../dist/provider/host/memory.js");
    const [usual, kept] = await Promise.all([
      mostTaken(),
      mostTaken(`require(${JSON.stringify(built)}).keepHeapSmall();`),
    ]);
    expect(kept.most).toBeLessThan(0.6 * usual.most);
    expect(kept.stderr).toBe("");
  });

  it("is that of V8 where its flags are not known", () => {
    const versions = Object.getOwnPropertyDescriptor(process, "versions")!;
    const flags = jest.spyOn(jest.requireActual<typeof import("node:v8")>("node:v8"), "setFlagsFromString");
    try {
      Object.defineProperty(process, "versions", { ...versions, value: { ...process.versions, v8: "99.1" } });
      keepHeapSmall();
      expect(flags).not.toHaveBeenCalled();
    } finally {
      Object.defineProperty(process, "versions", versions);
      flags.mockRestore();
    }
  });
});
