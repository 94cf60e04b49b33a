import { pathToFileURL } from "node:url";
import { App, Job, Stack } from "../../../constructs";
import { deploy } from "../../../constructs/pulumi";
import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";

const FILE = pathToFileURL(__filename).href;

// As Pulumi's runner has it: a function that writes stacks, so that lines are the same for all.
const { prepareStackTrace } = Error;
let written: number[];
beforeEach(() => {
  written = [];
  Error.prepareStackTrace = (error, frames) => {
    written.push(frames.length);
    return [String(error), ...frames.map((frame) => `    at ${String(frame)}`)].join("\n");
  };
});
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
});

/** The position of the line that calls it. */
function here(): string {
  const line = new Error().stack!.split("\n")[2]!;
  return `${FILE}:${/:(\d+):\d+\)?$/.exec(line)![1]}`;
}

async function positionsOf(program: () => unknown) {
  const { resources } = await runProgram(program);
  return resources.map(({ positions }) => positions);
}

describe("the position that Pulumi records", () => {
  it("of a resource is the one line of the program that made it", async () => {
    let line = "";
    const positions = await positionsOf(() => [(line = here()), new mags.Job("web")]);
    expect(positions).toEqual([[line]]);
  });

  it("is the line in a function or class of the program, where it has one of its own", async () => {
    let line = "";
    class Machine extends mags.Job {
      constructor(name: string) {
        [line] = [here(), super(name)];
      }
    }
    expect(await positionsOf(() => new Machine("web"))).toEqual([[line]]);
  });

  it("of a sandbox and its parts is where the sandbox was made", async () => {
    let line = "";
    const positions = await positionsOf(() => [(line = here()), new mags.Sandbox("box")]);
    expect(positions).toEqual([[line], [line], [line]]);
  });

  it("of what a deploy makes would be a line of this package, so there is none", async () => {
    const positions = await positionsOf(() => {
      const app = new App();
      new Job(new Stack(app, "s"), "web");
      deploy(app);
    });
    expect(positions).toEqual([[], []]);
  });

  it("is looked up by one frame, and no other stack is written for a resource", async () => {
    await positionsOf(() => new mags.Job("web"));
    expect(written).toEqual([1]);
  });
});

describe("stacks", () => {
  it("have one function of ours before that of others, also where one resource makes another", async () => {
    const make = (name: string) => new mags.Job(name);
    const transformations = [
      ({ name }: { name: string }) => (name === "outer" ? void make("inner") : undefined),
    ];
    await runProgram(() => new mags.Job("outer", {}, { transformations }));
    const first = Error.prepareStackTrace;
    await runProgram(() => [...Array(20).keys()].map((number) => make(`job-${number}`)));
    expect(Error.prepareStackTrace).toBe(first);
  });

  it("that cannot be written do not fail a resource", async () => {
    Error.prepareStackTrace = () => {
      throw new Error("no source map");
    };
    const [positions] = await positionsOf(() => new mags.Job("web"));
    expect(positions).toEqual([]);
  });

  it("of an error of the program are whole, also while resources are registered", async () => {
    const failing = () => new Error("mine").stack;
    let stack: string | undefined;
    await runProgram(() => {
      const { id } = new mags.Job("web");
      stack = failing();
      return id;
    });
    expect(stack).toContain("at failing");
    expect(stack!.split("\n").length).toBeGreaterThan(3);
  });

  it("of a call that the SDK refuses begin in the program", () => {
    const refused = () => new mags.Job("", {});
    expect(refused).toThrow(expect.objectContaining({ stack: expect.stringContaining("at refused") }));
  });

  it("are all noted when the SDK is to search for promises that never settle", async () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    try {
      const [positions] = await positionsOf(() => new mags.Job("web"));
      expect(positions!.length).toBeGreaterThan(1);
    } finally {
      delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
    }
  });
});
