import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { adoptable } from "../../../cli/import/adoption";
import { constructsProgram } from "../../../cli/import/constructs";
import { importFile } from "../../../cli/import/import-file";
import type { Found } from "../../../cli/import/inventory";
import type { Program } from "../../../cli/import/program";
import { resourcesProgram } from "../../../cli/import/resources";
import { resolveSettings } from "../../../provider/api/settings";
import { SCHEMA_VERSION } from "../../../provider/lifecycle/kind";

const ROOT = resolve(__dirname, "../../..");
const settings = resolveSettings((key) => (key === "endpoint" ? "http://127.0.0.1:1" : undefined), {});

const workspace = (name: string): Found => ({
  kind: "Workspace",
  name,
  id: name,
  shown: { name, workspaceId: name },
  outputs: {},
});
const job = (name: string, workspaceId?: string, more: Partial<Found> = {}): Found => ({
  kind: "Job",
  name,
  id: name,
  shown: { name, ...(workspaceId === undefined ? {} : { workspaceId }) },
  outputs: { requestId: `request-of-${name}`, status: "running", adopted: true },
  ...more,
});
const alias = (subdomain: string, workspaceId: string): Found => ({
  kind: "UrlAlias",
  name: subdomain,
  id: `${subdomain}.localhost`,
  shown: { subdomain, domain: "localhost", workspaceId },
  outputs: {},
});
const cron = (name: string, more: object = {}): Found => ({
  kind: "CronJob",
  name,
  id: `id-of-${name}`,
  shown: { name, cronExpression: "0 3 * * *", script: "date", persistent: false, enabled: true, ...more },
  outputs: {},
});

const NASTY: Found[] = [
  workspace("site"),
  workspace("class"),
  workspace("constructor"),
  job("site", "class"),
  job("Resource", "site"),
  job("alone"),
  job("1"),
  alias("shop", "site"),
  alias("solo", "elsewhere"),
  alias("class", "constructor"),
  cron("夜間 🎉"),
  cron("🎉"),
  cron("a::b"),
  cron("line\nbreak */ // ` ${x}", { script: "set -e\necho `date` ${A} \\\n\u2028" }),
  cron("own", { workspaceId: "constructor", enabled: false }),
  cron("other", { workspaceId: "not imported", script: "true" }),
  cron("persistent", { workspaceId: "elsewhere", persistent: true }),
];

const FRONT_ENDS: [string, (found: readonly Found[]) => Program][] = [
  ["resources", (found) => resourcesProgram(adoptable(found, settings).adopted)],
  ["constructs", (found) => constructsProgram(adoptable(found, settings).adopted)],
];

