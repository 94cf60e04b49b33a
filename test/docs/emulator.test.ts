import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compile } from "../support/compiled";

/*
 * The example of docs/emulator.md, as a reader would copy it: into a project of its own that has nothing but
 * the package.
 */

jest.setTimeout(900_000);

const page = fs.readFileSync(path.join(__dirname, "../../docs/emulator.md"), "utf8");

/** The files that the page shows, by the name in their first line. */
const files = new Map(
  [...page.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [name!, text!]),
);

const compiled = compile();
let project: string;

beforeEach(() => {
  project = fs.mkdtempSync(path.join(tmpdir(), "emulator-docs-"));
  const installed = path.join(project, "node_modules", "pulumi-mags");
  fs.mkdirSync(installed, { recursive: true });
  fs.symlinkSync(compiled.path("emulator"), path.join(installed, "emulator"));
  fs.writeFileSync(
    path.join(installed, "package.json"),
    JSON.stringify({ name: "pulumi-mags", exports: { "./emulator": "./emulator/index.js" } }),
  );
  for (const [name, text] of files) fs.writeFileSync(path.join(project, name), text);
});
afterEach(() => fs.rmSync(project, { recursive: true, force: true }));
afterAll(() => compiled.remove());

/** Runs the tests of the page; gives their report. */
function runTests(): { status: number | null; report: string } {
  const env: NodeJS.ProcessEnv = { ...compiled.env };
  // Or the runner thinks it is part of another one.
  delete env.NODE_TEST_CONTEXT;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", "--test-reporter=tap"], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return { status, report: stdout + stderr };
}

test("the example passes as it stands", () => {
  expect([...files.keys()]).toEqual(["sandbox.mjs", "sandbox.test.mjs"]);
  const { status, report } = runTests();
  expect(report).toContain("# pass 3\n");
  expect(status).toBe(0);
});

test("and it notices a program that does not do what it should", () => {
  const program = files.get("sandbox.mjs") ?? "";
  fs.writeFileSync(path.join(project, "sandbox.mjs"), program.replace("answer.status === 429", "false"));
  const { status, report } = runTests();
  expect(report).toContain("not ok 2 - gets over a rate limit");
  expect(report).toContain("# fail 1\n");
  expect(status).toBe(1);
});
