import { expectSuccess, harness, type Harness } from "./support/harness";

jest.setTimeout(900_000);

const active = (the: Harness) =>
  the.emulator
    .snapshot()
    .jobs.filter((job) => ["pending", "running", "sleeping"].includes(job.status))
    .map((job) => `${job.name} on ${job.workspaceId}`)
    .sort();

describe("jobs that swap their workspaces", () => {
  let the: Harness;

  beforeEach(async () => {
    the = await harness({ program: program("one", "two", "three") });
    expectSuccess(await the.project.up());
    expect(active(the)).toEqual(["a on one", "b on two", "c on three"]);
  });
  afterEach(() => the.stop());

  const program = (...places: string[]) => `
    const spaces = {};
    for (const name of ["one", "two", "three"]) spaces[name] = new mags.Workspace(name, { name, deletionProtection: false });
    ${JSON.stringify(places)}.forEach((place, index) => {
      const name = "abc"[index];
      new mags.Job(name, { name, workspace: spaces[place] });
    });
  `;

  it("do so in one up, in a ring too", async () => {
    the.project.write(program("two", "one", "three"));
    expectSuccess(await the.project.up());
    expect(active(the)).toEqual(["a on two", "b on one", "c on three"]);
    the.project.write(program("one", "three", "two"));
    expectSuccess(await the.project.up());
    expect(active(the)).toEqual(["a on one", "b on three", "c on two"]);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("cannot where the engine does one thing at a time, and are told why and how", async () => {
    the.project.write(program("two", "one", "three"));
    const { code, output } = await the.project.up("--parallel", "1");
    expect(code).not.toBe(0);
    // Which of the two comes first is up to the engine, and so is whether it looks at the other before it goes on.
    const isTold =
      /Job \\?"[ab]\\?" .* is to leave the workspace \\?"(one|two)\\?" for .*not with --parallel 1/s;
    const isInTheWay = /Workspace \\?"(one|two)\\?" has an active job already: .*leave out --parallel 1/s;
    expect(isTold.test(output) || isInTheWay.test(output) ? "" : output).toBe("");
    if (isTold.test(output)) {
      expect(output).toMatch(
        /waiting for job \\?"[ab]\\?" .* to leave the workspace \\?"(one|two)\\?" for .*, \d+ s so far/,
      );
    }
    // Nothing is lost: the next up without the flag ends it.
    expectSuccess(await the.project.up());
    expect(active(the)).toEqual(["a on two", "b on one", "c on three"]);
  });
});

describe("names that are known during the run only", () => {
  let the: Harness;

  beforeAll(async () => {
    the = await harness({ program: "" });
  });
  afterAll(() => the.stop());

  /** A value that no constructor knows, nor a preview. */
  const LATE = `
    const first = new mags.Workspace("first", { deletionProtection: false });
    const late = (value) => first.account.apply(() => value);
  `;
  const CRON = `cronExpression: "0 3 * * *", script: "true"`;

  it.each([
    [
      "the same job twice",
      `new mags.Job("a", { name: late("same") }); new mags.Job("b", { name: late("same") });`,
      /Two resources of this program are the job "same"/,
    ],
    [
      "the same schedule twice",
      `new mags.CronJob("a", { name: late("same"), ${CRON} }); new mags.CronJob("b", { name: late("same"), ${CRON}, adopt: true });`,
      /Two resources of this program are the cron job "same"/,
    ],
    [
      "two jobs on a workspace",
      `new mags.Job("a", { workspaceId: late(first.workspaceId) }); new mags.Job("b", { workspaceId: late(first.workspaceId) });`,
      /The jobs "[ab]" and "[ab]" both work on the workspace/,
    ],
    [
      "a schedule on a job's workspace",
      `new mags.Job("a", { workspaceId: late(first.workspaceId) }); new mags.CronJob("b", { workspaceId: late(first.workspaceId), ${CRON} });`,
      /The cron job "b" would fire on the workspace .* on which the job "a" runs/,
    ],
  ])("%s: refused, and at most one is made", async (_title, resources, message) => {
    the.project.write(LATE + resources);
    expectSuccess(await the.project.preview());
    const { code, output } = await the.project.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(message);
    const { jobs, crons } = the.emulator.snapshot();
    const names = jobs.filter(({ status }) => status === "running").map(({ workspaceId }) => workspaceId);
    expect(names.length + crons.length).toBeLessThanOrEqual(1);
    expectSuccess(await the.project.destroy());
  });
});
