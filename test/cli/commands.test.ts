import { existsSync, mkdtempSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectWithCommand, type Project } from "./command";

/** A small app, in TypeScript. What it says depends on the environment, so that there is something to compare. */
const APP = `
import { Annotations, App, CronJob, Job, Schedule, Size, Stack, Workspace } from "pulumi-mags/constructs";

const edit = process.env.EDIT ?? "";
const app = new App();
const shop = new Stack(app, "shop");
const site = new Workspace(shop, "site");
const web = new Job(shop, "web", {
  workspace: site,
  script: "set -e\\nexec ./serve",
  http: { port: 8080 },
  noSleep: edit === "patch",
  disk: Size.gibibytes(edit === "shrink" ? 2 : 8),
});
web.addAlias("url", { subdomain: "shop" });
new CronJob(shop, "nightly", { schedule: Schedule.daily({ hour: 3 }), script: "date" });
Annotations.of(web).addWarning("is watched");
console.log("a line of the program's own");
app.synth("somewhere/else");
`;

let project: Project;
beforeAll(async () => {
  project = projectWithCommand();
  project.write("app.ts", APP);
  project.write("tsconfig.json", `{"compilerOptions": {"module": "nodenext", "target": "es2022"}}`);
  expect(await project.run(["synth", "--app", "app.ts", "--out", "manifest"])).toMatchObject({ code: 0 });
});
afterAll(() => project.remove());

