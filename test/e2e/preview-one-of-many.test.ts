import { installedS3, startS3, type Bucket } from "../support/s3";
import { itIf } from "../support/skip";
import { PROJECT, Pipeline } from "./support/pipeline";

jest.setTimeout(600_000);

const PROGRAM = {
  "Pulumi.yaml": `name: ${PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\n`,
  "package.json": `{"name":"program","main":"index.js"}`,
  "index.js": `const mags = require("pulumi-mags");
    const pulumi = require("@pulumi/pulumi");
    new mags.CronJob("tick", { cronExpression: "0 3 * * *", script: "true" });
    exports.key = pulumi.secret("sesame");`,
};

describe("a preview that cannot be dealt with does not keep the others", () => {
  let the: Pipeline;
  beforeEach(async () => {
    the = await Pipeline.start({ files: PROGRAM });
  });
  afterEach(() => the.stop());

  const up = async (number: number, env: Record<string, string> = {}) => {
    the.gitHub.open(number);
    const made = await the.preview(["up", "--pr", String(number), "--no-wait"], env);
    if (made.code !== 0) throw new Error(made.stderr);
  };
  const sweep = async (env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await the.preview(["sweep", "--json"], env);
    return { code, stderr, outcomes: JSON.parse(stdout) as unknown };
  };

  it("one of another passphrase is told, and all others are swept; with its own it goes too", async () => {
    const other = { PULUMI_CONFIG_PASSPHRASE: "that of somebody else" };
    await up(1);
    await up(2, other);
    await up(3);
    for (const number of [1, 2, 3]) the.gitHub.close(number);

    const { code, outcomes, stderr } = await sweep();
    expect(outcomes).toEqual([
      { pullRequest: 1, why: "closed", outcome: "removed" },
      {
        pullRequest: 2,
        why: "closed",
        outcome: "failed",
        detail: expect.stringContaining("encrypted with a passphrase, and there is none or another one"),
      },
      { pullRequest: 3, why: "closed", outcome: "removed" },
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^warning: pr-2: The state is encrypted with a passphrase/m);
    expect(stderr).toContain("One preview could not be dealt with");
    expect(the.stacks()).toEqual(["pr-2"]);
    expect(the.things("pr-2-").crons).toHaveLength(1);
    expect(the.things().crons).toHaveLength(1);

    expect(await sweep(other)).toMatchObject({ code: 0, outcomes: [{ pullRequest: 2, outcome: "removed" }] });
    expect(the.stacks()).toEqual([]);
    expect(the.things().crons).toEqual([]);
  });

  const s3 = installedS3();
  const [here, reason] = "missing" in s3 ? [false, s3.missing] : [true, ""];

  itIf(here, reason)("one whose state is spoilt in a bucket is told, and all others go on", async () => {
    const bucket: Bucket = await startS3((s3 as { program: string }).program);
    const env = { PULUMI_BACKEND_URL: bucket.url, ...bucket.env };
    try {
      for (const number of [1, 2, 3]) await up(number, env);
      const state = (number: number) => `.pulumi/stacks/${PROJECT}/pr-${number}.json`;
      const whole = (await bucket.read(state(2)))!;
      await bucket.write(state(2), "{");
      the.gitHub.close(1);
      the.gitHub.close(2);

      const listed = await the.preview(["list", "--json"], env);
      expect(listed.code).toBe(1);
      expect(JSON.parse(listed.stdout)).toMatchObject([
        { pullRequest: 1, state: "scheduled", error: null },
        {
          pullRequest: 2,
          state: "failed",
          error: expect.stringContaining("The state of pr-2 cannot be read"),
        },
        { pullRequest: 3, state: "scheduled", error: null },
      ]);
      expect(listed.stderr).toContain(`Pulumi does not list the stacks of ${PROJECT}: `);
      expect(listed.stderr).toContain("Those were taken whose names stand in the cloud");

      const swept = await sweep(env);
      expect(swept.outcomes).toMatchObject([
        { pullRequest: 1, why: "closed", outcome: "removed" },
        { pullRequest: 2, why: "closed", outcome: "failed" },
      ]);
      expect(swept.code).toBe(1);
      expect(swept.stderr).toMatch(/^warning: pr-2: The state of pr-2 cannot be read/m);
      const left = await Promise.all([1, 2, 3].map((number) => bucket.read(state(number))));
      expect(left.map((text) => text !== undefined)).toEqual([false, true, true]);
      for (const number of [2, 3]) expect(the.things(`pr-${number}-`).crons).toHaveLength(1);

      // As the messages say.
      await bucket.write(state(2), whole);
      expect(await sweep(env)).toMatchObject({
        code: 0,
        outcomes: [{ pullRequest: 2, outcome: "removed" }],
      });
      expect(the.things().crons).toHaveLength(1);
    } finally {
      await bucket.stop();
    }
  });
});
