import { ref, type Declared, type EngineModel, type Program } from "../support/engine-model";
import { TestCloud } from "./support/cloud";
import { succeed } from "./support/points";

/** What the emulator makes by its own rules of what it does not run: as programs see it that are tested with it. */

let cloud: TestCloud;
let engine: EngineModel;

beforeAll(async () => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
  cloud = await TestCloud.start({ simulate: () => undefined });
});
beforeEach(() => (engine = cloud.account().engine()));
afterAll(async () => {
  await cloud.stop();
  jest.restoreAllMocks();
});

const site = (setup: string, more: object = {}): Declared => ({
  name: "site",
  kind: "Workspace",
  args: { deletionProtection: false, setup, ...more },
});
const web: Declared = {
  name: "web",
  kind: "Job",
  args: { workspaceId: ref("site", "workspaceId"), script: "cd ~/www && exec ./serve", noSleep: true },
};

it("a workspace with a setup is made, and lives through edits and a destroy", async () => {
  const setup = "mkdir -p ~/www && echo '<h1>Hello</h1>' > ~/www/index.html";
  await succeed(engine.up([site(setup), web]), "up");
  expect(engine.entry("site").outputs.notReady).toBeUndefined();
  expect((await engine.up([site(setup), web])).steps).toEqual([]);
  await succeed(engine.up([site("set -e\nfalse", { diskGb: 8 }), web]), "edit");
  await succeed(engine.destroy(), "destroy");
});

it.each([
  ["in a VM of its own", [], {}],
  ["on a workspace", [site("true")], { workspaceId: ref("site", "workspaceId") }],
  ["inside a job", [site("true"), web], { jobName: ref("web", "name") }],
] as [string, Program, object][])("a run %s counts as done", async (_, needs, place) => {
  const run = (script: string): Declared => ({ name: "run", kind: "Run", args: { script, ...place } });
  await succeed(engine.up([...needs, run("./migrate")]), "up");
  expect(engine.entry("run").outputs).toMatchObject({ exitCode: 0 });
  await succeed(engine.up([...needs, run("./migrate --again")]), "again");
  expect(engine.entry("run").outputs).toMatchObject({ exitCode: 0 });
});
