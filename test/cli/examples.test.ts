import { cpSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { projectWithCommand, type Project } from "./command";

jest.setTimeout(900_000);

const EXAMPLES = path.resolve(__dirname, "../../examples");
const withManifest = readdirSync(EXAMPLES).filter((name) =>
  existsSync(path.join(EXAMPLES, name, "manifest/mags.manifest.json")),
);

/** An edit of each, which the manifest has to show. */
const EDITS: Record<string, readonly [file: string, from: string, to: string]> = {
  "cron-schedules": ["schedules.yaml", "0 3 * * *", "0 4 * * *"],
  "sandbox-fleet": ["app.ts", "large: 5", "large: 6"],
};

describe("examples with a committed manifest", () => {
  let project: Project;

  beforeEach(() => (project = projectWithCommand()));
  afterEach(() => project.remove());

  it("are known", () => expect(withManifest.sort()).toEqual(Object.keys(EDITS)));

  it.each(withManifest)("%s: it is what the program gives, without Pulumi", async (name) => {
    cpSync(path.join(EXAMPLES, name), project.folder, {
      recursive: true,
      filter: (source) => !source.includes("node_modules"),
    });
    const check = ["synth", "--app", "synth.ts", "--out", "manifest", "--check"];
    expect(await project.run(check)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("up to date"),
    });
    const [file, from, to] = EDITS[name]!;
    project.write(file, project.read(file).replace(from, to));
    expect(await project.run(check)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("mags.manifest.json"),
    });
  });
});
