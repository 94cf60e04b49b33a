import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";

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
    await runProgram(() => {
      expect(() => new mags.Job("web", { scriptFile: "./no-such.sh" })).toThrow(
        /Job "web": scriptFile "\.\/no-such\.sh" cannot be read \(ENOENT\).*relative to the project/,
      );
      expect(() => new mags.CronJob("nightly", { ...CRON, scriptFile: folder })).toThrow(
        /CronJob "nightly".*EISDIR/,
      );
    });
  });

  it("beside script is refused", async () => {
    await runProgram(() => {
      expect(() => new mags.Job("web", { script: "true", scriptFile: "./x" })).toThrow(
        'Job "web": script and scriptFile both say what to run',
      );
    });
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

  it("that are missing are told by name and path", async () => {
    await runProgram(() => {
      expect(() => new mags.Job("web", { files: { data: "./no-such" } })).toThrow(
        /file "Job "web": data" cannot be read from \.\/no-such/,
      );
    });
  });
});
