import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";

const CRON = { cronExpression: "0 3 * * *", script: "true" };

describe("names", () => {
  it.each<[string, () => unknown, string]>([
    [
      "workspace",
      () => [new mags.Workspace("a", { name: "n" }), new mags.Workspace("b", { name: "n" })],
      'workspace "n"',
    ],
    ["job", () => [new mags.Job("a", { name: "n" }), new mags.Job("b", { name: "n" })], 'job "n"'],
    [
      "subdomain",
      () => [
        new mags.UrlAlias("a", { subdomain: "n", workspaceId: "w" }),
        new mags.UrlAlias("b", { subdomain: "n", workspaceId: "v" }),
      ],
      'URL alias "n"',
    ],
    [
      "cron job",
      () => [new mags.CronJob("a", { ...CRON, name: "n" }), new mags.CronJob("b", { ...CRON, name: "n" })],
      'cron job "n"',
    ],
    [
      "run",
      () => [new mags.Run("a", { script: "t", name: "n" }), new mags.Run("b", { script: "t", name: "n" })],
      'run "n"',
    ],
  ])("one %s is not declared twice", async (_kind, twice, text) => {
    await runProgram(() => {
      expect(twice).toThrow(`Two resources of this program are the ${text}`);
    });
  });

  it("may be the same for different kinds, and in another run of a program", async () => {
    for (let run = 0; run < 2; run++) {
      await runProgram(() => {
        new mags.Workspace("a", { name: "n" });
        new mags.Job("b", { name: "n", workspaceId: "n" });
        new mags.UrlAlias("c", { subdomain: "n", workspaceId: "n" });
        new mags.CronJob("d", { ...CRON, name: "n" });
      });
    }
  });

  it("may be the same in two accounts", async () => {
    await runProgram(() => {
      const provider = new mags.Provider("other", { apiTokenEnv: "X", account: "other" });
      new mags.Job("a", { name: "n" });
      new mags.Job("b", { name: "n" }, { provider });
    });
  });
});

describe("a workspace", () => {
  it("takes one job, by name or as a resource", async () => {
    await runProgram(() => {
      const site = new mags.Workspace("site", { name: "site" });
      new mags.Job("first", { workspace: site });
      const text = /jobs "first" and "second" both work on the workspace "site"/;
      expect(() => new mags.Job("second", { workspace: site })).toThrow(text);
      expect(() => new mags.Job("second", { workspaceId: "site" })).toThrow(text);
    });
  });

  it("of a job takes no schedule, whichever comes first", async () => {
    await runProgram(() => {
      new mags.Job("web", { workspaceId: "w" });
      expect(() => new mags.CronJob("nightly", { ...CRON, workspaceId: "w" })).toThrow(
        /cron job "nightly" would fire on the workspace "w", on which the job "web" runs/,
      );
      new mags.CronJob("hourly", { ...CRON, workspaceId: "v" });
      expect(() => new mags.Job("late", { workspaceId: "v" })).toThrow(/cron job "hourly".*job "late"/);
    });
  });

  it("of a job takes no run with a VM of its own, whichever comes first, but one inside the job", async () => {
    await runProgram(() => {
      const web = new mags.Job("web", { workspaceId: "w" });
      expect(() => new mags.Run("seed", { script: "t", workspaceId: "w" })).toThrow(
        /run "seed" would start a VM of its own on the workspace "w", on which the job "web" runs.*Pass job/,
      );
      new mags.Run("migrate", { script: "t", job: web });
      new mags.Run("fill", { script: "t", workspaceId: "v" });
      expect(() => new mags.Job("late", { workspaceId: "v" })).toThrow(/run "fill".*job "late"/);
    });
  });

  it("without a job takes several schedules and runs, and aliases in any number", async () => {
    await runProgram(() => {
      new mags.Run("e", { script: "t", workspaceId: "w" });
      new mags.Run("f", { script: "t", workspaceId: "w" });
      new mags.CronJob("a", { ...CRON, workspaceId: "w" });
      new mags.CronJob("b", { ...CRON, workspaceId: "w" });
      new mags.UrlAlias("c", { subdomain: "c", workspaceId: "w" });
      new mags.UrlAlias("d", { subdomain: "d", workspaceId: "w" });
    });
  });

  it("that has no plain name is told apart by the resource", async () => {
    await runProgram(() => {
      const [one, other] = [new mags.Workspace("one"), new mags.Workspace("other")];
      new mags.Job("a", { workspace: one });
      new mags.Job("b", { workspace: other });
      expect(() => new mags.Job("c", { workspace: one })).toThrow(/jobs "a" and "c" both work/);
    });
  });
});
