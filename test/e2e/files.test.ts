import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

/** Shows what the VM got, and goes on. */
const SCRIPT =
  'cd "${MAGS_UPLOADS:-/uploads}" && find . -type f | sort | while read f; do echo "$f: $(head -n 1 "$f")"; done; sleep infinity';

const PROGRAM = (files: string) =>
  `exports.request = new mags.Job("web", { script: ${JSON.stringify(SCRIPT)}, files: ${files} }).requestId;`;

describe("files on the real engine", () => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: "" }, { execute: "process" });
    write("app/index.js", "one");
    write("app/lib/a.js", "two");
    write("app/lib/.hidden", "three");
    write("app/.git/HEAD", "ref");
    write("app/node_modules/x/index.js", "not ours");
    write("conf/a.json", "{}");
    write("conf/b.yaml", "b: 1");
    write("prod.env", "PORT=1");
  });
  afterAll(() => the.stop());

  const write = (name: string, content: string) => {
    const path = join(the.project.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const FILES = `{ ".env": "./prod.env", "app/": "./app", "etc/conf/": "./conf/*.json" }`;

  /** What the script of the current VM has shown of what it found. */
  async function shown(): Promise<string[]> {
    const { request } = await the.project.outputs();
    let lines: string[] = [];
    await waitUntil(async () => {
      const answer = await fetch(`${the.emulator.url}/api/v1/mags-jobs/${String(request)}/logs`, {
        headers: { authorization: `Bearer ${the.emulator.token}` },
      });
      const { logs } = (await answer.json()) as { logs: ({ message: string } | string)[] };
      lines = logs
        .map((line) => (typeof line === "string" ? line : line.message))
        .filter((line) => line.startsWith("./") && !line.includes("mags-files"));
      return lines.length >= 5;
    });
    return lines;
  }

  it("are in the VM before its script runs, folders with their structure", async () => {
    the.project.write(PROGRAM(FILES));
    expectSuccess(await the.project.up());
    expect(await shown()).toEqual([
      "./.env: PORT=1",
      "./app/index.js: one",
      "./app/lib/.hidden: three",
      "./app/lib/a.js: two",
      "./etc/conf/a.json: {}",
    ]);
    expect(the.mutations()).toEqual(["POST /mags-files", "POST /mags-files", "POST /mags-jobs"]);
  });

  it("that hold what they held are no row, wherever they are and whenever they were written", async () => {
    utimesSync(join(the.project.folder, "app/index.js"), 1, 1);
    rmSync(join(the.project.folder, "app/lib"), { recursive: true });
    write("app/lib/a.js", "two");
    write("app/lib/.hidden", "three");
    write("app/node_modules/x/index.js", "changed");
    expectSuccess(await the.project.up("--expect-no-changes"));
    write("elsewhere/a.json", "{}");
    the.project.write(
      PROGRAM(
        `{ ".env": __dirname + "/prod.env", "app/": { path: "app", exclude: [] }, "etc/conf/": "./elsewhere" }`,
      ),
    );
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
    expect(the.project.stateText()).not.toContain(the.project.folder);
    the.project.write(PROGRAM(FILES));
  });

  it("that hold something else are one restart, each named in the plan", async () => {
    write("app/lib/a.js", "changed");
    write("conf/new.json", "[]");
    const { output } = expectSuccess(await the.project.preview("--diff"));
    const rows = output.slice(output.indexOf("~ files"));
    expect(rows).toMatch(/~ app\/lib\/a\.js\s*: \{\s+~ sha256: "[0-9a-f]+" => "[0-9a-f]+"/);
    expect(rows).toMatch(/\+ etc\/conf\/new\.json\s*: \{/);
    expect(rows).not.toContain("index.js");
    expect(rows).not.toContain("prod.env");
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual([
      "POST /mags-files",
      "POST /mags-files",
      "POST /mags-jobs/{id}/stop",
      "POST /mags-jobs",
    ]);
    expect(await shown()).toContain("./app/lib/a.js: changed");
    expect(await shown()).toContain("./etc/conf/new.json: []");
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("that cannot be uploaded are refused in the plan, all of them at once", async () => {
    const before = (await the.project.resource("Job")).outputs!.requestId;
    the.mutations();
    the.project.write(
      PROGRAM(
        `{ gone: "./no-such", app: "./app", "docs/": "./*.md", "x/": "./conf", "x/a.json": "./prod.env" }`,
      ),
    );
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toContain("The program has 4 problems");
    for (const problem of [
      'Job "web": The file "gone" cannot be read from ./no-such (ENOENT)',
      'Job "web": The file "app" is a folder (./app)',
      'Job "web": The folder "docs/" would be empty: ./*.md gives no file',
      'Job "web": The file "x/a.json" would be put there twice',
    ])
      expect(output).toContain(problem);
    expect(output).not.toContain("local-files.");
    the.project.write(PROGRAM(`{ a: pulumi.output("./no-such"), b: pulumi.output("./nor-this") }`));
    const later = await the.project.up();
    expect(later.code).not.toBe(0);
    expect(later.output).toContain('Job "web": The file "a" cannot be read from ./no-such');
    expect(later.output).toContain('Job "web": The file "b" cannot be read from ./nor-this');
    expect(the.mutations()).toEqual([]);
    expect((await the.project.resource("Job")).outputs!.requestId).toBe(before);
  });
});
