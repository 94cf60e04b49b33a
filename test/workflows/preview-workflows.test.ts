import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { actionlint } from "../support/actionlint";
import { itIf } from "../support/skip";
import { evaluate, readWorkflow } from "../support/workflow";

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

it("a close is heard of also with a merge conflict, and checks nothing out", () => {
  const { jobs, on } = readWorkflow(path.join(FOLDER, "preview-down.yml"));
  expect(on).toEqual({ pull_request_target: { types: ["closed"] } });
  expect(jobs.down!.steps.filter(({ uses }) => uses?.includes("checkout"))).toEqual([]);
});

describe("who gets a preview", () => {
  const event = (head: string, more: object = {}) => ({
    github: {
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
