import { expectSuccess, harness, type Harness } from "./support/harness";

jest.setTimeout(900_000);

let the: Harness;
beforeEach(async () => {
  the = await harness({ program: "" }, { accounts: 2 });
});
afterEach(() => the.stop());

/** A job of another account, started without Pulumi. */
const submit = async (token: string, name: string) => {
  const answer = await fetch(`${the.emulator.url}/api/v1/mags-jobs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      name,
      workspace_id: name,
    }),
  });
  expect(answer.status).toBeLessThan(400);
};

it("look before the first resource exists, after what they depend on, and into another account", async () => {
  const [, second] = the.emulator.tokens as [string, string];
  await submit(second, "theirs");
  the.project.setConfig("secondToken", second, true);
  the.project.write(`
    const endpoint = "${the.emulator.url}";
    const provider = new mags.Provider("second", {
      endpoint, account: "second", apiToken: new pulumi.Config().requireSecret("secondToken"),
    });
    module.exports = async () => {
      const before = await mags.getJobs({ active: true });
      const job = new mags.Job("web", { name: "web" });
      const after = mags.getJobsOutput({ active: true }, { dependsOn: [job] });
      const theirs = mags.getJobsOutput({}, { provider });
      const one = mags.getJobOutput({ name: "theirs" }, { provider });
      const names = (jobs) => jobs.map((job) => job.name);
      return {
        before: names(before),
        after: after.apply(names),
        theirs: theirs.apply(names),
        account: one.account,
        workspaces: (await mags.getWorkspaces({}, { provider })).map((workspace) => workspace.name),
        busy: (await mags.getPoolStatus()).busyVms,
      };
    };`);
  the.mutations();
  const preview = expectSuccess(await the.project.preview());
  expect(preview.output).toMatch(/theirs\s+: \[\s*\[?0?\]?:? ?"theirs"/);
  expect(the.mutations()).toEqual([]);

  expectSuccess(await the.project.up());
  const outputs = await the.project.outputs();
  expect(outputs).toEqual({
    before: [],
    after: ["web"],
    theirs: ["theirs"],
    account: "second",
    workspaces: ["theirs"],
    busy: 1,
  });
  for (const token of the.emulator.tokens) {
    expect(the.project.stateText()).not.toContain(token);
    expect(JSON.stringify(outputs)).not.toContain(token);
  }
  // No value of a function became a secret by the token that it was asked with.
  expect(the.project.stateText()).toContain('"theirs"');

  // They look afresh in each run; no resource changes by that.
  const again = expectSuccess(await the.project.preview());
  expect(again.output).toMatch(/before\s+: \[\s*\+ \[0\]: "web"/);
  expect(again.output).toContain("3 unchanged");
});

it("of what is not there fail the run with one clear message, before anything is made", async () => {
  the.project.write(`
    module.exports = async () => {
      const gone = await mags.getJob({ name: "gone" });
      new mags.Job("web", { name: gone.name + "-web" });
    };`);
  const failed = await the.project.up();
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain('There is no job "gone" in this account');
  expect(failed.output).not.toMatch(/at .*\.js:\d+/);
  expect(the.mutations()).toEqual([]);
});