/** What the compiler says of programs, strict as it can be, with the types of this package. */
function complaints(texts: readonly string[]): string[] {
  // Below the checkout, where Node's rules find the libraries, and out of the way of whoever formats it.
  mkdirSync(join(ROOT, ".mags"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".mags", "written-"));
  try {
    const files = texts.map((text, index) => {
      const file = join(folder, `program-${index}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const entry = (name: string) => [join(ROOT, name)];
    const program = ts.createProgram(files, {
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ["node"],
      paths: {
        "pulumi-mags": entry("provider/index.ts"),
        "pulumi-mags/constructs": entry("constructs/index.ts"),
        "pulumi-mags/constructs/pulumi": entry("constructs/pulumi/index.ts"),
      },
    });
    return files.flatMap((file) => {
      const source = program.getSourceFile(file);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("written programs", () => {
  it("compile as strictly as can be, whatever things are called", () => {
    const texts = FRONT_ENDS.map(([, write]) => write(NASTY).text);
    expect(complaints(texts)).toEqual([]);
    expect(complaints([texts[0]!.replace("site", "site\n")]).length).toBeGreaterThan(0);
  });

  it.each(FRONT_ENDS)("of %s are the same whatever the order of the lists", (_name, write) => {
    const one = write(NASTY);
    const other = write([...NASTY].reverse());
    expect(other.text).toBe(one.text);
    expect(importFile(other.entries)).toBe(importFile(one.entries));
  });

  it.each(FRONT_ENDS)("of %s call no two things of one type the same", (_name, write) => {
    const names = write(NASTY).entries.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.includes("::"))).toEqual([]);
  });

  it("refer to each other by variables: a job to its workspace, an alias to the job", () => {
    const found = [
      workspace("site"),
      job("web", "site"),
      alias("shop", "site"),
      cron("own", { workspaceId: "own" }),
    ];
    expect(FRONT_ENDS[0]![1](found).text.split("\n\n").at(-1)).toBe(
      `const site = new mags.Workspace("site", { name: "site" });
const web = new mags.Job("web", {
  name: "web",
  workspace: site,
  // A guess: it has a URL, and 8080 is the port that Mags opens if none is named.
  http: { port: 8080 },
  // Not shown by Mags: script, http, environment, diskGb, noSleep, …
});
new mags.UrlAlias("shop", {
  subdomain: "shop",
  domain: "localhost",
  target: web,
});
new mags.CronJob("own", {
  name: "own",
  cronExpression: "0 3 * * *",
  script: "date",
  workspaceId: "own",
  // Not shown by Mags: environment
});
`,
    );
    expect(FRONT_ENDS[1]![1](found).text).toContain(`new UrlAlias(stack, "shop", {
  subdomain: "shop",
  domain: "localhost",
  target: web,
});`);
  });
});

describe("what a program would refuse", () => {
  it.each<[string, Found[], string, RegExp]>([
    ["a name that the rules do not allow", [workspace("a b")], "a b", /1 to 57 letters, digits/],
    ["an expression that never fires", [cron("x", { cronExpression: "0 0 31 2 *" })], "x", /31|fires|cron/],
    [
      "a second job on a workspace",
      [job("a", "site"), job("b", "site")],
      "b",
      /workspace "site", as job "a" does/,
    ],
    [
      "a schedule on the workspace of a job",
      [cron("x", { workspaceId: "site" }), job("web", "site")],
      "x",
      /workspace "site", as job "web" does/,
    ],
  ])("is left out with the reason: %s", (_what, found, name, why) => {
    const { adopted, leftOut } = adoptable(found, settings);
    expect(leftOut).toEqual([
      { kind: expect.any(String) as string, name, why: expect.stringMatching(why) as string },
    ]);
    expect(adopted).toHaveLength(found.length - 1);
  });
});

describe("the import file", () => {
  it("gives the state what is shown, names what is not, and has nothing of the program's in it", () => {
    const { entries } = FRONT_ENDS[0]![1]([job("web", "site"), cron("nightly")]);
    const { resources } = JSON.parse(importFile(entries)) as { resources: Record<string, unknown>[] };
    expect(resources[0]).toEqual({
      type: "pulumi-nodejs:dynamic/mags:Job",
      name: "1 web",
      logicalName: "web",
      id: "web",
      inputs: {
        name: "web",
        workspaceId: "site",
        unrecorded: expect.arrayContaining(["script", "localDisk", "http"]) as string[],
        __provider: 'exports.handler=()=>require("pulumi-mags/dynamic").job;',
      },
      outputs: expect.objectContaining({
        requestId: "request-of-web",
        status: "running",
        account: "local",
        __mags: `${SCHEMA_VERSION} adopted`,
        __provider: 'exports.handler=()=>require("pulumi-mags/dynamic").job;',
      }) as object,
    });
    // What is as it is by default is not said, and yet is known.
    expect(resources[1]).toMatchObject({ inputs: { unrecorded: ["environment", "secrets"] } });
  });
});

it("the import file of constructs has the stack as a component, and every resource in it", () => {
  const { entries } = FRONT_ENDS[1]![1]([workspace("site"), job("web", "site"), alias("shop", "site")]);
  const { resources } = JSON.parse(importFile(entries)) as { resources: Record<string, unknown>[] };
  const [stack, ...others] = resources;
  expect(stack).toEqual({
    type: "mags:constructs:Stack",
    name: expect.any(String) as string,
    logicalName: "fleet",
    component: true,
  });
  expect(others.map(({ type, logicalName, parent }) => [type, logicalName, parent])).toEqual(
    [
      ["Workspace", "fleet/site"],
      ["Job", "fleet/web"],
      ["UrlAlias", "fleet/shop"],
    ].map(([kind, name]) => [`pulumi-nodejs:dynamic/mags:${kind}`, name, stack!.name]),
  );
});
