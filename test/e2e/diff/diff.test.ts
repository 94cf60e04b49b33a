import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import type { ResourceChange } from "../../../cli/diff/compare";
import { expectSuccess, harness, type Harness } from "../support/harness";
import { deedsOf, type There } from "./deeds";
import { EDITS, HELPERS, LATE_REFUSALS, REFUSALS, type Edit } from "./edits";

jest.setTimeout(900_000);

const COMMAND = resolve(__dirname, "../../../dist/cli/main.js");
const APP = ["--app", "synth.js", "--out", "manifest"];
const FILES = { "before.conf": "one", "after.conf": "another", "same.conf": "one" };

/** A module with an app of edits, each in a stack of its own and as it is before; those named, as they are after. */
function treeOf(edits: readonly Edit[], after: readonly Edit[] = []): string {
  const stacks = edits.map(
    (edit) =>
      `within(${JSON.stringify(edit.what)}, (stack) => {${after.includes(edit) ? edit.after : edit.before}});`,
  );
  return `
    const c = require("pulumi-mags/constructs");
    const constructs = require("constructs");
    ${HELPERS}
    const app = new c.App();
    const within = (id, build) => build(new c.Stack(app, id));
    ${stacks.join("\n")}
    module.exports = app;
  `;
}

/** A project with edits, deployed and with its manifest written. */
async function deployed(edits: readonly Edit[]): Promise<Harness> {
  const the = await harness(
    { program: `require("pulumi-mags/constructs/pulumi").deploy(require("./tree"));` },
    { execute: "process", env: { PULUMI_DEBUG_COMMANDS: "true" } },
  );
  for (const [file, text] of Object.entries(FILES)) the.project.writeFile(file, text);
  the.project.writeFile("synth.js", `require("./tree").synth();`);
  the.project.writeFile("tree.js", treeOf(edits));
  await command(the, "synth", ...APP);
  expectSuccess(await the.project.up());
  return the;
}

/** Runs `mags-iac` in the folder of the project. */
function command(the: Harness, ...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: the.project.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, problems] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (problems += chunk.toString()));
    child.on("error", fail);
    child.on("close", (code) => (code === 1 ? fail(new Error(problems)) : done({ code, output })));
  });
}

async function diff(the: Harness): Promise<{ code: number | null; changes: ResourceChange[] }> {
  const { code, output } = await command(the, "diff", ...APP, "--json");
  return { code, changes: (JSON.parse(output) as { changes: ResourceChange[] }).changes };
}

/** A change as `path action`, in the words of the table. */
function wordsOf({ path, action, keepsOld, renamedFrom, retyped }: ResourceChange): string | string[] {
  // The engine knows no old one of what comes.
  if (retyped) return [`${path} create`, `${path} ${keepsOld ? "forget" : "delete"}`];
  const renamed = renamedFrom !== undefined && action !== "rename" ? ", renamed" : "";
  return `${path} ${action}${keepsOld ? ", the old one kept" : ""}${renamed}`;
}

describe("what `mags-iac diff` says and what the engine and the API then do", () => {
  let the: Harness;
  /** Of all edits together. */
  let said: string[];
  let done: string[];

  const there = async (): Promise<There> => ({
    state: await the.project.resources(),
    cloud: the.emulator.snapshot(),
  });
  const of = (lines: readonly string[], { what }: Edit) =>
    lines.filter((line) => line.startsWith(`${what}/`)).map((line) => line.slice(what.length + 1));

  beforeAll(async () => {
    the = await deployed(EDITS);
    const { project } = the;
    const before = await there();
    project.writeFile("tree.js", treeOf(EDITS, EDITS));
    said = (await diff(the)).changes.flatMap(wordsOf);
    the.emulator.clearCalls();
    expectSuccess(await project.up("--event-log", "events.json"));
    const calls = the.emulator.calls();
    done = deedsOf({ events: join(project.folder, "events.json"), calls, before, after: await there() });
  });
  afterAll(() => the.stop());

  it.each(EDITS)("are one: $what", (edit) => {
    const does = [...edit.does].sort();
    expect(of(done, edit).sort()).toEqual(does);
    expect(of(said, edit).sort()).toEqual(does);
  });

  it("are one in all that there is", () => {
    expect([...said].sort()).toEqual([...done].sort());
  });

  it("are nothing for what is deployed", async () => {
    await command(the, "synth", ...APP);
    expect(await diff(the)).toEqual({ code: 0, changes: [] });
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });
});

describe("what `mags-iac diff` says is refused", () => {
  const ALL = [...REFUSALS, ...LATE_REFUSALS];
  let the: Harness;

  beforeAll(async () => {
    the = await deployed(ALL);
  });
  afterAll(() => the.stop());

  /** Makes the edit, and has it said what stands in its way. */
  const edited = async (edit: Edit) => {
    the.project.writeFile("tree.js", treeOf(ALL, [edit]));
    const { code, changes } = await diff(the);
    const refused = changes.filter((change) => change.refused !== undefined);
    expect(refused.map(({ path }) => path)).toEqual(edit.does.map((path) => `${edit.what}/${path}`));
    expect(code).toBe(3);
    return refused.map((change) => String(change.refused));
  };
  /** Without names: a manifest has none of those that are generated. */
  const nameless = (text: string) => text.replace(/"[^"]*"/g, "(name)");

  it.each(REFUSALS)("is refused by the plan of the engine: $what", async (edit) => {
    const reasons = await edited(edit);
    the.mutations();
    const { code, output } = await the.project.preview();
    expect(code).not.toBe(0);
    // What is protected the engine refuses by itself, in its own words.
    if (!/is protected|marked for protection/.test(output))
      for (const reason of reasons) expect(nameless(output)).toContain(nameless(reason));
    expect(the.mutations()).toEqual([]);
  });

  it.each(LATE_REFUSALS)("is refused once it is tried: $what", async (edit) => {
    const { workspaces } = the.emulator.snapshot();
    await edited(edit);
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/(protected|kept)-data/);
    expect(output).toMatch(/is protected|exists already|has an active job already/);
    const left = the.emulator.snapshot().workspaces.map(({ workspaceId }) => workspaceId);
    expect(left).toEqual(expect.arrayContaining(workspaces.map(({ workspaceId }) => workspaceId)));
  });
});
