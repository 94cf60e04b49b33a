import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import * as sdk from "../../../provider/resources/sdk";
import { projectWithPackage, type ProjectCopy } from "../../support/package-copy";

let project: ProjectCopy;
beforeAll(() => {
  project = projectWithPackage();
});
afterAll(() => project.remove());

/** Files that a program has loaded when it has all of these. */
function loadedBy(...entries: string[]): string[] {
  const program = `${entries.map((entry) => `require("${entry}");`).join("")}
    console.log(JSON.stringify(Object.keys(require.cache)));`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", program], { cwd: project.folder, encoding: "utf8" }),
  ) as string[];
}

const isAllOfTheSdk = (file: string): boolean =>
  /node_modules.(@pulumi.pulumi.(index|automation.index)\.js|@npmcli.arborist.)/.test(file);

describe("Pulumi's SDK, module by module", () => {
  it("is not loaded as a whole by a program with resources, functions and constructs", () => {
    const loaded = loadedBy("pulumi-mags", "pulumi-mags/constructs", "pulumi-mags/constructs/pulumi");
    expect(loaded.filter((file) => /@pulumi.pulumi.resource\.js$/.test(file))).toHaveLength(1);
    expect(loaded.filter(isAllOfTheSdk)).toEqual([]);
    // What is looked for is there where all of it is loaded.
    expect(loadedBy("@pulumi/pulumi").filter(isAllOfTheSdk).length).toBeGreaterThan(2);
  });

  it("is what a program gets that imports all of it", () => {
    const { log, runtime, ...values } = sdk;
    expect(log).toBe(pulumi.log);
    for (const [name, value] of Object.entries(values))
      expect([name, value]).toEqual([name, (pulumi as never)[name]]);
    for (const [name, value] of Object.entries(runtime))
      expect([name, value]).toEqual([name, (pulumi.runtime as never)[name]]);
    expect(Object.keys(values)).toEqual(
      expect.arrayContaining(["Config", "RunError", "getStack", "output", "CustomResource"]),
    );
  });
});
