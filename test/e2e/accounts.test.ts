import { expectSuccess, harness } from "./support/harness";

jest.setTimeout(900_000);

const active = (jobs: { status: string; account: number; name?: string }[]) =>
  jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));

describe("several accounts", () => {
  it("keeps two accounts apart, lets tokens rotate, and refuses a swapped provider before any harm", async () => {
    const the = await harness({ program: "" }, { accounts: 3 });
    try {
      const [, second, third] = the.emulator.tokens as [string, string, string];
      const program = (provider: string) => `
        const config = new pulumi.Config();
        const staging = new mags.Provider("staging", { apiToken: config.requireSecret("stagingToken"), endpoint: "${the.emulator.url}", account: "staging" });
        const other = new mags.Provider("other", { apiTokenEnv: "OTHER_TOKEN", endpoint: "${the.emulator.url}", account: "other" });
        new mags.Job("box", { name: "box" });
        new mags.Job("staged", { name: "box" }, { provider: ${provider} });
        const c = require("pulumi-mags/constructs");
        const app = new c.App();
        for (const id of ["here", "there"]) new c.Job(new c.Stack(app, id), "job", { name: "tree" });
        require("pulumi-mags/constructs/pulumi").deploy(app, { providers: { there: staging } });`;
      the.project.setConfig("stagingToken", second, true);
      the.project.write(program("staging"));
      expectSuccess(await the.project.up());
      expect(
        active(the.emulator.snapshot().jobs)
          .map(({ name, account }) => [name, account])
          .sort(),
      ).toEqual([
        ["box", 0],
        ["box", 1],
        ["tree", 0],
        ["tree", 1],
      ]);
      for (const token of the.emulator.tokens) expect(the.project.stateText()).not.toContain(token);

      // The same account under a rotated token: no resource changes. (The third account stands in for a new token.)
      the.mutations();
      the.project.write(program("staging"));
      the.project.setConfig("stagingToken", third, true);
      const rotated = await the.project.up();
      expect(rotated.output).not.toMatch(/mags:Job \w+ (updated|replaced)/);
      expect(the.mutations()).toEqual([]);
      the.project.setConfig("stagingToken", second, true);
      expectSuccess(await the.project.up());

      the.project.write(program("other"));
      const swapped = await the.project.up();
      expect(swapped.code).not.toBe(0);
      expect(swapped.output).toMatch(/belongs to the account "staging", but this provider talks to "other"/);
      expect(the.mutations()).toEqual([]);
      expect(active(the.emulator.snapshot().jobs)).toHaveLength(4);

      the.project.write(program("staging"));
      expectSuccess(await the.project.up());
      the.project.setConfig("mags:account", "production");
      const elsewhere = await the.project.up();
      expect(elsewhere.code).not.toBe(0);
      expect(elsewhere.output).toMatch(
        /belongs to the account "local", but this provider talks to "production"/,
      );
      expect((await the.project.resources()).filter(({ type }) => type.endsWith("mags:Job"))).not.toEqual([]);
      expect(active(the.emulator.snapshot().jobs).some(({ account }) => account === 0)).toBe(true);
    } finally {
      await the.stop();
    }
  });
});

describe("secrets", () => {
  it("are nowhere in plain text: state, outputs, previews, failures", async () => {
    const the = await harness({ program: "" });
    try {
      the.project.setConfig("password", "hunter2-secret", true);
      const program = (extra: string) => `
        const password = new pulumi.Config().requireSecret("password");
        const job = new mags.Job("box", {
          script: pulumi.interpolate\`echo \${password} >/dev/null; sleep infinity\`,
          secrets: { PASSWORD: password, LITERAL: "hunter2-literal" },
          environment: { MIXED: pulumi.interpolate\`x-\${password}\` }, ${extra}
        });
        new mags.CronJob("cron", { cronExpression: "0 3 * * *", script: "true", secrets: { KEY: "hunter2-cron" } });
        exports.job = job;`;
      the.project.write(program(""));
      const up = expectSuccess(await the.project.up());
      const preview = expectSuccess(await the.project.preview("--diff"));
      const sent = the.emulator.calls().find((call) => call.route === "POST /mags-jobs")?.body as {
        environment: Record<string, string>;
      };
      expect(sent.environment).toMatchObject({
        PASSWORD: "hunter2-secret",
        LITERAL: "hunter2-literal",
        MIXED: "x-hunter2-secret",
      });
      the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs", status: 422 });
      the.project.write(program(`rootfsType: "pi",`));
      const failed = await the.project.up();
      expect(failed.code).not.toBe(0);
      expectSuccess(await the.project.up());
      expectSuccess(await the.project.refresh());
      for (const text of [up.output, preview.output, failed.output, the.project.stateText()])
        expect(text).not.toContain("hunter2");
      expectSuccess(await the.project.up("--expect-no-changes"));
    } finally {
      await the.stop();
    }
  });
});
