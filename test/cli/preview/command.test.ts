import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { tellFailure } from "../../../cli/lib/failure";
import { program } from "../../../cli/program";
import { startEmulator, type Emulator } from "../../../emulator";
import { generatedName } from "../../../provider/schema/naming";
import { fakePulumi } from "../fake-pulumi";

const pulumi = fakePulumi();
let folder: string;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ execute: "simulate" });
});
afterAll(() => emulator.stop());
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "mags-preview-test-"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  Object.assign(process.env, {
    HOME: folder,
    MAGS_API_URL: emulator.url,
    MAGS_API_TOKEN: emulator.token,
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_TOKEN: "",
    GH_TOKEN: "",
    PULUMI_CONFIG_PASSPHRASE: "sesame",
  });
  delete process.env.PULUMI_BACKEND_URL;
  delete process.env.GITHUB_ACTIONS;
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** What somebody sees who runs `mags-iac preview` in the project. */
async function preview(...words: string[]) {
  const args = ["preview", ...words, ...(words.includes("--program") ? [] : ["--program", folder])];
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  process.exitCode = undefined;
  try {
    await program().parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = tellFailure(error, args);
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  jest.restoreAllMocks();
  return { code, ...written };
}

type Tags = Record<string, string>;

/** A backend in a bucket, with these stacks by their tags. Without a list, some state of it is spoilt. */
function backend(stacks: Record<string, Tags>, { lists = true, unreadable = [] as string[] } = {}): void {
  pulumi.answers(`
    const stacks = ${JSON.stringify(stacks)};
    const stack = /--stack (\\S+)/.exec(args)?.[1];
    const fail = (text) => { process.stderr.write("error: " + text + "\\n"); process.exitCode = 1; };
    if (/^version/.test(args)) console.log("v3.259.0");
    else if (/whoami/.test(args)) console.log(JSON.stringify({ user: "me", url: "s3://states" }));
    else if (/stack ls/.test(args)) {
      if (${lists}) console.log(JSON.stringify(Object.keys(stacks).map((name) => ({ name }))));
      else fail("unexpected end of JSON input");
    }
    else if (!stacks[stack]) fail("no stack named '" + stack + "' found");
    else if (/stack tag ls/.test(args)) console.log(JSON.stringify(stacks[stack]));
    else if (/stack export/.test(args)) {
      if (${JSON.stringify(unreadable)}.includes(stack)) fail("failed to load checkpoint: unexpected end of JSON input");
      else console.log(JSON.stringify({ version: 3, deployment: {} }));
    }
    else fail("asked for " + args);`);
}

const ours = (number: number): Tags => ({ "mags:preview": `acme/shop#${number}` });

/** A schedule in the cloud, as the preview of a pull request makes it. */
async function schedule(number: number): Promise<void> {
  const identity = { organization: "organization", project: "shop", stack: `pr-${number}` };
  const name = generatedName({ ...identity, typeChain: "t", logicalName: "tick" }, "acme/shop", 63);
  const answer = await fetch(`${emulator.url}/api/v1/mags-cron`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
    body: JSON.stringify({ name, cron_expression: "0 3 * * *", script: "true" }),
  });
  expect(answer.ok).toBe(true);
}

describe("a stack is taken for a preview", () => {
  const numbers = async () =>
    (JSON.parse((await preview("list", "--json")).stdout) as { pullRequest: number }[]).map(
      ({ pullRequest }) => pullRequest,
    );

  it("if its name and its tag both say so", async () => {
    backend({ "pr-7": ours(7), "pr-12": ours(12) });
    expect(await numbers()).toEqual([7, 12]);
  });

  it.each<[string, string, Tags]>([
    ["nobody has tagged it", "pr-7", {}],
    ["its tag is of another number", "pr-7", ours(8)],
    ["its tag is of another repository", "pr-7", { "mags:preview": "other/shop#7" }],
    ["its tag goes on behind that", "pr-7", { "mags:preview": "acme/shop#77" }],
    ["it is production, whatever its tag", "production", ours(7)],
    ["its name goes on", "pr-7-production", ours(7)],
    ["its name only ends like that", "old-pr-7", ours(7)],
    ["its number has a zero before it", "pr-07", ours(7)],
    ["its name has capitals", "PR-7", ours(7)],
  ])("but not where %s: neither list nor sweep knows it", async (_why, stack, tags) => {
    backend({ [stack]: { ...tags, "mags:preview-expires": "2020-01-01T00:00:00.000Z" } });
    expect(await numbers()).toEqual([]);
    const swept = await preview("sweep", "--dry-run", "--open", "none", "--json");
    expect(swept).toMatchObject({ code: 0, stdout: "[]\n" });
  });
});

