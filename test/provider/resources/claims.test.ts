import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";
import { refusalsOf } from "../../support/refusals";

jest.mock("../../../provider/resources/problems", () =>
  jest
    .requireActual<typeof import("../../support/refusals")>("../../support/refusals")
    .collecting(jest.requireActual("../../../provider/resources/problems")),
);

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
    await expect(refusalsOf(twice)).resolves.toContain(`Two resources of this program are the ${text}`);
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
    const told = await refusalsOf(() => {
      const site = new mags.Workspace("site", { name: "site" });
      new mags.Job("first", { workspace: site });
      new mags.Job("second", { workspace: site });
      new mags.Job("third", { workspaceId: "site" });
    });
    expect(told).toMatch(/jobs "first" and "second" both work on the workspace "site"/);
    expect(told).toMatch(/jobs "first" and "third" both work on the workspace "site"/);
  });

  it("of a job takes no schedule, whichever comes first", async () => {
    const told = await refusalsOf(() => {
      new mags.Job("web", { workspaceId: "w" });
      new mags.CronJob("nightly", { ...CRON, workspaceId: "w" });
      new mags.CronJob("hourly", { ...CRON, workspaceId: "v" });
      new mags.Job("late", { workspaceId: "v" });
    });
    expect(told).toMatch(/cron job "nightly" would fire on the workspace "w", on which the job "web" runs/);
    expect(told).toMatch(/cron job "hourly".*job "late"/);
  });

  it("of a job takes no run with a VM of its own, whichever comes first, but one inside the job", async () => {
    const told = await refusalsOf(() => {
      const web = new mags.Job("web", { workspaceId: "w" });
      new mags.Run("seed", { script: "t", workspaceId: "w" });
      new mags.Run("migrate", { script: "t", job: web });
      new mags.Run("fill", { script: "t", workspaceId: "v" });
      new mags.Job("late", { workspaceId: "v" });
    });
    expect(told).toMatch(
      /run "seed" would start a VM of its own on the workspace "w", on which the job "web" runs.*Pass job/,
    );
    expect(told).toMatch(/run "fill".*job "late"/);
    expect(told).not.toContain("migrate");
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
    const told = await refusalsOf(() => {
      const [one, other] = [new mags.Workspace("one"), new mags.Workspace("other")];
      new mags.Job("a", { workspace: one });
      new mags.Job("b", { workspace: other });
      new mags.Job("c", { workspace: one });
    });
    expect(told).toMatch(/jobs "a" and "c" both work/);
  });
});
