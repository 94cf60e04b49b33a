import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

/** No message for a user's mistake shows where in our code it was noticed. */
const STACK_TRACE = /^\s+at .*(\.js|\.ts|node:)/m;

describe("bad input on the real engine", () => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: "" });
  });
  afterAll(() => the.stop());
  beforeEach(() => the.emulator.clearCalls());

  it("tells every problem of every resource in the preview, before any call", async () => {
    the.project.write(`
      new mags.Workspace("empty", { name: "" });
      new mags.Job("long", { name: "x".repeat(64) });
      new mags.UrlAlias("upper", { subdomain: "Shop", workspaceId: "w" });
      new mags.UrlAlias("space", { subdomain: "my shop", workspaceId: "w", port: 70000 });
      [0, -1, 2.5, "8"].forEach((diskGb, i) => new mags.Job("disk" + i, { diskGb }));
      ["* * * *", "every day", "0 0 31 2 *"].forEach((cronExpression, i) => new mags.CronJob("cron" + i, { cronExpression, script: "true" }));
      new mags.Job("port", { http: { port: 0 } });
      new mags.Job("typo", { noSlep: true });
      new mags.Job("twice", { script: "true", scriptFile: "run.sh" });
      new mags.CronJob("unreadable", { cronExpression: "0 3 * * *", scriptFile: "run.sh" });
      const site = new mags.Workspace("site", { name: "site" });
      ["one", "two"].forEach((name) => new mags.Job(name, { workspace: site }));
      new mags.Job("both", { workspace: site, workspaceId: "site" });
      new mags.Workspace("again", { name: "site" });
    `);
    const { code, output } = await the.project.preview();
    expect(code).not.toBe(0);
    expect(output).not.toContain("error serializing");
    for (const message of [
      'Job "twice": script and scriptFile both say what to run',
      'CronJob "unreadable": scriptFile "run.sh" cannot be read (ENOENT)',
      'The jobs "one" and "two" both work on the workspace "site"',
      'Job "both": workspace and workspaceId both name the workspace',
      'Two resources of this program are the workspace "site"',
      "name must be 1 to 57 letters",
      "name must be 1 to 63 letters",
      "subdomain must be 1 to 63 lower-case letters",
      "port must be a whole number from 1 to 65535",
      "diskGb must be a whole number from 2",
      "cronExpression has 4 fields: a cron expression has five",
      "cronExpression has 2 fields",
      "cronExpression never fires",
      "http.port must be a whole number from 1 to 65535",
      "there is no property noSlep: did you mean noSleep?",
    ]) {
      expect(output).toContain(message);
    }
    expect(output.match(/diskGb must be/g)).toHaveLength(4);
    expect(output).not.toMatch(STACK_TRACE);
    expect(the.emulator.calls()).toEqual([]);
  });

  it("refuses a misspelt key of the configuration with everything else, and only tells of a strange one", async () => {
    the.project.setConfig("mags:maxConcurency", "4");
    the.project.setConfig("mags:colour", "blue");
    the.project.write(`new mags.Job("small", { diskGb: 1 });`);
    const refused = await the.project.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("The program has 2 problems");
    expect(refused.output).toContain(
      "no configuration value mags:maxConcurency: did you mean mags:maxConcurrency?",
    );
    expect(refused.output).toContain("diskGb must be");
    await the.project.removeConfig("mags:maxConcurency");
    the.project.setConfig("mags:maxConcurrency", "many");
    const wrong = await the.project.preview();
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain("The program has 2 problems");
    expect(wrong.output).toContain("mags:maxConcurrency has to be a whole number of at least 1");
    expect(wrong.output).toContain("diskGb must be");
    await the.project.removeConfig("mags:maxConcurrency");
    the.project.write(`["a", "b"].forEach((name) => new mags.Job(name, { diskGb: 2 }));`);
    const told = expectSuccess(await the.project.preview());
    expect(told.output).toMatch(/warning: There is no configuration value mags:colour: known are apiToken, /);
    await the.project.removeConfig("mags:colour");
    expect(expectSuccess(await the.project.preview()).output).not.toContain("warning");
    expect(the.emulator.calls()).toEqual([]);
  });

  it("never prints the value of a secret that is wrong", async () => {
    the.project.write(`new mags.Job("secret", { secrets: { "NOT A NAME": "hunter2-plain" } });`);
    const { code, output } = await the.project.preview();
    expect(code).not.toBe(0);
    expect(output).toContain("secrets.NOT A NAME is no name of an environment variable");
    expect(output).not.toContain("hunter2");
  });

  it("lets what is unknown in a preview pass, and judges it in the update", async () => {
    the.project.write(`
      const first = new mags.Workspace("first", { deletionProtection: false });
      const later = first.account.apply(() => "later");
      new mags.Workspace("named", { name: later, deletionProtection: false });
      new mags.Job("sized", { diskGb: first.account.apply(() => 4), http: { port: first.account.apply(() => 8080) } });
      new mags.UrlAlias("alias", { subdomain: later, workspaceId: later, port: first.account.apply(() => 80) });
      new mags.CronJob("cron", { cronExpression: later, script: later });
    `);
    expectSuccess(await the.project.preview());
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toContain("cronExpression has 1 field:");
    expect(output).not.toMatch(STACK_TRACE);
    the.project.write("");
    expectSuccess(await the.project.up());
    expect(the.emulator.snapshot().workspaces).toEqual([]);
  });

  it("refuses to shrink a disk at plan time, with both sizes and the recipe", async () => {
    the.project.write(`new mags.Job("box", { diskGb: 8 });`);
    expectSuccess(await the.project.up());
    the.emulator.clearCalls();
    the.project.write(`new mags.Job("box", { diskGb: 4 });`);
    const { code, output } = await the.project.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(/cannot shrink from 8 GB to 4 GB.*Set diskGb back to 8 or more/s);
    expect(output).not.toContain("stands with the resource");
    expect(output).not.toMatch(STACK_TRACE);
    expect(the.emulator.calls()).toEqual([]);
    expectSuccess(await the.project.destroy());
  });

  it("takes a script of 1 MB whole, and refuses one of 10 MB before anything is stopped", async () => {
    const program = (megabytes: number) =>
      `new mags.Job("large", { script: "#" + "ü".repeat(${megabytes} * 524288) + "\\ntrue" });`;
    the.project.write(program(1));
    expectSuccess(await the.project.up());
    const job = the.emulator.snapshot().jobs.find(({ name }) => name?.startsWith("dev-large-"));
    expect(Buffer.byteLength(job!.script)).toBe(1_048_576 + 6);
    the.mutations();
    the.project.write(program(10));
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toContain("script is larger than 2 MB: put what it carries into the workspace");
    expect(output.length).toBeLessThan(10_000);
    expect(the.mutations()).toEqual([]);
    expectSuccess(await the.project.destroy());
  });

  it("takes text of every script wherever text is taken, in file names too", async () => {
    const text = "Grüße, 世界 🚀";
    mkdirSync(join(the.project.folder, "größe"));
    writeFileSync(join(the.project.folder, "größe", "文件 🚀.txt"), text);
    the.project.write(`
      const text = ${JSON.stringify(text)};
      const data = new mags.Workspace("データ", { deletionProtection: false });
      new mags.Job("größe-世界-🚀", {
        workspace: data, script: "# " + text + "\\nsleep infinity", startupCommand: "echo " + text,
        environment: { TEXT: text }, secrets: { SECRET: text }, triggers: { [text]: [text] },
        files: { "文件 🚀.txt": "größe/文件 🚀.txt" }, http: { port: 80, healthPath: "/größe" },
      });
      new mags.CronJob("çron", { cronExpression: "0 3 * * *", script: "# " + text, environment: { TEXT: text } });
    `);
    expectSuccess(await the.project.up());
    const cloud = the.emulator.snapshot();
    const box = cloud.jobs.find(({ name }) => name?.startsWith("dev-gr"));
    expect(box).toMatchObject({
      // After the line that puts a file of such a name in place.
      script: expect.stringMatching(new RegExp(`\n# ${text}\nsleep infinity$`)),
      startupCommand: expect.stringMatching(new RegExp(`\necho ${text}$`)),
      environment: { TEXT: text, SECRET: text },
    });
    expect(cloud.crons).toEqual([
      expect.objectContaining({ script: `# ${text}`, environment: { TEXT: text } }),
    ]);
    expectSuccess(await the.project.up("--expect-no-changes"));
    expectSuccess(await the.project.destroy());
  });

  it("protects a workspace in the preview of a destroy", async () => {
    the.project.write(`new mags.Workspace("data");`);
    expectSuccess(await the.project.up());
    const refused = await the.project.pulumi("destroy", "--yes", "--non-interactive");
    expect(refused.code).not.toBe(0);
    expect(the.emulator.snapshot().workspaces).toHaveLength(1);
    the.project.write(`new mags.Workspace("data", { deletionProtection: false });`);
    const { output } = expectSuccess(await the.project.up());
    expect(output).toContain("[diff: +deletionProtection]");
    expectSuccess(await the.project.destroy());
    expect(the.emulator.snapshot().workspaces).toEqual([]);
  });
});

