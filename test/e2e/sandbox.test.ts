import { expectSuccess, get, harness, type Harness } from "./support/harness";

jest.setTimeout(900_000);

const active = (the: Harness) =>
  the.emulator.snapshot().jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));

const SERVER = `require("node:http").createServer((_, answer) => answer.end("hello")).listen(8080)`;
const ARGS = (edit: string) => `{
  script: ${JSON.stringify(`exec node -e '${SERVER}'`)},
  http: { port: 8080 }, waitFor: "healthy", diskGb: 4,
  ${edit}
}`;
const PROGRAM = (edit = "", name = "box", options = "{}") => `
  const box = new mags.Sandbox("${name}", ${ARGS(edit)}, ${options});
  const alias = new mags.UrlAlias("web", { target: box });
  Object.assign(exports, { name: box.name, workspaceId: box.workspaceId, status: box.status, request: box.requestId, url: alias.url });
`;

describe("a sandbox on the real engine", () => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: PROGRAM() }, { execute: "process" });
    the.project.setConfig("mags:namespace", "e2e");
    expectSuccess(await the.project.up());
  });
  afterAll(() => the.stop());

  it("is a workspace and a job of one generated name, which answers under an alias", async () => {
    const [workspace, job] = [await the.project.resource("Workspace"), await the.project.resource("Job")];
    expect(workspace.id).toMatch(/^dev-box-[a-z0-9]{13}$/);
    expect(job.id).toBe(workspace.id);
    for (const { urn } of [workspace, job]) expect(urn).toMatch(/mags:index:Sandbox\$.*::box$/);
    const outputs = await the.project.outputs();
    expect(outputs).toMatchObject({ name: job.id, workspaceId: job.id, status: "running" });
    const component = (await the.project.resources()).find(({ type }) => type === "mags:index:Sandbox");
    expect(component!.outputs).toMatchObject({ name: job.id, workspaceId: job.id, status: "running" });
    expect(await get(String(outputs.url))).toEqual({ status: 200, body: "hello" });
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });

  it("is edited as its job: noSleep in place, diskGb by a resize, under the same alias", async () => {
    const before = await the.project.outputs();
    the.project.write(PROGRAM("noSleep: true"));
    const { output } = expectSuccess(await the.project.preview("--diff"));
    expect(output).toMatch(/\+ noSleep: true/);
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual(["PATCH /mags-jobs/{id}"]);
    expect((await the.project.outputs()).request).toBe(before.request);
    the.project.write(PROGRAM("noSleep: true").replace("diskGb: 4", "diskGb: 6"));
    expectSuccess(await the.project.up());
    expect(active(the)).toEqual([expect.objectContaining({ diskGb: 6, noSleep: true, name: before.name })]);
    expect((await the.project.outputs()).request).not.toBe(before.request);
    expect((await get(String(before.url))).body).toBe("hello");
    the.project.write(PROGRAM("noSleep: true"));
    const { code, output: refused } = await the.project.preview();
    expect(code).not.toBe(0);
    expect(refused).toContain("cannot shrink from 6 GB to 4 GB");
  });

  const current = (name: string, options?: string, edit = "noSleep: true") =>
    PROGRAM(edit, name, options).replace("diskGb: 4", "diskGb: 6");

  it("keeps both names when it is renamed with an alias", async () => {
    the.project.write(current("renamed", `{ aliases: [{ name: "box" }] }`));
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect((await the.project.resource("Job")).id).toMatch(/^dev-box-/);
    expect(the.mutations()).toEqual([]);
  });

  it("cannot be turned into one without a workspace: the plan says why, and nothing is called", async () => {
    the.project.write(current("renamed", undefined, "noSleep: true, persistent: false"));
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toContain("cannot change between a workspace of its own name and a local disk");
    expect(the.mutations()).toEqual([]);
  });

  it("goes in two steps: a destroy fails in its preview until the protection is off", async () => {
    the.project.write(current("renamed"));
    const refused = await the.project.pulumi("destroy", "--yes", "--non-interactive");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/protected/);
    expect(the.mutations()).toEqual([]);
    expect(active(the)).toHaveLength(1);
    the.project.write(current("renamed", undefined, "noSleep: true, deletionProtection: false"));
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual([]);
    expectSuccess(await the.project.destroy());
    expect(active(the)).toEqual([]);
    expect(the.emulator.snapshot().workspaces).toEqual([]);
    expect(the.emulator.snapshot().aliases).toEqual([]);
  });
});

describe("a sandbox on its local disk only", () => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: "" }, { accounts: 2 });
  });
  afterAll(() => the.stop());

  it("is refused with everything that is wrong with its arguments at once", async () => {
    the.project.write(`
      new mags.Sandbox("one", { persistent: false, setup: "x", diskGb: 1, noSlep: true });
      new mags.Sandbox("two", { persistent: "no", workspaceId: "w", name: "-" });
    `);
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    for (const problem of [
      'Sandbox "one": With persistent: false there is no workspace that setup could be about.',
      'Job "one": diskGb must be a whole number from 2',
      'Job "one": there is no property noSlep: did you mean noSleep?',
      'Sandbox "two": persistent must be true or false, known when the program runs.',
      'Sandbox "two": A sandbox has a workspace of its own, so workspaceId cannot be given.',
      'Workspace "two": name must be 1 to 57',
    ])
      expect(output).toContain(problem);
    expect(output).toContain("The program has 7 problems");
    expect(the.mutations()).toEqual([]);
  });

  it("lives in the account of its provider, keeps its files from edits, and leaves nothing", async () => {
    the.project.setEnv("STAGING_TOKEN", the.emulator.tokens[1]!);
    const program = (edit: string) => `
      const provider = new mags.Provider("staging", { apiTokenEnv: "STAGING_TOKEN", endpoint: process.env.MAGS_API_URL });
      exports.name = new mags.Sandbox("box", { persistent: false, ${edit} }, { providers: [provider] }).name;
    `;
    the.project.write(program(""));
    expectSuccess(await the.project.up());
    const of = (account: number) => the.emulator.snapshot(the.emulator.tokens[account]!);
    expect(of(0).jobs).toEqual([]);
    expect(of(1).jobs).toEqual([
      expect.objectContaining({ noSync: true, name: (await the.project.outputs()).name }),
    ]);
    expectSuccess(await the.project.up("--expect-no-changes"));
    the.mutations();
    the.project.write(program("environment: { A: '1' }"));
    const refused = await the.project.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/A change of environment makes a new VM.*local disk only/);
    the.project.write(program("noSleep: true"));
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual(["PATCH /mags-jobs/{id}"]);
    expectSuccess(await the.project.destroy());
    expect(active(the)).toEqual([]);
    expect(of(1).workspaces).toEqual([]);
  });
});
