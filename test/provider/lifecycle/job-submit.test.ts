import { ApiError } from "../../../provider/api/errors";
import type { JobRequest } from "../../../provider/api/wire";
import { jobFields } from "../../../provider/schema/job-fields";
import { environmentOf, jobRequest, submitJob } from "../../../provider/lifecycle/job-submit";
import type { Context } from "../../../provider/lifecycle/kind";
import { AutoClock } from "../../support/clock";

describe("jobRequest", () => {
  it("of a sandbox without a workspace is what the vendor's new() sends, and its name", () => {
    expect(jobRequest({ name: "box", workspaceId: "box", localDisk: true }, [])).toEqual({
      name: "box",
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      workspace_id: "box",
      no_sync: true,
    });
  });

  it("holds every setting, in wire names", () => {
    const inputs = {
      name: "web",
      script: "serve",
      workspaceId: "site",
      baseWorkspaceId: "template",
      rootfsType: "claude",
      environment: { A: "1" },
      secrets: { B: "2" },
      vcpus: 4,
      memoryMb: 8192,
      idleTimeout: 30,
      diskGb: 8,
      noSleep: true,
      startupCommand: "resume",
    };
    expect(jobRequest(inputs, ["f-1"])).toEqual({
      name: "web",
      script: "serve",
      type: "inline",
      persistent: true,
      workspace_id: "site",
      base_workspace_id: "template",
      rootfs_type: "claude",
      environment: { A: "1", B: "2", __MAGS_IDLE_MIN: "30" },
      vcpus: 4,
      memory_mb: 8192,
      disk_gb: 8,
      no_sleep: true,
      startup_command: "resume",
      file_ids: ["f-1"],
    });
  });

  it("no input that restarts or resizes a job is forgotten in it", () => {
    const sample: Record<string, unknown> = {
      script: "changed",
      baseWorkspaceId: "changed",
      rootfsType: "changed",
      environment: { A: "changed" },
      secrets: { A: "changed" },
      vcpus: 9,
      memoryMb: 999,
      idleTimeout: 99,
      diskGb: 99,
    };
    const base = JSON.stringify(jobRequest({ name: "n", workspaceId: "w" }, []));
    const reaching = Object.entries(jobFields).filter(
      ([name, { effect }]) => ["restart", "resize"].includes(effect) && !["files", "triggers"].includes(name),
    );
    for (const [name] of reaching) {
      expect(sample).toHaveProperty(name);
      const request = JSON.stringify(jobRequest({ name: "n", workspaceId: "w", [name]: sample[name] }, []));
      expect([name, request]).not.toEqual([name, base]);
    }
  });

  it("keeps control keys that the user sets himself", () => {
    expect(environmentOf({ environment: { __MAGS_KEEP_ALIVE: "true" } })).toEqual({
      __MAGS_KEEP_ALIVE: "true",
    });
  });
});

describe("submitJob", () => {
  const refusal = (status: number, serverMessage: string): ApiError =>
    new ApiError({ status, serverMessage, method: "POST", path: "/api/v1/mags-jobs" });
  const REQUEST: JobRequest = { name: "web", script: "x", type: "inline", persistent: true };

  /** A cloud that answers each submit in turn. */
  function cloud(...answers: (ApiError | string)[]) {
    const clock = new AutoClock();
    let submits = 0;
    const client = {
      transport: { timeoutMs: 30_000 },
      createJob: async () => {
        submits++;
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
        if (typeof answer !== "string") throw answer;
        return { requestId: answer };
      },
    };
    const directory = { jobs: async () => [] };
    const said: string[] = [];
    const say = (message: string) => said.push(message);
    const context = { clock, client, directory, say, pollMs: 1_000, deadline: clock.now() + 600_000 };
    return { clock, said, context: context as unknown as Context, submits: () => submits };
  }

  it("waits while the name is still in use, where a stop may not be over", async () => {
    const { context, submits } = cloud(refusal(409, "in use"), refusal(500, "already exists"), "r-1");
    await expect(submitJob(context, REQUEST, { waitOutConflicts: true })).resolves.toBe("r-1");
    expect(submits()).toBe(3);
  });

  it("does not wait for ever", async () => {
    const { context, clock, said } = cloud(refusal(409, "in use"));
    const begunAt = clock.now();
    await expect(submitJob(context, REQUEST, { waitOutConflicts: true })).rejects.toMatchObject({
      status: 409,
    });
    expect(clock.now() - begunAt).toBeLessThanOrEqual(61_000);
    expect(said).toHaveLength(5);
    expect(said[0]).toMatch(/^waiting to start job "web": .*in use, 10 s so far$/);
  });

  it("shows a conflict at once elsewhere", async () => {
    const { context, submits } = cloud(refusal(409, "in use"));
    await expect(submitJob(context, REQUEST, { waitOutConflicts: false })).rejects.toMatchObject({
      status: 409,
    });
    expect(submits()).toBe(1);
  });

  it("shows the server's answer to an unknown root file system, with advice where there is some", async () => {
    const unknown = cloud(refusal(422, "unknown rootfs_type foo"));
    await expect(submitJob(unknown.context, REQUEST, { waitOutConflicts: true })).rejects.toThrow(
      'Job "web" could not be started: unknown rootfs_type foo',
    );
    const golden = cloud(refusal(400, "golden snapshot not ready"));
    await expect(submitJob(golden.context, REQUEST, { waitOutConflicts: true })).rejects.toThrow(
      /leave out memoryMb/,
    );
  });
});
