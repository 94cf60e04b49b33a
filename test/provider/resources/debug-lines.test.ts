import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { bundleDebugLines } from "../../../provider/resources/debug-lines";
import * as sdk from "../../../provider/resources/sdk";
import { runProgram } from "../../support/pulumi-program";

// Many at once, also where the machine is busy.
jest.setTimeout(60_000);

const log = pulumi.log as { debug: typeof pulumi.log.debug };
const { debug } = log;
let hasEngine: jest.SpyInstance;
beforeEach(() => {
  hasEngine = jest.spyOn(sdk.runtime, "hasEngine").mockReturnValue(true);
});
afterEach(() => {
  log.debug = debug;
  jest.restoreAllMocks();
});

/** Runs a program, and gives the messages with debug lines that the engine would get, each with its lines. */
async function messagesOf(program: () => unknown, answer: () => unknown = () => undefined) {
  const messages: string[][] = [];
  log.debug = async (message) => {
    messages.push(message.split("\n"));
    await new Promise((resolve) => setImmediate(resolve));
    answer();
  };
  await runProgram(program);
  return messages;
}

const registering = (name: string) => `Registering resource: t=pulumi-nodejs:dynamic/mags:Job, name=${name},`;

describe("debug lines of the SDK", () => {
  it("come all, in their order, in few messages, before the program is over", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `job-${index}`);
    const messages = await messagesOf(() => names.map((name) => new mags.Job(name)));
    const lines = messages.flat();
    const told = lines.filter((line) => line.startsWith("Registering resource"));
    expect(told).toEqual(names.map((name) => expect.stringContaining(registering(name)) as string));
    expect(lines.filter((line) => line.includes("RPC finished"))).toHaveLength(300);
    expect(messages.length).toBeLessThan(100);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(500);
  });

  it("about a resource go by themselves, after those that came before", async () => {
    let about: unknown;
    const messages = await messagesOf(() => {
      const send = log.debug;
      log.debug = (message, resource) => {
        about = resource ?? about;
        return send(message);
      };
      const job = new mags.Job("web");
      void pulumi.log.debug("before");
      void pulumi.log.debug("mine", job);
      return job;
    });
    const mine = messages.findIndex(([line]) => line === "mine");
    expect(messages[mine]).toEqual(["mine"]);
    expect(messages.slice(0, mine).flat()).toEqual([expect.stringContaining(registering("web")), "before"]);
    expect(about).toBeInstanceOf(mags.Job);
  });

  it("hold up nobody who waits for one", async () => {
    let waited = 0;
    const messages = await messagesOf(async () => {
      new mags.Job("web");
      const startedAt = performance.now();
      for (let line = 0; line < 2_000; line++) await pulumi.log.debug(`line ${line}`);
      waited = performance.now() - startedAt;
    });
    expect(waited).toBeLessThan(5_000); // one message at a time and 100 ms apart it would take minutes
    expect(messages.flat().filter((line) => line.startsWith("line "))).toHaveLength(2_000);
  });

  it("that cannot be sent fail nothing, and the next ones are sent", async () => {
    let failures = 0;
    const messages = await messagesOf(
      () => Array.from({ length: 300 }, (_, index) => new mags.Job(`job-${index}`)),
      () => {
        failures++;
        throw new Error("no engine");
      },
    );
    expect(messages.length).toBeGreaterThan(1);
    expect(failures).toBe(messages.length);
    expect(messages.flat().filter((line) => line.includes("RPC finished"))).toHaveLength(300);
  });

  it("go as they are where there is no engine, also while time stands still", async () => {
    hasEngine.mockReturnValue(false);
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
    try {
      const messages = await messagesOf(() => new mags.Job("web"));
      expect(messages.every(({ length }) => length === 1)).toBe(true);
      expect(messages.length).toBeGreaterThan(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it("are bundled once, also by another copy of this package", () => {
    bundleDebugLines();
    const { debug: bundled } = pulumi.log;
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      const path = "../../../provider/resources/debug-lines";
      const copy = require(path) as { bundleDebugLines(): void }; // eslint-disable-line @typescript-eslint/no-require-imports
      expect(copy.bundleDebugLines).not.toBe(bundleDebugLines);
      copy.bundleDebugLines();
    });
    expect(pulumi.log.debug).toBe(bundled);
  });
});
