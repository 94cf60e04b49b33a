import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectAt, projectIn, stacksOf } from "../../../cli/pulumi/project";
import { ownersIn } from "../../../cli/state/owners";
import { generatedName } from "../../../provider/schema/naming";

let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "mags-project-")));
  process.env.PATH = `${folder}${path.delimiter}${before.PATH}`;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  process.env = { ...before };
});

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);

/** A command `pulumi` that answers by what it is asked. */
function pulumi(script: string): void {
  write("pulumi", `#!${process.execPath}\nconst args = process.argv.slice(2).join(" ");\n${script}\n`);
  chmodSync(path.join(folder, "pulumi"), 0o755);
}

const listing = (...stacks: object[]) => pulumi(`console.log(${JSON.stringify(JSON.stringify(stacks))})`);

describe("the project around a folder", () => {
  it("is found above it too, without Pulumi, whatever its ending", () => {
    expect(projectAt(folder)).toBeUndefined();
    write("Pulumi.yml", "name: shop\nruntime: nodejs\n");
    mkdirSync(path.join(folder, "a/b"), { recursive: true });
    expect(projectAt(path.join(folder, "a/b"))).toEqual({
      name: "shop",
      file: path.join(folder, "Pulumi.yml"),
      folder,
      configFolder: folder,
    });
    expect(projectIn(folder)?.name).toBe("shop");
    expect(projectIn(path.join(folder, "a/b"))).toBeUndefined();
  });

  it("says which backend it names", () => {
    write("Pulumi.yaml", "name: shop\nbackend:\n  url: file://./state\n");
    expect(projectAt(folder)?.backend).toBe("file://./state");
    write("Pulumi.yaml", "name: shop\nbackend:\n");
    expect(projectAt(folder)).not.toHaveProperty("backend");
  });

  it("says where the configuration of its stacks is", () => {
    write("Pulumi.yaml", "name: shop\nstackConfigDir: stacks\n");
    expect(projectAt(folder)?.configFolder).toBe(path.join(folder, "stacks"));
  });

  it.each([
    ["no YAML", "name: [", /is no project of Pulumi \(.*Correct it/],
    ["nothing", "", /it has no name/],
    ["something else", "- a\n- b\n", /it has no name/],
  ])("is an error where it is %s", (_what, text, message) => {
    write("Pulumi.yaml", text);
    expect(() => projectAt(folder)).toThrow(message);
  });
});

describe("the stacks of a project", () => {
  it("are of no organization in a backend that has none", async () => {
    listing({ name: "dev", current: true }, { name: "prod", updateInProgress: true });
    expect(await stacksOf(folder)).toEqual([
      { name: "dev", organization: "organization", stack: "dev", current: true, updateInProgress: false },
      { name: "prod", organization: "organization", stack: "prod", current: false, updateInProgress: true },
    ]);
  });

  it("are of the organization in their name, or else in their address", async () => {
    listing({ name: "acme/dev" }, { name: "dev", url: "https://app.pulumi.com/me/shop/dev" });
    expect((await stacksOf(folder)).map(({ organization, stack }) => [organization, stack])).toEqual([
      ["acme", "dev"],
      ["me", "dev"],
    ]);
  });

  it("are read on where one of them cannot be, and it is known which; names tell by their namespace", async () => {
    pulumi(`
      if (args.includes("--stack broken")) { process.stderr.write("error: no storage"); process.exitCode = 1; }
      else if (args.startsWith("config")) console.log('{"mags:namespace": {"value": "team"}}');
      else console.log('{"deployment": {"resources": []}}');`);
    const stack = { organization: "acme", current: false, updateInProgress: false };
    const owners = await ownersIn(
      { name: "shop", file: "Pulumi.yaml", folder, configFolder: folder },
      ["dev", "broken"].map((name) => ({ ...stack, name, stack: name })),
      { folder, account: "local" },
    );
    expect([...owners.problems]).toEqual([["broken", "Pulumi says: no storage"]]);
    const named = (namespace: string) =>
      generatedName(
        { organization: "acme", project: "shop", stack: "dev", typeChain: "t", logicalName: "api" },
        namespace,
        63,
      );
    const owner = (name: string) => owners.of({ kind: "Workspace", id: name, name });
    expect(owner(named("team"))).toEqual({ stack: "dev" });
    expect(owner(named("other"))).toBeUndefined();
  });
});
