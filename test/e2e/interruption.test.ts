import { expectSuccess, harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

const active = (jobs: { status: string }[]) =>
  jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status));

describe("interruptions", () => {
  it("one Ctrl-C leaves a complete state", async () => {
    const the = await harness(
      { program: `for (let i = 0; i < 3; i++) new mags.Job("box" + i);` },
      { bootMs: 3_000 },
    );
    try {
      const { child, done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
      await waitUntil(
        () => the.emulator.calls().filter((call) => call.route === "POST /mags-jobs").length === 3,
      );
      child.kill("SIGINT");
      await done;
      const kept = (await the.project.resources()).filter(({ type }) => type.endsWith("mags:Job"));
      expect(kept.map(({ id }) => id).sort()).toEqual(
        active(the.emulator.snapshot().jobs)
          .map((job) => (job as { name?: string }).name)
          .sort(),
      );
      expectSuccess(await the.project.up());
      expect(active(the.emulator.snapshot().jobs)).toHaveLength(3);
    } finally {
      await the.stop();
    }
  });

  it("two leave one that the next up heals", async () => {
    const the = await harness({ program: `new mags.Job("box");` }, { bootMs: 5_000 });
    try {
      the.project.setConfig("mags:namespace", "e2e");
      const { child, done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
      await waitUntil(() => the.emulator.calls().some((call) => call.route === "POST /mags-jobs"));
      child.kill("SIGINT");
      await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGINT");
      expect((await done).code).not.toBe(0);
      await the.project.pulumi("cancel", "--yes");
      expectSuccess(await the.project.up());
      expect(active(the.emulator.snapshot().jobs)).toHaveLength(1);
      expectSuccess(await the.project.up("--expect-no-changes"));
    } finally {
      await the.stop();
    }
  });

  it("gives an operation the time that timeouts says, keeps the resource, and says what it waited for", async () => {
    const the = await harness(
      { program: `new mags.Job("box", { timeouts: { create: 2 } });` },
      { bootMs: 60_000 },
    );
    try {
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toMatch(/was not ready within \d+ s \(status pending\)/);
      expect(await the.project.resource("Job")).toMatchObject({
        initErrors: [expect.stringContaining("not ready")],
      });
      // A refresh erases the engine's own note of that; ours stays.
      expectSuccess(await the.project.refresh());
      expect((await the.project.resource("Job")).outputs).toMatchObject({ notReady: expect.any(String) });
      expect((await the.project.preview("--expect-no-changes")).code).not.toBe(0);
    } finally {
      await the.stop();
    }
  });
});

describe("a refresh that shows everything gone", () => {
  it("fails and removes nothing from the state; MAGS_ALLOW_MASS_GONE lets it through", async () => {
    const the = await harness(
      {
        program: `for (let i = 0; i < 6; i++) new mags.CronJob("cron" + i, { cronExpression: "0 3 * * *", script: "true" });`,
      },
      { accounts: 2 },
    );
    try {
      expectSuccess(await the.project.up());
      for (const cron of the.emulator.snapshot().crons) {
        await fetch(`${the.emulator.url}/api/v1/mags-cron/${cron.id}`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${the.emulator.token}` },
        });
      }
      expect(the.emulator.snapshot().crons).toEqual([]);
      const refused = await the.project.refresh();
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(/of \d+ resources look gone at once/);
      expect(
        (await the.project.resources()).filter(({ type }) => type.endsWith("mags:CronJob")),
      ).toHaveLength(6);
      expect(refused.output.match(/Check mags:endpoint and the token/g)!.length).toBeLessThanOrEqual(3);
      the.project.setEnv("MAGS_ALLOW_MASS_GONE", "true");
      expectSuccess(await the.project.refresh());
      expect((await the.project.resources()).filter(({ type }) => type.endsWith("mags:CronJob"))).toEqual([]);
    } finally {
      await the.stop();
    }
  });
});
