import { resolveSettings } from "../../../provider/api/settings";
import { changesBetween } from "../../../provider/schema/diff";
import type { FieldTable, Values } from "../../../provider/schema/fields";
import { jobSchema } from "../../../provider/schema/job";
import { jobFields } from "../../../provider/schema/job-fields";
import { check } from "../../../provider/schema/plan";
import {
  SANDBOX_ARGUMENTS,
  SANDBOX_NAME_LENGTH,
  SANDBOX_WORDS,
  sandboxParts,
} from "../../../provider/schema/sandbox";
import { workspaceSchema } from "../../../provider/schema/workspace";
import { workspaceFields } from "../../../provider/schema/workspace-fields";

const settings = resolveSettings(() => undefined, {});
const namesFor = (part: "Workspace" | "Job") =>
  Object.keys(SANDBOX_ARGUMENTS).filter((name) => SANDBOX_ARGUMENTS[name]!.includes(part));

describe("the arguments", () => {
  it("are all those of a Job but for its workspace, and of a Workspace but for the disk that makes it", () => {
    const own = (fields: FieldTable) => Object.keys(fields).filter((name) => !fields[name]!.derived);
    expect(namesFor("Job").sort()).toEqual(
      [...own(jobFields), "scriptFile"].filter((name) => name !== "workspaceId").sort(),
    );
    expect(namesFor("Workspace").sort()).toEqual(
      own(workspaceFields)
        .filter((name) => name !== "diskGb")
        .sort(),
    );
  });

  it("have words of their own only where they are arguments", () => {
    expect(Object.keys(SANDBOX_ARGUMENTS)).toEqual(expect.arrayContaining(Object.keys(SANDBOX_WORDS)));
  });

  it("reach the parts that they are about", () => {
    const both = {
      name: "box",
      rootfsType: "claude",
      baseWorkspaceId: "template",
      adopt: true,
      timeouts: {},
    };
    const forJob = { diskGb: 8, noSleep: true, script: "run", allowDataLoss: true, files: { a: "./a" } };
    const forWorkspace = { setup: "fill", deletionProtection: false };
    expect(sandboxParts({ ...both, ...forJob, ...forWorkspace, waitFor: undefined })).toEqual({
      workspace: { ...both, ...forWorkspace },
      job: { ...both, ...forJob },
      problems: [],
    });
  });

  it("without persistence go to a job alone, whose files no edit may lose unless that is said", () => {
    expect(sandboxParts({ persistent: false, noSleep: true, deletionProtection: false })).toEqual({
      job: { noSleep: true, allowDataLoss: false },
      problems: [],
    });
    expect(sandboxParts({ persistent: false, allowDataLoss: true }).job).toEqual({ allowDataLoss: true });
    expect(sandboxParts({}).job).toEqual({});
  });

  it.each<[Values, RegExp]>([
    [{ persistent: "yes" }, /^persistent must be true or false, known when the program runs\.$/],
    [{ workspaceId: "w" }, /^A sandbox has a workspace of its own, so workspaceId cannot be given\./],
    [{ workspace: {} }, /^A sandbox has a workspace of its own, so workspace cannot be given\./],
    [
      { persistent: false, setup: "x" },
      /^With persistent: false there is no workspace that setup could be about/,
    ],
    [
      { persistent: false, setup: "x", deletionProtection: true },
      /no workspace that setup and deletionProtection could be about/,
    ],
  ])("%j are refused", (args, expected) => {
    expect(sandboxParts(args).problems).toEqual([expect.stringMatching(expected)]);
  });

  it("that there are not are passed on, so that they are complained of", () => {
    expect(sandboxParts({ noSlep: true }).job).toEqual({ noSlep: true });
  });
});

describe("the name", () => {
  const identity = {
    organization: "o",
    project: "p",
    stack: "dev",
    typeChain: "mags:index:Sandbox",
    logicalName: "a-rather-long-name-for-a-sandbox-that-has-to-be-cut-somewhere",
    maxLength: SANDBOX_NAME_LENGTH,
  };

  it("is one for both, with room for what makes the workspace", () => {
    const [job, workspace] = [jobSchema, workspaceSchema].map(
      (schema) => check(schema, settings, {}, {}, identity).inputs.name,
    );
    expect(job).toBe(workspace);
    expect(String(job).length).toBeLessThanOrEqual(57);
    expect(`${String(job)}-setup`).toMatch(/^dev-a-rather-long-name.*-[a-z0-9]{13}-setup$/);
  });
});

describe("changing persistence", () => {
  const local = { name: "box", workspaceId: "box", localDisk: true };
  const kept = { name: "box", workspaceId: "box" };
  const guard = (recorded: Values, wanted: Values) => () =>
    jobSchema.guard!(recorded, wanted, changesBetween(jobFields, recorded, wanted));

  it.each<[string, Values, Values]>([
    ["to a workspace", local, kept],
    ["to a workspace, also where loss is allowed", local, { ...kept, allowDataLoss: true }],
    ["to a local disk", kept, local],
    ["to a local disk, also where loss is allowed", kept, { ...local, allowDataLoss: true }],
  ])("%s is refused, with the way to go instead", (_name, recorded, wanted) => {
    expect(guard(recorded, wanted)).toThrow(
      /^Job "box" cannot change between a workspace of its own name and a local disk.*Nothing was changed/s,
    );
  });

  it("is another matter for a job on a workspace of another name", () => {
    expect(guard(local, { name: "box", workspaceId: "data", allowDataLoss: true })).not.toThrow();
    expect(guard({ name: "box", workspaceId: "data" }, local)).not.toThrow();
  });
});
