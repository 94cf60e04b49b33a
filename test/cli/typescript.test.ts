import { projectWithCommand, type Project } from "./command";

describe("an app program in TypeScript, in a project without ts-node", () => {
  let plain: Project;
  beforeAll(() => (plain = projectWithCommand()));
  afterAll(() => plain.remove());

  const LIBRARY = `
    import { Construct } from "constructs";
    import { Job } from "pulumi-mags/constructs";
    export enum Size { small, large }
    export class Site extends Construct {
      constructor(scope: Construct, id: string, readonly size: Size) {
        super(scope, id);
        new Job(this, "job", { vcpus: size === Size.large ? 4 : 1 });
      }
    }`;
  const MODULE = `
    import { App, Stack } from "pulumi-mags/constructs";
    import { Site, Size } from "./site";
    const app: App = new App();
    new Site(new Stack(app, "s"), "site", Size.large);
    app.synth();`;
  const COMMON = `
    const { App, Job, Stack } = require("pulumi-mags/constructs");
    const app = new App();
    new Job(new Stack(app as never, "s"), "j");
    // It is what its code says, not what a text in it does.
    const help = \`
import nothing from "here";\`;
    app.synth();`;

  it.each([
    ["what npm init writes", { type: "commonjs" }, ["app.ts", "common.ts"]],
    ["no type", {}, ["app.ts", "common.ts"]],
    ["ES modules", { type: "module" }, ["app.ts"]],
  ])("runs by its own syntax, with %s in package.json", async (_, description, apps) => {
    plain.write("package.json", JSON.stringify({ name: "plain", ...description }));
    plain.write("site.ts", LIBRARY);
    plain.write("app.ts", MODULE);
    plain.write("common.ts", COMMON);
    for (const app of apps) {
      expect(await plain.run(["synth", "--app", app, "--out", "out"])).toEqual({
        code: 0,
        stdout: expect.stringContaining("1 resource; "),
        stderr: "",
      });
    }
  });

  it("tells what is wrong in it as Node does", async () => {
    plain.write("broken.ts", "import { App } from './not-there';\nnew App();");
    const { code, stderr } = await plain.run(["synth", "--app", "broken.ts"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cannot find module .*not-there'/);
  });
});
