import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedName } from "../../provider/schema/naming";
import { PROJECT, Pipeline } from "./support/pipeline";

jest.setTimeout(1_800_000);

const PROGRAM = {
  "Pulumi.yaml": `name: ${PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\n`,
  "package.json": `{"name":"program","main":"index.js"}`,
  "index.js": `const mags = require("pulumi-mags");
    new mags.CronJob("tick", { cronExpression: "0 3 * * *", script: "true" });`,
};
const PAST = "2020-01-01T00:00:00.000Z";
/** Every so many has something in the cloud; the others have a stack alone. */
const EVERY = 15;

const nameOf = (stack: string, namespace = "acme/shop") =>
  generatedName(
    {
      organization: "organization",
      project: PROJECT,
      stack,
      typeChain: "pulumi-nodejs:dynamic/mags:CronJob",
      logicalName: "tick",
    },
    namespace,
    63,
  );

interface Checkpoint {
  checkpoint: { latest: { resources: { id?: string; protect?: boolean; type: string }[] } };
}

describe("a sweep of many", () => {
  let the: Pipeline;
  const folder = () => join(the.state, ".pulumi/stacks", PROJECT);

  /** A stack like that of the first preview, with its tags or others. */
  async function stackLike(
    stack: string,
    options: { filled: boolean; protect?: boolean; tags?: Record<string, string> | null },
  ): Promise<void> {
    const text = readFileSync(join(folder(), "pr-1.json"), "utf8")
      .replaceAll("pr-1-tick", `${stack}-tick`)
      .replaceAll(nameOf("pr-1").slice(-13), nameOf(stack).slice(-13))
      .replaceAll(/\bpr-1\b/g, stack);
    const state = JSON.parse(text) as Checkpoint;
    const { latest } = state.checkpoint;
    if (!options.filled) latest.resources = [];
    for (const resource of latest.resources) {
      if (!resource.type.endsWith("mags:CronJob")) continue;
      resource.id = await cron(nameOf(stack));
      if (options.protect) resource.protect = true;
    }
    writeFileSync(join(folder(), `${stack}.json`), JSON.stringify(state));
    if (options.tags === null) return;
    const file = JSON.parse(readFileSync(join(folder(), "pr-1.pulumi-tags"), "utf8")) as { tags: object };
    const tags = { ...file.tags, "mags:preview": `acme/shop#${stack.slice(3)}`, ...options.tags };
    writeFileSync(join(folder(), `${stack}.pulumi-tags`), JSON.stringify({ ...file, tags }));
  }

  async function cron(name: string): Promise<string> {
    const answer = await fetch(`${the.emulator.url}/api/v1/mags-cron`, {
      method: "POST",
      headers: { authorization: `Bearer ${the.emulator.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name, cron_expression: "0 3 * * *", script: "true" }),
    });
    const { id } = (await answer.json()) as { id: string };
    expect(id).toEqual(expect.any(String));
    return id;
  }

  const sweep = async (...args: string[]) => {
    const { code, stdout, stderr } = await the.preview(["sweep", "--json", ...args]);
    const outcomes = JSON.parse(stdout === "" ? "[]" : stdout) as {
      pullRequest: number;
      outcome: string;
      why: string;
    }[];
    return {
      code,
      outcomes,
      stderr,
      of: (outcome: string) => outcomes.filter((one) => one.outcome === outcome),
    };
  };

  beforeAll(async () => {
    the = await Pipeline.start({ files: PROGRAM });
    the.gitHub.open(1);
    const made = await the.preview(["up", "--pr", "1", "--no-wait"]);
    if (made.code !== 0) throw new Error(made.stderr);
    // 120 whose time is over, in two ways; the pull requests of the others are open.
    for (let number = 2; number <= 121; number++) {
      const closed = number % 2 === 0;
      if (closed) the.gitHub.close(number);
      else the.gitHub.open(number);
      await stackLike(`pr-${number}`, {
        filled: number % EVERY === 0,
        tags: closed ? {} : { "mags:preview-expires": PAST },
      });
    }
    // What must stay, however much of it looks like a preview.
    const over = { "mags:preview": "acme/shop#1", "mags:preview-expires": PAST };
    await stackLike("production", { filled: true, tags: over });
    await stackLike("pr-500", { filled: true, tags: null });
    await stackLike("pr-501", { filled: true, tags: { ...over, "mags:preview": "other/shop#501" } });
    await stackLike("pr-502", { filled: true, protect: true, tags: { "mags:preview-expires": PAST } });
    await stackLike("pr-503", { filled: true });
    await stackLike("pr-504", { filled: true, tags: { "mags:preview-expires": "yesterday" } });
    for (const number of [500, 501, 502]) the.gitHub.close(number);
    for (const number of [503, 504]) the.gitHub.open(number);
    await cron("production");
    await cron("pr-9-tick-aaaaabbbbbbbb");
    await cron(nameOf("pr-700", "other/shop"));
    // What no stack knows of.
    await cron(nameOf("pr-600"));
    await cron(nameOf("pr-601"));
    the.gitHub.close(600);
    the.gitHub.open(601);
  });
  afterAll(() => the.stop());

  const kept = ["pr-1", "pr-500", "pr-501", "pr-502", "pr-503", "pr-504", "production"];

  it("--dry-run says what would go, and changes nothing", async () => {
    const [stacks, things] = [the.stacks(), the.things()];
    const { code, of } = await sweep("--dry-run", "--max", "1000");
    expect(code).toBe(1);
    expect(
      of("would be removed")
        .map(({ pullRequest }) => pullRequest)
        .sort((one, other) => one - other),
    ).toEqual(Array.from({ length: 120 }, (_, index) => index + 2));
    // What the sweep itself will not do is not promised.
    expect(of("failed").map(({ pullRequest }) => pullRequest)).toEqual([502]);
    expect(of("kept").map(({ pullRequest }) => pullRequest)).toEqual([600, 601]);
    expect([the.stacks(), the.things()]).toEqual([stacks, things]);
  });

  it("goes no further than its cap, and to the end in the next runs", async () => {
    const first = await sweep("--max", "50");
    expect(first.code).toBe(2);
    expect(first.of("removed")).toHaveLength(50);
    expect(first.of("left for the next run")).toHaveLength(120 - 50 + 1);
    expect(first.of("kept").map(({ pullRequest }) => pullRequest)).toEqual([600, 601]);
    expect(the.stacks()).toHaveLength(70 + kept.length);
    const second = await sweep("--max", "1000");
    // The protected one failed, and all others were dealt with all the same.
    expect(second.code).toBe(1);
    expect(second.of("failed").map(({ pullRequest }) => pullRequest)).toEqual([502]);
    expect(second.of("removed")).toHaveLength(70);
    expect(the.stacks()).toEqual(kept);
  });

  it("leaves alone what is not its own, and what no stack knows of", () => {
    expect(the.things().crons).toEqual(
      [
        ...["pr-1", "pr-500", "pr-501", "pr-502", "pr-503", "pr-504", "production", "pr-600", "pr-601"].map(
          (stack) => nameOf(stack),
        ),
        nameOf("pr-700", "other/shop"),
        "pr-9-tick-aaaaabbbbbbbb",
        "production",
      ].sort(),
    );
  });

  it("--orphans removes what no stack knows of, if its pull request is closed", async () => {
    const planned = await sweep("--dry-run", "--orphans");
    expect(planned.of("would be removed").map(({ pullRequest }) => pullRequest)).toEqual([600]);
    expect(planned.of("kept").map(({ pullRequest }) => pullRequest)).toEqual([601]);
    const { outcomes } = await sweep("--orphans");
    const orphans = outcomes.filter(({ why }) => why === "orphaned");
    expect(orphans.map(({ pullRequest, outcome }) => [pullRequest, outcome])).toEqual([
      [600, "removed"],
      [601, "kept"],
    ]);
    expect(the.things("pr-600-").crons).toEqual([]);
    expect(the.things("pr-601-").crons).toHaveLength(1);
  });

  it("without GitHub, only what has expired goes, and the exit code says that something was amiss", async () => {
    await stackLike("pr-30", { filled: false });
    await stackLike("pr-31", { filled: false, tags: { "mags:preview-expires": PAST } });
    the.gitHub.faults.push({ call: "GET /repos", status: 500, times: 100 });
    const { code, of, stderr } = await sweep();
    the.gitHub.faults.length = 0;
    expect(code).toBe(1);
    expect(stderr).toContain("Only what has expired is removed");
    expect(of("removed").map(({ pullRequest }) => pullRequest)).toEqual([31]);
    expect(the.stacks()).toContain("pr-30");
  });

  it("what GitHub does not know is not taken for closed", async () => {
    the.gitHub.pulls.delete(30);
    const { of } = await sweep();
    expect(of("failed").map(({ pullRequest }) => pullRequest)).toEqual([30, 502]);
    expect(the.stacks()).toContain("pr-30");
  });

  it("--open says which are open, for those without GitHub, and what fails leaves the cap to the others", async () => {
    await stackLike("pr-21", { filled: false });
    writeFileSync(join(folder(), "pr-21.json"), "");
    const shown = await the.preview(["list", "--json"]);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain("those were taken that have a file in");
    expect(JSON.parse(shown.stdout)).toMatchObject([
      { pullRequest: 1, error: null },
      {
        pullRequest: 21,
        state: "failed",
        error: expect.stringContaining("The state of pr-21 cannot be read"),
      },
      { pullRequest: 30 },
      { pullRequest: 502 },
      { pullRequest: 503 },
      { pullRequest: 504 },
      { pullRequest: 601, state: "orphaned" },
    ]);
    const { of, stderr } = await sweep("--open", "1,502,503,504", "--max", "1");
    expect(of("failed").map(({ pullRequest }) => pullRequest)).toEqual([21]);
    expect(of("left for the next run").map(({ pullRequest }) => pullRequest)).toEqual([502]);
    expect(stderr).toContain("pr-21: The state of pr-21 cannot be read");
    for (const stack of ["pr-21"])
      for (const end of ["json", "pulumi-tags"]) rmSync(join(folder(), `${stack}.${end}`));
    expect(of("removed").map(({ pullRequest }) => pullRequest)).toEqual([30]);
    const refused = await the.preview(["sweep", "--open", ""]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("everything would be removed");
    expect(the.stacks()).toEqual(kept);
  });
});
