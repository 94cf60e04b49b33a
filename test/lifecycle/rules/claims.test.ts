import { succeed } from "../support/points";
import { reasons, rulesCase } from "../support/rules";

const the = rulesCase();

describe("two that need one VM", () => {
  const space = (name: string) =>
    ({ name, kind: "Workspace", args: { name, deletionProtection: false } }) as const;
  const on = (name: string, workspaceId: string) =>
    ({ name, kind: "Job", args: { name, workspaceId } }) as const;
  const cron = (workspaceId: string) =>
    ({
      name: "nightly",
      kind: "CronJob",
      args: { cronExpression: "0 3 * * *", script: "true", workspaceId },
    }) as const;

  it("are refused where the names are known in the run only, the second before anything is made", async () => {
    await succeed(the.engine.up([space("data"), on("one", "data")]), "up");
    the.cloud().emulator.clearCalls();
    const jobs = await the.engine.up([space("data"), on("one", "data"), on("two", "data")]);
    expect(reasons(jobs)).toMatch(/jobs "one" and "two" both work on the workspace "data"/);
    const schedule = await the.engine.up([space("data"), on("one", "data"), cron("data")]);
    expect(reasons(schedule)).toMatch(/cron job "nightly" would fire on the workspace "data"/);
    expect(the.mutations()).toEqual([]);
    // Also one that is there, and is moved onto the workspace of a job.
    await succeed(the.engine.up([space("data"), on("one", "data"), cron("elsewhere")]), "up");
    the.cloud().emulator.clearCalls();
    const moved = await the.engine.up([space("data"), on("one", "data"), cron("data")]);
    expect(reasons(moved)).toMatch(/cron job "nightly" would fire on the workspace "data"/);
    expect(the.mutations()).toEqual([]);
  });

  it("and are one thing are refused, also for adoption", async () => {
    const twin = { ...on("one", "data"), name: "twin" };
    await succeed(the.engine.up([space("data"), on("one", "data")]), "up");
    the.cloud().emulator.clearCalls();
    const run = await the.engine.up([
      space("data"),
      on("one", "data"),
      { ...twin, args: { ...twin.args, adopt: true } },
    ]);
    expect(reasons(run)).toMatch(/Two resources of this program are the job "one"/);
    expect(the.mutations()).toEqual([]);
  });

  it("cannot swap one after the other: nothing is lost, and moving one first leads on", async () => {
    const swapped = [space("data"), space("other"), on("one", "other"), on("two", "data")];
    await succeed(
      the.engine.up([space("data"), space("other"), on("one", "data"), on("two", "other")]),
      "up",
    );
    expect(reasons(await the.engine.up(swapped))).toMatch(
      /"other" has an active job already: "two".*aliases.*remove it first/s,
    );
    expect(the.active().map(({ name }) => name)).toEqual(["two"]);
    await succeed(the.engine.up([space("data"), space("other"), on("two", "data")]), "one moves");
    await succeed(the.engine.up(swapped), "the other follows");
    expect(the.active().map(({ name, workspaceId }) => [name, workspaceId])).toEqual(
      expect.arrayContaining([
        ["one", "other"],
        ["two", "data"],
      ]),
    );
  });
});