describe("a script that fails at once", () => {
  it("is shown with its exit code and its last lines, and the next up repairs it", async () => {
    const the = await harness(
      { program: `new mags.Job("broken", { script: "echo cannot find config.yaml; exit 3" });` },
      { execute: "process" },
    );
    try {
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toContain("ended with exit code 3");
      expect(output).toContain("cannot find config.yaml");
      expect(output).not.toMatch(STACK_TRACE);
      the.project.write(`new mags.Job("broken", { script: "echo fine; sleep 600" });`);
      expectSuccess(await the.project.up());
      const active = the.emulator.snapshot().jobs.filter((job) => job.status === "running");
      expect(active).toHaveLength(1);
      expectSuccess(await the.project.up("--expect-no-changes"));
    } finally {
      await the.stop();
    }
  });
});

describe("credentials and connections", () => {
  const program = `new mags.Job("box");`;

  it("says how to give a token when there is none", async () => {
    const the = await harness({ program }, { env: { MAGS_API_TOKEN: "", HOME: "/nonexistent" } });
    try {
      expectSuccess(await the.project.preview());
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toContain("No API token for http://127.0.0.1");
      expect(output).toContain("mags:apiToken");
      expect(output).not.toMatch(STACK_TRACE);
    } finally {
      await the.stop();
    }
  });

  it("says that a token was refused, without showing it", async () => {
    const the = await harness({ program }, { env: { MAGS_API_TOKEN: "wrong-token-1234" } });
    try {
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toContain("refused the API token (401");
      expect(output).not.toContain("wrong-token-1234");
      expect(output).not.toMatch(STACK_TRACE);
    } finally {
      await the.stop();
    }
  });

  it("says that an endpoint is unreachable, and loses nothing when the cloud dies in the middle of an up", async () => {
    const the = await harness({ program: `new mags.Workspace("data", { deletionProtection: false });` });
    try {
      expectSuccess(await the.project.up());
      const before = await the.project.resources();
      await the.emulator.stop();
      the.project.write(`
        const data = new mags.Workspace("data", { deletionProtection: false });
        new mags.Job("box", { workspace: data });
      `);
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toMatch(/cannot be reached \(ECONNREFUSED\).*mags:endpoint/s);
      expect(output).not.toMatch(STACK_TRACE);
      const refreshed = await the.project.refresh();
      expect(refreshed.code).not.toBe(0);
      const ids = (list: typeof before) => list.map(({ urn, id }) => [urn, id]);
      expect(ids(await the.project.resources())).toEqual(ids(before));
    } finally {
      the.project.remove();
    }
  });

  it("goes on where it was when the cloud dies while a job starts", async () => {
    const the = await harness({ program: `new mags.Job("box");` }, { bootMs: 60_000 });
    try {
      the.project.setConfig("mags:namespace", "e2e");
      const { done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
      await waitUntil(() => the.emulator.calls().some((call) => call.route === "POST /mags-jobs"));
      await the.emulator.stop();
      const { code, output } = await done;
      expect(code).not.toBe(0);
      expect(output).not.toMatch(STACK_TRACE);
      // The request id was known, so the resource is kept and the next run can go on with it.
      expect((await the.project.resource("Job")).outputs).toMatchObject({
        requestId: expect.any(String),
        notReady: expect.any(String),
      });
    } finally {
      the.project.remove();
    }
  });
});
