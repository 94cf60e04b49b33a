import type { EngineEvent } from "@pulumi/pulumi/automation";
import { FoundAgain } from "../../../cli/preview/checkpoints";
import type { Values } from "../../../provider/schema/fields";

interface Step {
  type: string;
  name?: string;
  op?: string;
  inputs?: Values;
  custom?: boolean;
}

const step = ({ type, name = "one", op = "create", inputs = {}, custom = true }: Step): EngineEvent => ({
  resourcePreEvent: {
    metadata: {
      op,
      type,
      urn: `urn:pulumi:pr-1::shop::${type}::${name}`,
      new: { type, custom, inputs },
    },
  } as EngineEvent["resourcePreEvent"],
  sequence: 1,
  timestamp: 1,
});

const mags = (kind: string) => `pulumi-nodejs:dynamic/mags:${kind}`;
const generated = { __mags: "generatedName" };
/** What every stack has. */
const USUAL: Step[] = [
  { type: "pulumi:pulumi:Stack", custom: false },
  { type: "pulumi:providers:pulumi-nodejs", name: "default" },
  { type: "mags:index:Sandbox", custom: false },
  { type: mags("Workspace"), inputs: generated },
  { type: mags("Job"), inputs: { ...generated, workspaceId: "one" } },
  { type: mags("UrlAlias"), inputs: generated },
  { type: mags("CronJob"), inputs: generated },
  { type: mags("Run"), inputs: { workspaceId: "one" } },
  { type: mags("Run"), inputs: {} },
  { type: "pulumi:pulumi:StackReference", op: "read" },
];

function judged(steps: readonly Step[]): boolean {
  const found = new FoundAgain();
  // A plan has other events too.
  found.onEvent({ sequence: 0, timestamp: 0, stdoutEvent: { message: "", color: "never" } });
  for (const one of steps) found.onEvent(step(one));
  return found.all;
}

describe("a first up of a preview does without checkpoints", () => {
  it("where all that it plans would be found again", () => expect(judged(USUAL)).toBe(true));

  it.each<[string, Step]>([
    ["a name of the program's own", { type: mags("Workspace"), inputs: { name: "own" } }],
    ["a job on a local disk", { type: mags("Job"), inputs: { __mags: "generatedName localDisk" } }],
    ["a run inside a job", { type: mags("Run"), inputs: { jobName: "unknown yet" } }],
    ["somebody else's resource", { type: "random:index/randomId:RandomId" }],
    ["a provider of the program's own", { type: "pulumi:providers:pulumi-nodejs", name: "other" }],
    ["something that is there already", { type: mags("Workspace"), op: "update", inputs: generated }],
  ])("but not with %s", (_what, one) => expect(judged([...USUAL, one])).toBe(false));
});
