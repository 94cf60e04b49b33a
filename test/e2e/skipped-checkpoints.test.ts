import { expectExactlyDeclared } from "./support/exactly";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { providerHostsOf } from "./support/processes";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

/** How long an answer is held back: longer than anything here takes. */
const HELD_MS = 600_000;

/** Each kind once, and the schedule after all others, so that they are there when it is being made. */
const PROGRAM = (more = "") => `
  const site = new mags.Workspace("site", { setup: "echo ran >> ~/setups", deletionProtection: false });
  const web = new mags.Job("web", { workspace: site, http: { port: 8080 } });
  const box = new mags.Sandbox("box", { deletionProtection: false });
  const alias = new mags.UrlAlias("url", { target: site });
  const data = new mags.Workspace("data", { deletionProtection: false });
  const migrate = new mags.Run("migrate", { workspace: data, script: "echo ran >> ~/runs" });
  new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "true" },
    { dependsOn: [web, box, alias, migrate] });
  ${more}`;
/** Reads what scripts have put down, by runs of its own. */
const LOOK = `
  exports.runs = new mags.Run("look", { workspace: data, script: "cat ~/runs", triggers: [migrate.id] }).logTail;
  exports.setups = new mags.Run("inside", { job: web, script: "cat ~/setups" }).logTail;`;

const SKIP = "PULUMI_SKIP_CHECKPOINTS";

/** Runs until the call has had its effect, and kills the CLI with its hosts: nothing more is written. */
async function killedAt(the: Harness, route: string): Promise<void> {
  the.emulator.inject({ kind: "slow", route, delayMs: HELD_MS });
  const { child, done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
  await waitUntil(() => the.emulator.faults().some((fault) => fault.hits > 0), 120_000);
  for (const pid of [child.pid!, ...providerHostsOf(child.pid!)]) process.kill(pid, "SIGKILL");
  expect((await done).code).not.toBe(0);
  the.emulator.clearFaults();
}

const ours = async (the: Harness) =>
  (await the.project.resources()).filter(({ type }) => type.includes("dynamic/mags:"));

describe("a SIGKILL in the middle of an up without checkpoints", () => {
  it("of a new stack loses its state, and the next up finds everything again, once", async () => {
    const the = await harness({ program: PROGRAM() }, { execute: "process" });
    try {
      the.project.setConfig("mags:namespace", "e2e");
      the.project.setEnv(SKIP, "true");
      await killedAt(the, "POST /mags-cron");
      expect(the.emulator.snapshot().workspaces).toHaveLength(3);
      expect(the.emulator.snapshot().crons).toHaveLength(1);
      const refused = await the.project.up();
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(/currently locked by 1 lock/);
      expectSuccess(await the.project.pulumi("cancel", "--yes"));
      expect(await ours(the)).toEqual([]);

      expectSuccess(await the.project.up());
      await expectExactlyDeclared(the);
      expectSuccess(await the.project.up("--expect-no-changes"));
      the.project.write(PROGRAM(LOOK));
      expectSuccess(await the.project.up());
      expect(await the.project.outputs()).toMatchObject({ setups: "ran", runs: "ran" });
    } finally {
      await the.stop();
    }
  });

  it("of edits leaves the state from before, and the next up makes them again to no harm", async () => {
    const program = (disk: number, port: number, script: string) => `
      const data = new mags.Workspace("data", { deletionProtection: false });
      const box = new mags.Job("box", { workspace: data, diskGb: ${disk} });
      const alias = new mags.UrlAlias("url", { target: data, port: ${port} });
      new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "${script}" }, { dependsOn: [box, alias] });`;
    const the = await harness({ program: program(2, 8080, "true") });
    try {
      the.project.setConfig("mags:namespace", "e2e");
      the.project.setEnv(SKIP, "true");
      expectSuccess(await the.project.up());
      const before = await ours(the);
      the.project.write(program(4, 8081, "false"));
      await killedAt(the, "PATCH /mags-cron/{id}");
      expectSuccess(await the.project.pulumi("cancel", "--yes"));
      expect(await ours(the)).toEqual(before);
      expectSuccess(await the.project.up());
      await expectExactlyDeclared(the);
      expectSuccess(await the.project.up("--expect-no-changes"));
    } finally {
      await the.stop();
    }
  });
});
