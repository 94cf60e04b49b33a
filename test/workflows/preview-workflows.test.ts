import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { actionlint } from "../support/actionlint";
import { itIf } from "../support/skip";
import { evaluate, readWorkflow, runJob } from "../support/workflow";

jest.setTimeout(360_000);

const FOLDER = path.resolve(__dirname, "../../examples/preview-environments/.github/workflows");
const files = readdirSync(FOLDER).sort();
const checker = actionlint();

itIf("program" in checker, "missing" in checker ? checker.missing : "")(
  "actionlint has nothing to say",
  () => {
    const { program } = checker as { program: string };
    const { status, stdout } = spawnSync(
      program,
      ["-no-color", ...files.map((file) => path.join(FOLDER, file))],
      {
        encoding: "utf8",
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  },
);

it("there are those for up, down, forks and the sweep", () =>
  expect(files).toEqual(["preview-down.yml", "preview-fork.yml", "preview-sweep.yml", "preview-up.yml"]));

describe.each(files)("%s", (file) => {
  const workflow = readWorkflow(path.join(FOLDER, file));
  const text = readFileSync(path.join(FOLDER, file), "utf8");
  const jobs = Object.entries(workflow.jobs);

  it("pins every action by commit, and says of which version that is", () => {
    for (const [line, action] of text.matchAll(/uses: (.*)/g))
      expect([line, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action!)]).toEqual([line, true]);
  });

  it("gives nothing but what each job needs", () => {
    expect(workflow.permissions).toEqual({});
    const allowed = { contents: "read", deployments: "write", "pull-requests": "write" };
    for (const [, job] of jobs) expect(allowed).toMatchObject(job.permissions!);
  });

  it("cancels nothing that runs", () => {
    const groups = [workflow.concurrency, ...jobs.map(([, job]) => job.concurrency)].filter(Boolean);
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups) expect(group!["cancel-in-progress"]).toBe(false);
  });

  it("gives secrets to the step that calls mags-iac alone, and puts no expression into a script", () => {
    for (const [, job] of jobs)
      for (const { env = {}, run } of job.steps) {
        const hasSecrets = Object.values(env).some((value) => String(value).includes("secrets."));
        expect([hasSecrets, run?.includes("mags-iac preview") ?? false]).toEqual([hasSecrets, hasSecrets]);
        expect(run ?? "").not.toContain("${{");
      }
  });

  it("leaves no credentials in a checkout", () => {
    for (const [, job] of jobs)
      for (const step of job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")))
        expect(step.with).toMatchObject({ "persist-credentials": false });
  });
});

it("up, down and those of forks wait for each other, by pull request", () => {
  const groups = [
    ["preview-up.yml", "up"],
    ["preview-down.yml", "down"],
    ["preview-fork.yml", "up"],
  ].map(([file, job]) => readWorkflow(path.join(FOLDER, file!)).jobs[job!]!.concurrency!.group);
  expect(new Set(groups)).toEqual(new Set(["preview-${{ github.event.pull_request.number }}"]));
});

describe.each([
  ["preview-down.yml", "down", "${{ github.event.repository.default_branch }}"],
  // What runs at night is of the default branch already.
  ["preview-sweep.yml", "sweep", undefined],
])("%s", (file, job, ref) => {
  const workflow = readWorkflow(path.join(FOLDER, file));

  it("has nothing of a pull request: the tool alone, and what says where its previews are", () => {
    const checkouts = workflow.jobs[job]!.steps.filter(({ uses }) => uses?.includes("checkout"));
    expect(checkouts.map((step) => step.with)).toEqual([
      {
        ...(ref === undefined ? {} : { ref }),
        "sparse-checkout-cone-mode": false,
        "sparse-checkout": "/.github/mags-iac/\n/Pulumi.yaml\n/Pulumi.preview.yaml\n",
        "persist-credentials": false,
      },
    ]);
  });

  it("names no package: what is installed is what the lockfile says", () => {
    for (const { run = "" } of workflow.jobs[job]!.steps)
      expect(run).not.toMatch(/npm (?:install|i|exec)|npx/);
  });
});

it("a close is heard of also with a merge conflict", () =>
  expect(readWorkflow(path.join(FOLDER, "preview-down.yml")).on).toEqual({
    pull_request_target: { types: ["closed"] },
  }));

describe("installing the tool, by npm itself", () => {
  let folder: string;
  const tool = () => path.join(folder, ".github/mags-iac");
  const tarball = () => path.join(tool(), "pulumi-mags-0.1.0.tgz");
  const npm = (cwd: string, ...args: string[]) => {
    const { status, stderr } = spawnSync("npm", [...args, "--offline"], { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };

  /** A package of that name that says how it was called, and has a script that nobody must run. */
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "workflow-"));
    const made = path.join(folder, "package");
    write(
      path.join(made, "main.js"),
      "#!/usr/bin/env node\nconsole.log('called:', ...process.argv.slice(2));",
    );
    const scripts = { postinstall: "echo ran > ../../../ran" };
    write(
      path.join(made, "package.json"),
      JSON.stringify({ name: "pulumi-mags", version: "0.1.0", bin: { "mags-iac": "main.js" }, scripts }),
    );
    mkdirSync(tool(), { recursive: true });
    npm(made, "pack", "--pack-destination", tool());
    const example = JSON.parse(readFileSync(path.resolve(FOLDER, "../mags-iac/package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    // The others would come from the registry.
    const dependencies = { "pulumi-mags": example.dependencies["pulumi-mags"] };
    write(path.join(tool(), "package.json"), JSON.stringify({ ...example, dependencies }));
    npm(tool(), "install", "--package-lock-only");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const down = (project = "") =>
    runJob(
      readWorkflow(path.join(FOLDER, "preview-down.yml")),
      "down",
      {
        github: { event: { pull_request: { number: 7 } }, token: "t" },
        secrets: {},
        vars: { MAGS_PREVIEW_PROJECT: project },
      },
      { folder, env: { PATH: process.env.PATH!, HOME: folder, npm_config_offline: "true" } },
    );

  it("gives the command, and runs no script of a package", async () => {
    const { code, output } = await down();
    expect([code, output]).toEqual([
      0,
      expect.stringContaining("called: preview down --pr 7 --unlock-after 45m --comment"),
    ]);
    expect(existsSync(path.join(tool(), "node_modules/ran"))).toBe(false);
    expect(existsSync(path.join(folder, "ran"))).toBe(false);
    expect((await down("shop")).output).toContain("--pr 7 --project shop --unlock-after");
  });

  it.each([
    [
      "the lockfile",
      () => path.join(tool(), "package-lock.json"),
      "has no .github/mags-iac/package-lock.json",
    ],
    ["the package", tarball, "mags-iac could not be installed from .github/mags-iac"],
    ["all of it", tool, "has no .github/mags-iac/package.json"],
  ])("fails aloud without %s, and removes nothing", async (_what, missing, told) => {
    rmSync(missing(), { recursive: true });
    const { code, output } = await down();
    expect([code, output]).toEqual([1, expect.stringContaining(told)]);
    expect(output).toContain("::error::");
    expect(output).not.toContain("called:");
  });
});

describe("who gets a preview", () => {
  const event = (
    head: string,
    { actor = "somebody", ...more }: { actor?: string; action?: string; label?: { name: string } },
  ) => ({
    github: {
      actor,
      repository: "acme/shop",
      event: { pull_request: { state: "open", labels: [], head: { repo: { full_name: head } } }, ...more },
    },
  });
  const runs = (file: string, job: string, context: Record<string, unknown>) =>
    Boolean(evaluate(readWorkflow(path.join(FOLDER, file)).jobs[job]!.if!, context));

  it.each([
    ["the repository itself", "acme/shop", {}, true, false],
    ["a fork", "stranger/shop", { action: "opened" }, false, false],
    [
      "a fork with another label",
      "stranger/shop",
      { action: "labeled", label: { name: "bug" } },
      false,
      false,
    ],
    [
      "a fork with the label",
      "stranger/shop",
      { action: "labeled", label: { name: "preview" } },
      false,
      true,
    ],
    ["Dependabot, which gets no secrets", "acme/shop", { actor: "dependabot[bot]" }, false, false],
    ["a labelled fork that is pushed to", "stranger/shop", { action: "synchronize" }, false, false],
    [
      "the repository itself, labelled",
      "acme/shop",
      { action: "labeled", label: { name: "preview" } },
      true,
      false,
    ],
  ])("%s", (_what, head, more, own, fork) => {
    expect(runs("preview-up.yml", "up", event(head, more))).toBe(own);
    expect(runs("preview-fork.yml", "up", event(head, more))).toBe(fork);
  });
});
