import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NOTHING, PROJECT, Pipeline, type Ending } from "./support/pipeline";

jest.setTimeout(600_000);

const programOf = (resources: string) =>
  `const mags = require("pulumi-mags");\nconst pulumi = require("@pulumi/pulumi");\n${resources}\n`;
const TICK = `new mags.CronJob("tick", { cronExpression: "0 3 * * *", script: "true" });`;
const PROGRAM = {
  "Pulumi.yaml": `name: ${PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\n`,
  "package.json": `{"name":"program","main":"index.js"}`,
  "index.js": programOf(TICK),
};
const UP = ["up", "--pr", "7", "--no-wait"];

/** Failed with words that help, and without a stack trace. */
function expectFailure({ code, stderr, stdout }: Ending, words: string | RegExp): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe("mags-iac preview, given what is wrong", () => {
  let the: Pipeline;

  beforeEach(async () => {
    the = await Pipeline.start({ files: PROGRAM });
    the.gitHub.open(7);
  });
  afterEach(() => the.stop());

  it("flags that make no sense are refused before anything is asked", async () => {
    for (const [args, words] of [
      [["up", "--pr", "seven"], /"seven" is not the number of a pull request/],
      [["down", "--pr", "0"], /"0" is not the number of a pull request/],
      [[...UP, "--ttl", "soon"], /--ttl "soon" is not a time/],
      [[...UP, "--ttl", "99d"], /--ttl 99d is longer than --max-ttl 30d/],
      [[...UP, "--program", "nowhere"], /There is no Pulumi.yaml in .*nowhere/],
      [[...UP, "--template", "nowhere.yaml"], /There is no .*nowhere.yaml, which --template names/],
      [[...UP, "--namespace", "a b"], /"a b" cannot be a namespace/],
      [["down", "--pr", "7", "--project", ""], /--project is empty/],
      [["sweep", "--max", "all"], /--max "all" is not a number/],
      [["list", "--unlock-after", "1h"], /unknown option '--unlock-after'/],
    ] as const)
      expectFailure(await the.preview(args), words);
    expect(the.gitHub.calls).toEqual([]);
    expect(the.stacks()).toEqual([]);
  });

  it("no token for GitHub, or none for Mags, is said at once", async () => {
    expectFailure(
      await the.preview([...UP, "--comment"], { GITHUB_TOKEN: "" }),
      /neither GITHUB_TOKEN nor GH_TOKEN is set/,
    );
    expectFailure(await the.preview(["comment", "--pr", "7"], { GITHUB_TOKEN: "" }), /neither GITHUB_TOKEN/);
    const home = { HOME: the.state };
    expectFailure(
      await the.preview(["down", "--pr", "7"], { MAGS_API_TOKEN: "", ...home }),
      /MAGS_API_TOKEN/,
    );
    expect(the.things()).toEqual(NOTHING);
  });

  it("a backend that cannot be reached, and a passphrase that is missing or wrong", async () => {
    the.write("index.js", programOf(`${TICK} exports.key = pulumi.secret("sesame");`));
    const unreachable = await the.preview(UP, { PULUMI_BACKEND_URL: "file:///nowhere/at/all" });
    expectFailure(unreachable, /The state backend could not be reached: .*nothing was changed/);
    expectFailure(
      await the.preview(UP, { PULUMI_CONFIG_PASSPHRASE: undefined }),
      /encrypted with a passphrase/,
    );
    expectFailure(await the.preview(UP, { PULUMI_CONFIG_PASSPHRASE: "" }), /PASSPHRASE is empty, so anybody/);
    expect((await the.preview(UP)).code).toBe(0);
    expectFailure(
      await the.preview(UP, { PULUMI_CONFIG_PASSPHRASE: "another" }),
      /encrypted with a passphrase/,
    );
    expectFailure(
      await the.preview(["down", "--pr", "7"], { PULUMI_CONFIG_PASSPHRASE: "another" }),
      /encrypted with a passphrase/,
    );
    expect(the.things().crons).toHaveLength(1);
  });

  it("a program that fails makes nothing, and the next that is right goes on", async () => {
    the.write("index.js", programOf(`${TICK} throw new Error("broken on purpose");`));
    const { code, stderr, stdout } = await the.preview([...UP, "--comment"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("broken on purpose");
    expect(stderr).toContain("Nothing was changed. Correct the program");
    expect(the.things()).toEqual(NOTHING);
    expect(the.gitHub.ours(7)[0]!.body).toContain("the last update failed");
    expect(the.gitHub.ours(7)[0]!.body).not.toContain("on purpose");
    const [row] = JSON.parse((await the.preview(["list", "--json"])).stdout) as {
      state: string;
      error: string;
    }[];
    expect(row).toMatchObject({
      state: "failed",
      error: expect.stringContaining("plan of pr-7 failed: broken on purpose"),
    });
    the.write("index.js", programOf(`${TICK} console.error("error: PULUMI_CONFIG_PASSPHRASE must be set");`));
    const unreachable = await the.preview(UP, { MAGS_API_URL: "http://127.0.0.1:9" });
    expectFailure(unreachable, /^mags-iac: The (?:plan|update) of pr-7 failed: tick: .*127\.0\.0\.1:9/m);
    expect(unreachable.stderr).not.toMatch(/state backend could|encrypted with a passphrase/);
    the.write("index.js", programOf(TICK));
    expect((await the.preview([...UP, "--comment"])).code).toBe(0);
    expect(the.gitHub.ours(7)).toHaveLength(1);
    expect(the.gitHub.ours(7)[0]!.body).not.toContain("failed");
  });

  it("names that every pull request would have, shared files and protection are refused before anything is made", async () => {
    the.write(
      "index.js",
      programOf(`${TICK}
        const provider = new mags.Provider("second", { account: "local", namespace: "mine" });
        new mags.Workspace("first", { name: "shop-data", deletionProtection: false }, { provider });`),
    );
    const named = await the.preview(UP);
    expect(named.code).toBe(1);
    expect(named.stderr).toContain("name must not be given in a preview");
    the.write("index.js", programOf(`${TICK} new mags.Workspace("data");`));
    expect((await the.preview(UP)).stderr).toContain("deletionProtection must be false in a preview");
    the.write("index.js", programOf(`${TICK} new mags.Job("web", { workspaceId: "production" });`));
    expect((await the.preview(UP)).stderr).toContain(
      'workspaceId names "production", which is not part of this preview',
    );
    expect(the.things()).toEqual(NOTHING);
  });

  it("two runs at once for one number: one is told of the other, and nothing is there twice", async () => {
    expect((await the.preview(UP)).code).toBe(0);
    the.write(
      "index.js",
      programOf(`${TICK} new mags.CronJob("tock", { cronExpression: "0 4 * * *", script: "true" });`),
    );
    const runs = await Promise.all([the.preview(UP), the.preview(UP)]);
    const failed = runs.filter(({ code }) => code !== 0);
    for (const run of failed)
      expectFailure(run, /pr-7 is locked since .*"mags-iac preview up --pr 7 --force-unlock" goes on/);
    expect(failed.length).toBeLessThanOrEqual(1);
    expect((await the.preview(UP)).code).toBe(0);
    expect(the.things().crons).toHaveLength(2);
  });

  it("a stack of somebody else is left alone", async () => {
    expect((await the.preview(UP)).code).toBe(0);
    for (const command of [UP, ["down", "--pr", "7"]])
      expectFailure(
        await the.preview([...command, "--namespace", "other/shop"]),
        /is the preview of acme\/shop#7, not of other\/shop#7/,
      );
    expect(the.things().crons).toHaveLength(1);
  });

  it("what a preview only reads stays, and does not keep it from being taken down", async () => {
    expect((await the.preview(UP)).code).toBe(0);
    const { id } = the.emulator.snapshot().crons[0]!;
    the.gitHub.open(8);
    the.write("index.js", programOf(`mags.CronJob.get("shared", "${id}"); ${TICK}`));
    const other = ["--pr", "8", "--namespace", "acme/other"];
    expect((await the.preview(["up", ...other, "--no-wait"])).code).toBe(0);
    expect(the.things().crons).toHaveLength(2);
    const { code, stdout } = await the.preview(["down", ...other]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "pr-8: removed its stack, which held one resource\n",
    });
    expect(the.things().crons).toHaveLength(1);
    const nobody = await the.preview(["down", "--pr", "8", "--project", "shopp"]);
    expect(nobody.code).toBe(0);
    expect(nobody.stdout).toContain(
      "no such stack of the project shopp, and no name generated for acme/shop",
    );
    expect(nobody.stderr).toContain('has no stack of a project "shopp" at all');
  });

  it("a seed runs once, and again only if it failed", async () => {
    the.write("seed.sh", `echo "$MAGS_PREVIEW_PULL_REQUEST" >> seeds.txt; [ -f allowed ]`);
    const seed = [...UP, "--seed", "sh seed.sh"];
    expectFailure(await the.preview(seed), /its seed "sh seed.sh" ended with exit code 1/);
    the.write("allowed", "");
    for (const code of [0, 0]) expect((await the.preview(seed)).code).toBe(code);
    expect(the.read("seeds.txt")).toBe("7\n7\n");
  });

  it("past its longest life it is not kept by a push: it is removed, and made anew", async () => {
    expect((await the.preview(UP)).stdout).toContain("1 created; expires");
    const [old] = the.emulator.snapshot().crons;
    const file = join(the.state, ".pulumi/stacks", PROJECT, "pr-7.pulumi-tags");
    const content = readFileSync(file, "utf8");
    const spent = content.replace(/("mags:preview-created": *)"[^"]*"/, '$1"2020-01-01T00:00:00.000Z"');
    expect(spent).not.toBe(content);
    writeFileSync(file, spent);
    const again = await the.preview(UP);
    expect(again.stderr).toContain("pr-7: its longest life (--max-ttl) is over");
    expect(again.stdout).toContain("1 created; expires");
    expect(again.code).toBe(0);
    const crons = the.emulator.snapshot().crons;
    expect(crons.map(({ name }) => name)).toEqual([old!.name]);
    expect(crons[0]!.id).not.toBe(old!.id);
  });

  it("a URL that does not answer", async () => {
    the.write(
      "index.js",
      programOf(
        `${TICK} exports.url = "http://127.0.0.1:9/"; exports.secret = pulumi.secret("http://hidden.test");`,
      ),
    );
    expectFailure(
      await the.preview(["up", "--pr", "7", "--wait", "1m", "--url-output", "secret"]),
      /its output "secret" is secret/,
    );
    expect((await the.preview(["up", "--pr", "7", "--no-wait", "--comment"])).stdout).toContain(
      "http://127.0.0.1:9/",
    );
    expect(the.gitHub.sent).not.toContain("hidden");
  });

  describe("and GitHub", () => {
    it("may only be read: the preview is up, with a warning; the comment alone fails", async () => {
      the.token = "read";
      const up = await the.preview([...UP, "--comment"]);
      expect(up.code).toBe(0);
      expect(up.stderr).toMatch(
        /warning: GitHub does not let this token do POST .*comments \(403: Resource not accessible.*pull-requests: write/,
      );
      expectFailure(await the.preview(["comment", "--pr", "7"]), /GitHub does not let this token/);
      expect(the.things().crons).toHaveLength(1);
    });

    it("has had enough calls: it says until when", async () => {
      expect((await the.preview(UP)).code).toBe(0);
      const reset = String(Math.round(Date.now() / 1000) + 600);
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
      the.gitHub.faults.push({
        call: "GET /repos",
        status: 403,
        headers,
        body: { message: "API rate limit exceeded" },
        times: 1,
      });
      expectFailure(
        await the.preview(["comment", "--pr", "7"]),
        /rate limit is used up, so GET .* was not done. Run again in (9|10) min/,
      );
      // A short pause is made.
      the.gitHub.faults.push({ call: "GET /repos", status: 403, headers: { "retry-after": "1" }, times: 1 });
      expect((await the.preview(["comment", "--pr", "7"])).code).toBe(0);
      expect(the.gitHub.ours(7)).toHaveLength(1);
    });

    it("fails for a moment, also after it has written: there is one comment", async () => {
      expect((await the.preview(UP)).code).toBe(0);
      the.gitHub.faults.push(
        { call: "GET /repos", status: 502, times: 2 },
        { call: "POST /repos/acme/shop/issues", status: 500, times: 1, after: true },
      );
      expect((await the.preview(["comment", "--pr", "7"])).code).toBe(0);
      expect(the.gitHub.ours(7)).toHaveLength(1);
      the.gitHub.faults.push({ call: "GET /repos", status: 500, times: 100 });
      expectFailure(await the.preview(["comment", "--pr", "7"]), /GitHub failed at GET .* \(500/);
    });

    it("does not know the pull request", async () => {
      the.gitHub.pulls.delete(7);
      expectFailure(
        await the.preview([...UP, "--comment"]),
        /GitHub knows nothing of GET .*\/pulls\/7 \(404\)/,
      );
    });

    it("has our comment on page three, edited by somebody else, and one that only looks like ours", async () => {
      expect((await the.preview(UP)).code).toBe(0);
      const marker = `<!-- mags-iac preview ${PROJECT}/pr-7 -->`;
      const forged = the.gitHub.comment(7, `${marker}\nhttp://evil.test`);
      for (let index = 0; index < 230; index++) the.gitHub.comment(7, `comment ${index}`);
      expect((await the.preview(["comment", "--pr", "7"])).code).toBe(0);
      const [ours] = the.gitHub.ours(7);
      ours!.body = `${marker}\nsomebody has written over it`;
      for (let index = 0; index < 40; index++) the.gitHub.comment(7, "later");
      expect((await the.preview([...UP, "--comment"])).code).toBe(0);
      expect(the.gitHub.ours(7)).toHaveLength(1);
      expect(ours!.body).toContain("### Preview");
      expect(ours!.body).not.toContain("written over");
      expect(forged.body).toContain("evil.test");
    });
  });
});
