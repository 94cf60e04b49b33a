import { expectSuccess, get, harness, rowsOf, type Harness } from "./support/harness";

jest.setTimeout(900_000);

/** Serves what its workspace was made from. */
const SERVER = `exec node -e 'require("node:http").createServer((_, answer) => answer.end(require("node:fs").readFileSync(process.env.HOME + "/made-from"))).listen(8080)'`;

interface Names {
  data?: string;
  box?: string;
  alias?: string;
}

const program = (base: "one" | "two", { names = {}, more = "" }: { names?: Names; more?: string } = {}) => `
  const one = new mags.Workspace("one", { setup: "echo one > ~/made-from", deletionProtection: false });
  const two = new mags.Workspace("two", { setup: "echo two > ~/made-from", deletionProtection: false });
  const data = new mags.Workspace("data", {
    ${names.data ? `name: "${names.data}",` : ""} baseWorkspaceId: ${base}.workspaceId, deletionProtection: false, ${more}
  });
  const box = new mags.Job("box", {
    ${names.box ? `name: "${names.box}",` : ""} workspace: data, script: ${JSON.stringify(SERVER)}, http: { port: 8080 }, waitFor: "healthy",
  });
  const subdomain = ${JSON.stringify(names.alias)};
  exports.byJob = new mags.UrlAlias("by-job", { target: box, subdomain }).url;
  exports.byWorkspace = new mags.UrlAlias("by-workspace", { target: data }).url;
  exports.byName = new mags.UrlAlias("by-name", { workspaceId: data.workspaceId }).url;
`;

describe.each<[string, Names]>([
  ["generated names", {}],
  ["explicit names", { data: "shop-data", box: "shop-box", alias: "shop" }],
])("aliases of a workspace that is replaced, %s", (_title, names) => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: program("one", { names }) }, { execute: "process" });
    expectSuccess(await the.project.up());
  });
  afterAll(() => the.stop());

  const answers = async () => {
    const urls = Object.values(await the.project.outputs()) as string[];
    expect(urls).toHaveLength(3);
    return Promise.all(urls.map(async (url) => (await get(url)).body.trim()));
  };

  it("answer, and an edit that replaces nothing shows one row", async () => {
    expect(await answers()).toEqual(["one", "one", "one"]);
    the.project.write(program("one", { names, more: "timeouts: { create: 800 }" }));
    const { output } = expectSuccess(await the.project.preview());
    expect(rowsOf(output)).toEqual(["update data"]);
    expectSuccess(await the.project.up());
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("answer again in the same up that replaces it for an edit, as the preview says", async () => {
    the.project.write(program("two", { names }));
    const { output } = expectSuccess(await the.project.preview());
    expect(rowsOf(output)).toEqual([
      "replace box",
      "replace data",
      "update by-job",
      "update by-name",
      "update by-workspace",
    ]);
    expectSuccess(await the.project.up());
    expect(await answers()).toEqual(["two", "two", "two"]);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("answer again in the same up that replaces it on demand", async () => {
    const { urn } = await the.project.resource("Workspace", "data");
    expectSuccess(await the.project.up("--replace", urn));
    expect(await answers()).toEqual(["two", "two", "two"]);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("stay as they are when only the job is replaced", async () => {
    const { urn } = await the.project.resource("Job", "box");
    the.mutations();
    expectSuccess(await the.project.up("--replace", urn));
    expect(the.mutations().filter((call) => call.includes("alias"))).toEqual([]);
    expect(await answers()).toEqual(["two", "two", "two"]);
  });
});
