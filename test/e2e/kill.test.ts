import { expectExactlyDeclared } from "./support/exactly";
import { expectSuccess, harness } from "./support/harness";
import { providerHostsOf } from "./support/processes";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

interface Point {
  what: string;
  /** The program whose `up` comes first, if any. */
  before?: string;
  program: string;
  /** Killed once this call has had its effect and before its answer arrives. */
  route: string;
  victim: "cli" | "host";
}

const workspace = `const data = new mags.Workspace("data", { deletionProtection: false });`;
const job = (args: string) => `${workspace} const box = new mags.Job("box", { workspace: data, ${args} });`;
const alias = (target: string) =>
  `const one = new mags.Workspace("one", { deletionProtection: false }); const two = new mags.Workspace("two", { deletionProtection: false });
   new mags.UrlAlias("alias", { target: ${target} });`;
const cron = (script: string) =>
  `new mags.CronJob("cron", { cronExpression: "0 3 * * *", script: "${script}" });`;

/** Points of the crash matrix, each with a real SIGKILL: nothing runs after it, neither in us nor in the engine. */
const POINTS: Point[] = [
  {
    what: "creating a workspace, its job submitted",
    program: workspace,
    route: "POST /mags-jobs",
    victim: "cli",
  },
  {
    what: "creating a workspace, its job stopped",
    program: workspace,
    route: "POST /mags-jobs/{id}/stop",
    victim: "host",
  },
  {
    what: "creating a job, submitted",
    program: job(""),
    before: workspace,
    route: "POST /mags-jobs",
    victim: "host",
  },
  {
    what: "creating a job, its port opened",
    program: job("http: { port: 80 }"),
    before: workspace,
    route: "POST /mags-jobs/{id}/access",
    victim: "cli",
  },
  {
    what: "resizing, synced",
    before: job("diskGb: 2"),
    program: job("diskGb: 4"),
    route: "POST /mags-jobs/{id}/sync",
    victim: "host",
  },
  {
    what: "resizing, stopped",
    before: job("diskGb: 2"),
    program: job("diskGb: 4"),
    route: "POST /mags-jobs/{id}/stop",
    victim: "cli",
  },
  {
    what: "resizing, submitted",
    before: job("diskGb: 2"),
    program: job("diskGb: 4"),
    route: "POST /mags-jobs",
    victim: "host",
  },
  {
    what: "patching a job",
    before: job(""),
    program: job("noSleep: true"),
    route: "PATCH /mags-jobs/{id}",
    victim: "cli",
  },
  {
    what: "deleting a job, stopped",
    before: job(""),
    program: workspace,
    route: "POST /mags-jobs/{id}/stop",
    victim: "host",
  },
  { what: "creating an alias", program: alias("one"), route: "POST /mags-url-aliases", victim: "cli" },
  {
    what: "repointing an alias, deleted",
    before: alias("one"),
    program: alias("two"),
    route: "DELETE /mags-url-aliases/{subdomain}",
    victim: "host",
  },
  { what: "creating a schedule", program: cron("true"), route: "POST /mags-cron", victim: "cli" },
  {
    what: "editing a schedule",
    before: cron("true"),
    program: cron("false"),
    route: "PATCH /mags-cron/{id}",
    victim: "host",
  },
];

/** How long an answer is held back: longer than anything here takes. */
const HELD_MS = 60_000;

describe("a SIGKILL in the middle of an up", () => {
  it("covers at least twelve points", () => expect(POINTS.length).toBeGreaterThanOrEqual(12));

  it.each(POINTS)(
    "$what, $victim killed: the next up converges, and the one after is empty",
    async (point) => {
      const the = await harness({ program: point.before ?? "" });
      try {
        the.project.setConfig("mags:namespace", "e2e");
        if (point.before) expectSuccess(await the.project.up());
        the.project.write(point.program);
        the.emulator.inject({ kind: "slow", route: point.route, delayMs: HELD_MS });
        const { child, done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
        await waitUntil(() => the.emulator.faults().some((fault) => fault.hits > 0));
        const hosts = providerHostsOf(child.pid!);
        expect(hosts).not.toEqual([]);
        // The host outlives a killed CLI and would go on; here it dies with it, so that nothing but the next up can mend things.
        for (const pid of point.victim === "cli" ? [child.pid!, ...hosts] : hosts)
          process.kill(pid, "SIGKILL");
        expect((await done).code).not.toBe(0);
        the.emulator.clearFaults();
        if (point.victim === "cli") expectSuccess(await the.project.pulumi("cancel", "--yes"));
        expectSuccess(await the.project.up());
        await expectExactlyDeclared(the);
        expectSuccess(await the.project.up("--expect-no-changes"));
      } finally {
        await the.stop();
      }
    },
  );
});
