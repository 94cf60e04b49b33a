import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { filesOf } from "../../../provider/resources/local-files";
import { judge } from "../../../provider/resources/problems";
import { jobSchema } from "../../../provider/schema/job";
import { runProgram } from "../../support/pulumi-program";
import { refusalsOf } from "../../support/refusals";

jest.mock("../../../provider/resources/problems", () =>
  jest
    .requireActual<typeof import("../../support/refusals")>("../../support/refusals")
    .collecting(jest.requireActual("../../../provider/resources/problems")),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mags-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const CRON = { cronExpression: "0 3 * * *" };

describe("scriptFile", () => {
  it.each<[string, (scriptFile: pulumi.Input<string>) => pulumi.CustomResource]>([
    ["Job", (scriptFile) => new mags.Job("x", { scriptFile })],
    ["CronJob", (scriptFile) => new mags.CronJob("x", { ...CRON, scriptFile })],
  ])("of a %s is sent as its content, so that an edit shows", async (_kind, create) => {
    const path = file("run.sh", "echo ü\n");
    for (const scriptFile of [path, pulumi.output(path)]) {
      const { resources } = await runProgram(() => create(scriptFile));
      expect(resources[0]!.inputs.script).toBe("echo ü\n");
      expect(resources[0]!.inputs).not.toHaveProperty("scriptFile");
    }
  });

  it("that is missing is told with resource, path and reason", async () => {
    const told = await refusalsOf(() => {
      new mags.Job("web", { scriptFile: "./no-such.sh" });
      new mags.CronJob("nightly", { ...CRON, scriptFile: folder });
    });
    expect(told).toMatch(
      /Job "web": scriptFile "\.\/no-such\.sh" cannot be read \(ENOENT\).*relative to the project/,
    );
    expect(told).toMatch(/CronJob "nightly".*EISDIR/);
  });

  it("beside script is refused", async () => {
    const told = await refusalsOf(() => new mags.Job("web", { script: "true", scriptFile: "./x" }));
    expect(told).toContain('Job "web": script and scriptFile both say what to run');
  });
});

describe("files", () => {
  it("are sent as path and content hash", async () => {
    const binary = Buffer.from([0, 255, 10, 13]);
    const [one, two] = [file("one.txt", "one"), file("two.bin", binary)];
    const { resources } = await runProgram(
      () => new mags.Job("x", { files: { one, "b c": pulumi.output(two) } }),
    );
    expect(resources[0]!.inputs.files).toEqual({
      one: { path: one, sha256: sha256("one") },
      "b c": { path: two, sha256: sha256(binary) },
    });
  });

  it("of a folder are sent one by one, also when the folder is an output", async () => {
    mkdirSync(join(folder, "app/lib"), { recursive: true });
    const [a, b] = [file("app/a.js", "a"), file("app/lib/b.js", "b")];
    const app = join(folder, "app");
    const expected = {
      "app/a.js": { path: a, sha256: sha256("a") },
      "app/lib/b.js": { path: b, sha256: sha256("b") },
    };
    for (const files of [
      { "app/": app },
      { "app/": pulumi.output(app) },
      { "app/": { path: pulumi.output(app), exclude: ["none"] } },
      pulumi.output({ "app/": app }),
    ]) {
      const { resources } = await runProgram(() => new mags.Job("x", { files }));
      expect(resources[0]!.inputs.files).toEqual(expected);
    }
  });

  it("have another hash when their content changes", async () => {
    const hashOf = async () => {
      const { resources } = await runProgram(() => new mags.Job("x", { files: { f: join(folder, "f") } }));
      return resources[0]!.inputs.files.f.sha256 as string;
    };
    file("f", "before");
    const before = await hashOf();
    file("f", "after");
    expect(await hashOf()).not.toBe(before);
  });

  it("are recorded by their path from the project, where the engine started the program there", async () => {
    const given = file("f", "");
    const recorded = async () => {
      const { resources } = await runProgram(() => new mags.Job("x", { files: { f: given } }));
      return resources[0]!.inputs.files.f.path as string;
    };
    const back = process.cwd();
    process.env.PULUMI_NODEJS_PROJECT = "shop";
    try {
      process.chdir(folder);
      expect(await recorded()).toBe("f");
      process.chdir(tmpdir());
      expect(await recorded()).toBe(`${basename(folder)}/f`);
    } finally {
      delete process.env.PULUMI_NODEJS_PROJECT;
      process.chdir(back);
    }
    expect(await recorded()).toBe(given);
  });

  it("that cannot be uploaded are told with everything else that is wrong with the program", async () => {
    const { result } = await runProgram(() => [
      filesOf('Job "web"', { data: "./no-such", "conf/": "./no-such-*.json" }),
      judge(jobSchema, "web", { diskGb: 1 }),
      filesOf('Job "other"', { app: folder, later: pulumi.output("./x") }),
      filesOf('Job "list"', ["./a"] as never),
      filesOf('Job "text"', "./a" as never),
    ]);
    const texts = await Promise.all(result.map(reasonOf));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]!.split("\n")).toEqual([
      "The program has 6 problems. Correct and run again:",
      expect.stringContaining('Job "web": The file "data" cannot be read from ./no-such (ENOENT)'),
      expect.stringContaining('Job "web": The folder "conf/" would be empty: ./no-such-*.json gives no file'),
      expect.stringContaining('Job "web": diskGb must be a whole number'),
      expect.stringContaining(`Job "other": The file "app" is a folder (${folder})`),
      expect.stringContaining('Job "list": files has to be a map of names to paths'),
      expect.stringContaining('Job "text": files has to be a map of names to paths'),
    ]);
  });
});

/** What a promise that fails says. */
async function reasonOf(failure: unknown): Promise<string> {
  try {
    await failure;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}