describe("mags-iac synth", () => {
  it("writes the manifest where it is told, and nowhere else", async () => {
    expect(readdirSync(path.join(project.folder, "manifest")).sort()).toEqual([
      "mags.manifest.json",
      "tree.json",
    ]);
    expect(existsSync(path.join(project.folder, "somewhere"))).toBe(false);
    expect(JSON.parse(project.read("manifest/mags.manifest.json"))).toMatchObject({
      resources: { "shop/site": { kind: "Workspace" }, "shop/web": { kind: "Job" } },
    });
  });

  it("keeps its own output clean of what the program prints, and tells warnings", async () => {
    const { code, stdout, stderr } = await project.run(["synth", "--app", "app.ts", "--out", "manifest"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "4 resources; up to date\n" });
    expect(stderr).toBe("a line of the program's own\nwarning: [shop/web] is watched\n");
  });

  it("--check ends with 2 where something is stale, names it, and writes nothing", async () => {
    const before = project.read("manifest/mags.manifest.json");
    const { code, stdout, stderr } = await project.run(
      ["synth", "--app", "app.ts", "--out", "manifest", "--check"],
      { EDIT: "patch" },
    );
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: "4 resources; stale: manifest/mags.manifest.json\n",
    });
    expect(stderr).toContain('Run "mags-iac synth" without --check');
    expect(project.read("manifest/mags.manifest.json")).toBe(before);
    expect(await project.run(["synth", "--app", "app.ts", "--out", "manifest", "--check"])).toMatchObject({
      code: 0,
    });
    expect(await project.run(["synth", "--app", "app.ts", "--out", "nothing-here", "--check"])).toMatchObject(
      {
        code: 2,
      },
    );
  });

  it("--check does not mind line ends that git has changed", async () => {
    const { code } = await project.run(["synth", "--app", "app.ts", "--out", "crlf"]);
    expect(code).toBe(0);
    for (const name of ["mags.manifest.json", "tree.json"]) {
      project.write(`crlf/${name}`, project.read(`crlf/${name}`).replaceAll("\n", "\r\n"));
    }
    expect(await project.run(["synth", "--app", "app.ts", "--out", "crlf", "--check"])).toMatchObject({
      code: 0,
    });
  });

  it("gives the same bytes in another time zone and locale", async () => {
    const { code } = await project.run(["synth", "--app", "app.ts", "--out", "manifest", "--check"], {
      TZ: "Pacific/Chatham",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
    });
    expect(code).toBe(0);
  });

  it("--json prints JSON alone", async () => {
    const { stdout } = await project.run(["synth", "--app", "app.ts", "--out", "manifest", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      out: "manifest",
      written: [],
      resources: { CronJob: 1, Job: 1, UrlAlias: 1, Workspace: 1 },
      annotations: [{ path: "shop/web", level: "warning", message: "is watched" }],
    });
    const check = await project.run(["synth", "--app", "app.ts", "--out", "x", "--json", "--check"]);
    expect(JSON.parse(check.stdout)).toMatchObject({ stale: ["mags.manifest.json", "tree.json"] });
  });

  it("takes a command for the shell, an ES module and a CommonJS program", async () => {
    const body = `const app = new App(); new Job(new Stack(app, "s"), "j"); app.synth();`;
    project.write("app.mjs", `import { App, Job, Stack } from "pulumi-mags/constructs"; ${body}`);
    project.write("app.cjs", `const { App, Job, Stack } = require("pulumi-mags/constructs"); ${body}`);
    for (const app of ["app.mjs", "app.cjs", "X=1 node app.cjs", "./app.cjs"]) {
      expect(await project.run(["synth", "--app", app, "--out", "out"])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("1 resource; "),
      });
    }
  });

  it("takes a path with spaces in it", async () => {
    project.write(
      "my app.cjs",
      `const { App, Job, Stack } = require("pulumi-mags/constructs");
       const app = new App(); new Job(new Stack(app, "s"), "j"); app.synth();`,
    );
    for (const app of ["my app.cjs", `${project.folder}/my app.cjs`]) {
      expect(await project.run(["synth", "--app", app, "--out", "out"])).toMatchObject({ code: 0 });
    }
  });

  it("shows every mistake of a program at once, with its path, and no stack", async () => {
    project.write(
      "mistaken.ts",
      `import { App, Job, Stack } from "pulumi-mags/constructs";
       const app = new App();
       const stack = new Stack(app, "shop");
       new Job(stack, "a", { http: { port: 0 } });
       new Job(stack, "b", { vcpus: -1 });
       app.synth();`,
    );
    const { code, stdout, stderr } = await project.run(["synth", "--app", "mistaken.ts", "--out", "out"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: [
        "mags-iac: The app has 2 problems. Correct and run again:",
        "  - [shop/a] http.port must be a whole number from 1 to 65535.",
        "  - [shop/b] vcpus must be a whole number from 1 to 256.",
        "",
      ].join("\n"),
    });
  });

  it("shows a mistake that no plan could collect the same way", async () => {
    project.write(
      "early.mjs",
      `import { Duration } from "pulumi-mags/constructs"; Duration.minutes(90).toHours();`,
    );
    const { code, stderr } = await project.run(["synth", "--app", "early.mjs"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^mags-iac: A duration of 1 hour 30 minutes is not a whole number of hours[^\n]*\n$/,
      ),
    });
  });

  it.each([
    [
      "a program that is not there",
      "nothing.ts",
      /There is no file nothing\.ts, which --app names\..*node app\.js/,
    ],
    [
      "a program that has a bug",
      "bug.mjs",
      /TypeError: a bug[^]*The app program "bug\.mjs" ended with exit code 1.*above/,
    ],
    [
      "a command that is not there",
      "no-such-command-here",
      /"no-such-command-here" ended with exit code 127/,
    ],
    ["a program that ends otherwise", "exits.mjs", /"exits\.mjs" ended with exit code 7/],
    [
      "a program that forgets to synthesize",
      "forgets.mjs",
      /ended well, but gave no plan\..*add app\.synth\(\)/,
    ],
    ["a program with two apps", "twice.mjs", /synthesizes two apps/],
    ["a program that gives something else", "other.cjs", /is not what synth writes \(resources: /],
  ])("says what to do about %s", async (_what, app, text) => {
    const head = `import { App, Job, Stack } from "pulumi-mags/constructs";`;
    project.write("bug.mjs", `throw new TypeError("a bug")`);
    project.write("exits.mjs", `process.exit(7)`);
    project.write("forgets.mjs", `${head} new Job(new Stack(new App(), "s"), "j");`);
    project.write(
      "twice.mjs",
      `${head} for (const id of ["a", "b"]) { const app = new App(); new Stack(app, id); app.synth(); }`,
    );
    const files = `["mags.manifest.json", "tree.json", "hand-over.json"]`;
    const write = `require("fs").writeFileSync(process.env.MAGS_IAC_OUTDIR + "/" + name, '{"version":1}')`;
    project.write("other.cjs", `for (const name of ${files}) ${write};`);
    const { code, stdout, stderr } = await project.run(["synth", "--app", app, "--out", "never"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(text);
    expect(existsSync(path.join(project.folder, "never"))).toBe(false);
  });

  it("an app may be synthesized more than once", async () => {
    project.write(
      "again.mjs",
      `import { App, Job, Stack } from "pulumi-mags/constructs";
       const app = new App(); new Job(new Stack(app, "s"), "j"); app.synth(); app.synth("x", { check: true });`,
    );
    expect(await project.run(["synth", "--app", "again.mjs", "--out", "out"])).toMatchObject({ code: 0 });
  });

  it("leaves nothing behind, also when it is interrupted", async () => {
    // A place of its own: other tests run the command beside this one.
    const place = mkdtempSync(path.join(os.tmpdir(), "mags-leftovers-"));
    project.write("waits.mjs", `console.log("waiting"); setInterval(() => {}, 1000);`);
    const { child, ended } = project.start(["synth", "--app", "waits.mjs"], { TMPDIR: place });
    await new Promise<void>((resolve) => child.stderr!.once("data", () => resolve()));
    expect(readdirSync(place)).toHaveLength(1);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 143, stderr: expect.stringContaining("was ended by SIGTERM") });
    expect(readdirSync(place)).toEqual([]);
    rmdirSync(place);
  });

  it("a folder that cannot be written is told as that", async () => {
    project.write("file", "");
    const { code, stderr } = await project.run(["synth", "--app", "app.ts", "--out", "file"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/The manifest cannot be written to or compared with file.*Choose another folder/);
  });
});

