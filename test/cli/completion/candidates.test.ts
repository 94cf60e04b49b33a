import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { candidates } from "../../../cli/completion/candidates";
import { program } from "../../../cli/program";
import { fakePulumi } from "../fake-pulumi";

const pulumi = fakePulumi();
/** Longer than any machine takes. */
const PATIENT_MS = 60_000;

const after = (...words: string[]) => candidates(program(), words, PATIENT_MS);
const valuesAfter = async (...words: string[]) => {
  const found = await after(...words);
  return found === "files" ? found : found.map(({ value }) => value);
};

describe("after --only", () => {
  it("are the kinds, as it takes them", async () => {
    expect(await valuesAfter("import", "--only", "")).toEqual(["workspace", "job", "alias", "cron"]);
    expect(await valuesAfter("import", "--only", "job", "--only", "a")).toEqual(["alias"]);
    expect(await after("import", "--only=cr")).toEqual([
      { value: "--only=cron", meaning: "all of kind CronJob" },
    ]);
  });
});

describe("after --stack", () => {
  const STACKS = [{ name: "dev" }, { name: "prod", current: true }, { name: "preview" }];

  it.each(["fleet", "import", "drift", "doctor"])("of %s are the stacks of the project", async (name) => {
    pulumi.answers(`console.log(${JSON.stringify(JSON.stringify(STACKS))});`);
    expect(await after(name, "--stack", "pr")).toEqual([
      { value: "prod", meaning: "the selected stack" },
      { value: "preview", meaning: "" },
    ]);
    expect(await valuesAfter(name, "-s", "d")).toEqual(["dev"]);
  });

  it("are those of the project in --cwd", async () => {
    pulumi.answers(`console.log(${JSON.stringify(JSON.stringify(STACKS))});`);
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "mags-cwd-")));
    try {
      mkdirSync(path.join(folder, "infra"));
      await after("fleet", "--cwd", path.join(folder, "infra"), "--stack", "");
      await after("fleet", `--cwd=${folder}`, "--stack", "");
      expect(pulumi.calls().map(({ cwd }) => cwd)).toEqual([path.join(folder, "infra"), folder]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is nothing where Pulumi does not know, and nobody is told while typing", async () => {
    pulumi.fails("error: no Pulumi.yaml project file found");
    expect(await after("fleet", "--stack", "")).toEqual([]);
    expect(await after("fleet", "--cwd", "no/such/folder", "--stack", "")).toEqual([]);
  });

  it("is nothing where Pulumi takes longer than somebody waits", async () => {
    pulumi.answers("setInterval(() => undefined, 1000);");
    expect(await candidates(program(), ["fleet", "--stack", ""], 50)).toEqual([]);
  });

  it("Pulumi is asked for nothing else", async () => {
    pulumi.answers("");
    for (const words of [["fle"], ["fleet", "--"], ["import", "--as", ""], ["completion", ""]])
      await after(...words);
    expect(pulumi.calls()).toEqual([]);
  });
});
