import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { bundleDebugLines } from "../../../provider/resources/debug-lines";
import { runProgram } from "../../support/pulumi-program";

const log = pulumi.log as { debug: typeof pulumi.log.debug };
const { debug } = log;
afterEach(() => {
  log.debug = debug;
});

/** Runs a program, and gives the messages with debug lines that the engine would get, each with its lines. */
async function messagesOf(program: () => unknown): Promise<string[][]> {
  const messages: string[][] = [];
  log.debug = async (message) => {
    messages.push(message.split("\n"));
    await new Promise((resolve) => setImmediate(resolve));
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

  it("about a resource go as they are", async () => {
    const messages = await messagesOf(() => pulumi.log.debug("mine", new mags.Job("web")));
    expect(messages).toContainEqual(["mine"]);
  });

  it("are bundled once, however often it is asked for", () => {
    bundleDebugLines();
    const { debug } = pulumi.log;
    bundleDebugLines();
    expect(pulumi.log.debug).toBe(debug);
  });
});