describe("mags-iac diff", () => {
  it("says nothing has changed where nothing has", async () => {
    expect(await project.run(["diff", "--app", "app.ts", "--out", "manifest", "--exit-code"])).toMatchObject({
      code: 0,
      stdout: "No changes.\n",
    });
  });

  it("says what changes and what that does, without colours in a pipe", async () => {
    const args = ["diff", "--app", "app.ts", "--out", "manifest"];
    const { code, stdout } = await project.run(args, { EDIT: "patch" });
    expect(code).toBe(0);
    expect(stdout).toBe(`~ shop/web (Job): patch
    noSleep: false → true

1 to patch.

patch: changed through the API on the live object, without a restart.
`);
    expect(await project.run([...args, "--exit-code"], { EDIT: "patch" })).toMatchObject({ code: 2 });
    const colored = await project.run(args, { EDIT: "patch", FORCE_COLOR: "1" });
    expect(colored.stdout).toContain("\u001b[");
  });

  it("ends with 3 where a deploy would refuse", async () => {
    const args = ["diff", "--app", "app.ts", "--out", "manifest"];
    const { code, stdout } = await project.run(args, { EDIT: "shrink" });
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^! shop\/web \(Job\): resize, refused\n {4}The disk of job "shop\/web" cannot shrink/,
    );
    const json = await project.run([...args, "--json"], { EDIT: "shrink" });
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toEqual({
      changes: [
        {
          path: "shop/web",
          kind: "Job",
          action: "resize",
          meaning: expect.stringContaining("larger disk"),
          refused: expect.stringContaining("cannot shrink from 8 GB to 2 GB"),
          changes: [{ property: "diskGb", effect: "resize", before: 8, after: 2, default: 2 }],
        },
      ],
    });
  });

  it("compares any two manifests, without an app", async () => {
    await project.run(["synth", "--app", "app.ts", "--out", "edited"], { EDIT: "patch" });
    const file = "manifest/mags.manifest.json";
    const { code, stdout } = await project.run(["diff", "--from", file, "--to", "edited", "--exit-code"]);
    expect(code).toBe(2);
    expect(stdout).toContain("~ shop/web (Job): patch");
  });

  it.each([
    [
      "a manifest that is missing",
      ["--out", "nowhere", "--app", "app.ts"],
      /There is no nowhere.mags\.manifest\.json\. Write it with/,
    ],
    [
      "a manifest that is none",
      ["--from", "broken.json", "--to", "manifest"],
      /broken\.json is not what synth writes/,
    ],
    [
      "a manifest of a later release",
      ["--from", "later.json", "--to", "manifest"],
      /later\.json was written by a newer pulumi-mags/,
    ],
    [
      "both an app and a file",
      ["--app", "app.ts", "--to", "manifest", "--out", "manifest"],
      /exactly one of --app and --to/,
    ],
    ["neither an app nor a file", ["--out", "manifest"], /exactly one of --app and --to/],
  ])("says what to do about %s", async (_what, args, text) => {
    project.write("broken.json", "{");
    project.write("later.json", `{"version": 999, "resources": {}}`);
    const { code, stdout, stderr } = await project.run(["diff", ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain("    at ");
  });
});

describe("mags-iac graph", () => {
  it("draws what the app gives, the same as what was committed", async () => {
    const fromApp = await project.run(["graph", "--app", "app.ts"]);
    const fromFiles = await project.run(["graph", "--from", "manifest"]);
    expect(fromApp).toMatchObject({ code: 0, stdout: expect.stringMatching(/^<svg [^]*<\/svg>\n$/) });
    expect(fromFiles.stdout).toBe(fromApp.stdout);
  });

  it("writes the picture into a file, and says what is on it", async () => {
    const { code, stdout } = await project.run(["graph", "--from", "manifest", "--svg", "docs/shop.svg"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "docs/shop.svg: 4 resources, 2 references\n" });
    expect(project.read("docs/shop.svg")).toMatch(/^<svg /);
    const json = await project.run(["graph", "--from", "manifest", "--svg", "a.svg", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ svg: "a.svg", resources: 4, references: 2 });
  });

  it("a reader that stops reading early is no error", async () => {
    const { child, ended } = project.start(["graph", "--from", "manifest"]);
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["neither an app nor a folder", [], /exactly one of --app and --from/],
    ["a folder without a tree", ["--from", "half"], /There is no half.tree\.json/],
    ["JSON and a picture on one stdout", ["--from", "manifest", "--json"], /Name a file with --svg/],
    [
      "a file that cannot be written",
      ["--from", "manifest", "--svg", "app.ts/x.svg"],
      /app\.ts.x\.svg cannot be written/,
    ],
  ])("says what to do about %s", async (_what, args, text) => {
    await project.run(["synth", "--app", "app.ts", "--out", "half"]);
    rmSync(path.join(project.folder, "half/tree.json"));
    const { code, stderr } = await project.run(["graph", ...args]);
    expect(code).toBe(1);
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain("    at ");
  });
});

describe("mags-iac", () => {
  it("answers --help of every command with examples, and wrong words with a suggestion", async () => {
    for (const name of ["synth", "diff", "graph"]) {
      const { code, stdout } = await project.run([name, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Examples:\n  mags-iac ${name} `);
    }
    expect(await project.run(["synht"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Did you mean synth?"),
    });
    expect(await project.run(["synth", "--apps", "x"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Did you mean --app\?[^]*mags-iac synth --help/),
    });
    expect(await project.run(["synth"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Give its path"),
    });
  });

  it("loads neither Pulumi nor the emulator for these", async () => {
    const loaded = `
      process.on("exit", () => {
        const found = Object.keys(require.cache).filter((file) => /@pulumi|dist[/\\\\]emulator[/\\\\]/.test(file));
        require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(found));
      });`;
    project.write("loaded.cjs", loaded);
    const file = path.join(project.folder, "loaded.json");
    const env = { NODE_OPTIONS: `--require ${path.join(project.folder, "loaded.cjs")}`, LOADED: file };
    for (const args of [
      ["diff", "--from", "manifest", "--to", "manifest"],
      ["graph", "--from", "manifest"],
      ["--help"],
    ]) {
      await project.run(args, env);
      expect(JSON.parse(project.read("loaded.json"))).toEqual([]);
    }
  });
});
