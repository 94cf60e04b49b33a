import { resolve } from "node:path";
import { expectSuccess, get, harness, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

describe("the example always-on-service on the real engine", () => {
  let the: Harness;
  let url: string;

  beforeAll(async () => {
    const folder = resolve(__dirname, "../../examples/always-on-service");
    the = await harness({ folder }, { execute: "process" });
    the.project.setConfig("protectData", "false");
    expectSuccess(await the.project.up());
    url = String((await the.project.outputs()).url);
  });
  afterAll(() => the.stop());

  const job = () => the.project.resource("Job");

  it("serves the workspace's page under its alias", async () => {
    expect(await get(url)).toEqual({ status: 200, body: expect.stringContaining("Hello from Mags") });
  });

  it("leaves no VM running but the service's own", () => {
    const active = the.emulator
      .snapshot()
      .jobs.filter((candidate) => ["pending", "running", "sleeping"].includes(candidate.status));
    expect(active.map((candidate) => candidate.name)).toEqual([
      expect.stringMatching(/^dev-web-[a-z0-9]{13}$/),
    ]);
  });

  it("keeps state small and the token out of it", async () => {
    for (const resource of await the.project.resources())
      expect(JSON.stringify(resource).length).toBeLessThan(2_500);
    expect(the.project.stateText()).not.toContain(the.emulator.token);
    expect(the.project.stateText()).toContain("dev-web-");
  });

  it("finds nothing to do in a second up", async () => {
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });

  it("changes noSleep by one PATCH and nothing else", async () => {
    const before = await job();
    the.project.edit("index.ts", (text) => text.replace("noSleep: true", "noSleep: false"));
    const { output } = expectSuccess(await the.project.up());
    expect(output).toContain("[diff: ~noSleep]");
    expect(the.mutations()).toEqual(["PATCH /mags-jobs/{id}"]);
    expect((await job()).outputs).toMatchObject({ requestId: before.outputs!.requestId, noSleep: false });
  });

  it("changes diskGb by sync, stop and create with everything else sent again", async () => {
    const before = await job();
    the.project.edit("index.ts", (text) => text.replace("diskGb: 4", "diskGb: 6"));
    expectSuccess(await the.project.up());
    const create = the.emulator.calls().find((call) => call.route === "POST /mags-jobs");
    expect(create?.body).toEqual({
      name: before.id,
      script: "cd ~ && exec node server.js",
      type: "inline",
      persistent: true,
      workspace_id: before.inputs!.workspaceId,
      disk_gb: 6,
    });
    expect(the.mutations()).toEqual([
      "POST /mags-jobs/{id}/exec",
      "POST /mags-jobs/{id}/sync",
      "POST /mags-jobs/{id}/stop",
      "POST /mags-jobs",
      "POST /mags-jobs/{id}/access",
    ]);
    const after = await job();
    expect(after.id).toBe(before.id);
    expect(after.outputs!.requestId).not.toBe(before.outputs!.requestId);
    expect((await get(url)).body).toContain("Hello from Mags");
  });

  it("edits a schedule in place", async () => {
    const before = await the.project.resource("CronJob");
    the.project.edit("index.ts", (text) => text.replace("0 3 * * *", "30 4 * * 1-5"));
    const { output } = expectSuccess(await the.project.preview("--diff"));
    expect(output).toMatch(/cronExpression: "0 3 \* \* \*" => "30 4 \* \* 1-5"/);
    expect(output).not.toContain("replace");
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual(["PATCH /mags-cron/{id}"]);
    expect((await the.project.resource("CronJob")).id).toBe(before.id);
  });

  it("sees what was stopped outside in a refresh, and heals it", async () => {
    const before = await job();
    const stop = await fetch(
      `${the.emulator.url}/api/v1/mags-jobs/${String(before.outputs!.requestId)}/stop`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${the.emulator.token}` },
      },
    );
    expect(stop.ok).toBe(true);
    await waitUntil(() =>
      the.emulator
        .snapshot()
        .jobs.every((one) => one.requestId !== before.outputs!.requestId || one.status === "completed"),
    );
    expectSuccess(await the.project.refresh());
    expect((await job()).outputs!.status).toBe("completed");
    expect((await the.project.preview("--expect-no-changes")).code).not.toBe(0);
    expectSuccess(await the.project.up());
    expect((await job()).outputs!.status).toBe("running");
    expect((await get(url)).body).toContain("Hello from Mags");
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("sees an alias and a schedule that were deleted outside, and makes them again", async () => {
    const alias = await the.project.resource("UrlAlias");
    const cron = await the.project.resource("CronJob");
    for (const path of [`mags-url-aliases/${String(alias.outputs!.subdomain)}`, `mags-cron/${cron.id}`]) {
      const answer = await fetch(`${the.emulator.url}/api/v1/${path}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${the.emulator.token}` },
      });
      expect(answer.ok).toBe(true);
    }
    expectSuccess(await the.project.refresh());
    expect(
      (await the.project.resources()).some(
        ({ type }) => type.endsWith("mags:UrlAlias") || type.endsWith("mags:CronJob"),
      ),
    ).toBe(false);
    expectSuccess(await the.project.up());
    expect((await get(url)).body).toContain("Hello from Mags");
    expect(the.emulator.snapshot().crons).toHaveLength(1);
  });

  it("destroys everything and leaves nothing", async () => {
    const { output } = expectSuccess(await the.project.destroy());
    expect(output).not.toContain(the.emulator.token);
    const left = the.emulator.snapshot();
    expect(left.workspaces).toEqual([]);
    expect(left.aliases).toEqual([]);
    expect(left.crons).toEqual([]);
    expect(left.jobs.filter((one) => ["pending", "running", "sleeping"].includes(one.status))).toEqual([]);
  });
});