describe("a state that cannot be read", () => {
  it("is told in its row, and the others are listed; the exit code tells", async () => {
    backend({ "pr-1": ours(1), "pr-2": ours(2) }, { unreadable: ["pr-2"] });
    const { code, stdout } = await preview("list");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^#1 +empty /m);
    expect(stdout).toMatch(/^#2 +failed /m);
    expect(stdout).toMatch(/^#2: The state of pr-2 cannot be read: .*the \.bak beside it/m);
  });

  it("that keeps Pulumi from listing any leaves those whose names stand in the cloud", async () => {
    await schedule(21);
    await schedule(22);
    await schedule(23);
    backend(
      { "pr-21": ours(21), "pr-22": ours(22), "pr-30": ours(30) },
      { lists: false, unreadable: ["pr-22"] },
    );
    const { code, stderr, stdout } = await preview("list", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { pullRequest: 21, state: "scheduled" },
      { pullRequest: 22, state: "failed" },
      { pullRequest: 23, state: "orphaned" },
    ]);
    expect(stderr).toMatch(
      /^warning: Pulumi does not list the stacks of shop: unexpected end of JSON input\. Those were taken whose names/,
    );
    const swept = await preview("sweep", "--dry-run", "--open", "21", "--json");
    expect(swept.code).toBe(1);
    expect(JSON.parse(swept.stdout)).toMatchObject([
      { pullRequest: 22, why: "closed", outcome: "failed" },
      { pullRequest: 23, why: "orphaned", outcome: "kept" },
    ]);
    process.env.MAGS_API_TOKEN = "";
    const blind = await preview("list");
    expect(blind).toMatchObject({ code: 1, stdout: "" });
    expect(blind.stderr).toMatch(
      /does not list the stacks.*Nor does the cloud tell which there are: No API token/,
    );
  });
});

describe("what Pulumi cannot do is told in words that help", () => {
  it.each([
    ["passphrase must be set with PULUMI_CONFIG_PASSPHRASE", /Set PULUMI_CONFIG_PASSPHRASE, or .*_FILE/],
    [
      "could not list bucket: dial tcp: no such host",
      /backend could not be reached: .*no such host.*Check PULUMI_BACKEND_URL/,
    ],
    [
      "PULUMI_ACCESS_TOKEN must be set for login",
      /Check PULUMI_BACKEND_URL and the credentials for it; nothing was changed/,
    ],
  ])("%s", async (text, meaning) => {
    pulumi.answers(`
      if (/^version/.test(args)) console.log("v3.259.0");
      else { process.stderr.write(${JSON.stringify(`error: ${text}\n`)}); process.exitCode = 1; }`);
    const { code, stderr, stdout } = await preview("list");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^mags-iac: /);
    expect(stderr).toMatch(meaning);
  });
});

describe("what makes no sense is refused before Pulumi is asked", () => {
  const UP = ["up", "--pr", "7"];
  it.each<[string[], string]>([
    ...["0", "-1", "7.5", "07", "abc", "1e3", "#7", "99999999999", "7; rm -rf /"].map(
      (given): [string[], string] => [
        ["down", `--pr=${given}`],
        `"${given}" is not the number of a pull request. Give a whole number from 1, such as --pr 12.`,
      ],
    ),
    ...["72", "0h", "-1h", "1.5h", "h", "72 h", "1w", "9999999h"].map((given): [string[], string] => [
      [...UP, `--ttl=${given}`],
      `--ttl "${given}" is not a time. Give a number with m, h or d after it, such as 90m, 72h or 3d.`,
    ]),
    [
      [...UP, "--ttl", "31d"],
      "--ttl 31d is longer than --max-ttl 30d. Give a shorter one, or raise --max-ttl.",
    ],
    ...["", ",", "3,", "3,x", "null"].map((given): [string[], string] => [
      ["sweep", `--open=${given}`],
      "or --open none: an empty list could be one that was not got, and everything would be removed.",
    ]),
    [["sweep", "--max", "all"], '--max "all" is not a number from 1. Give a whole one, such as --max 20.'],
    ...["a b", "../x", "-x", "x".repeat(201)].map((given): [string[], string] => [
      ["list", `--namespace=${given}`],
      `"${given}" cannot be a namespace. Give what nobody else uses with this account, such as owner/name`,
    ]),
    ...["shop", "acme/", "a/b/c", "acme/shop?x"].map((given): [string[], string] => [
      ["list", `--repository=${given}`],
      `"${given}" is not a repository of GitHub. Give it as --repository owner/name.`,
    ]),
    [["list", "--project", ""], "--project is empty"],
    [[...UP, "--program", "nowhere"], "There is no Pulumi.yaml in "],
    [[...UP, "--template", "none.yaml"], "none.yaml, which --template names. Give a stack file to copy"],
  ])("%j", async (words, message) => {
    pulumi.answers("");
    const { code, stderr, stdout } = await preview(...words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(pulumi.calls()).toEqual([]);
  });
});
