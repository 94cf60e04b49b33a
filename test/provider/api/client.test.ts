import * as fc from "fast-check";
import { MagsClient } from "../../../provider/api/client";
import { isActive } from "../../../provider/api/job-status";
import { ApiError, MalformedAnswerError, isConflict } from "../../../provider/api/errors";
import { Transport } from "../../../provider/api/transport";
import { AutoClock } from "../../support/clock";
import { FakeApi } from "../../support/fake-api";

const TOKEN = "token-that-must-never-be-shown";
let api: FakeApi;
let transport: Transport;
let client: MagsClient;

beforeAll(async () => {
  api = await FakeApi.start();
  const clock = new AutoClock();
  transport = new Transport({ endpoint: api.endpoint, token: TOKEN, maxConcurrency: 4, clock });
  client = new MagsClient(transport);
});
beforeEach(() => {
  api.requests.length = 0;
});
afterAll(async () => {
  await transport.close();
  await api.stop();
});

describe("paths", () => {
  it("percent-encodes every id, so that none can leave its segment", async () => {
    api.answer(() => ({ body: { status: "running" } }));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), async (id) => {
        api.requests.length = 0;
        if (id === "." || id === "..") {
          await expect(client.jobStatus(id)).rejects.toThrow("cannot be the id of anything");
          return;
        }
        await client.jobStatus(id);
        const segments = api.requests[0]!.path.split("/");
        expect(segments).toHaveLength(6);
        expect(decodeURIComponent(segments[4]!)).toBe(id);
      }),
      { numRuns: 40, examples: [["."], [".."], ["../../x"], ["a b?c#d"], ["%2f"], ["ü/ß"], ["a;b=1&c"]] },
    );
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["status", () => client.jobStatus("a/b"), "GET /api/v1/mags-jobs/a%2Fb/status"],
    ["logs", () => client.jobLogs("a/b"), "GET /api/v1/mags-jobs/a%2Fb/logs"],
    ["access", () => client.enableAccess("a/b", 80), "POST /api/v1/mags-jobs/a%2Fb/access"],
    ["patch", () => client.patchJob("a/b", {}), "PATCH /api/v1/mags-jobs/a%2Fb"],
    ["stop", () => client.stopJob("a/b"), "POST /api/v1/mags-jobs/a%2Fb/stop"],
    ["sync", () => client.syncJob("a/b"), "POST /api/v1/mags-jobs/a%2Fb/sync"],
    ["exec", () => client.exec("a/b", "ls"), "POST /api/v1/mags-jobs/a%2Fb/exec"],
    ["workspace", () => client.deleteWorkspace("a/b"), "DELETE /api/v1/mags-workspaces/a%2Fb"],
    ["alias", () => client.deleteAlias("a/b"), "DELETE /api/v1/mags-url-aliases/a%2Fb"],
    ["cron", () => client.getCron("a/b"), "GET /api/v1/mags-cron/a%2Fb"],
    ["cron patch", () => client.patchCron("a/b", {}), "PATCH /api/v1/mags-cron/a%2Fb"],
    ["cron delete", () => client.deleteCron("a/b"), "DELETE /api/v1/mags-cron/a%2Fb"],
    ["usage", () => client.usage(), "GET /api/v1/mags-jobs/usage"],
    ["pool", () => client.poolStatus(), "GET /api/v1/mags-jobs/pool-status"],
  ])("%s", async (_name, call, expected) => {
    api.answer(() => ({ body: {} }));
    await call();
    expect(api.calls).toEqual([expected]);
  });
});

describe("createJob", () => {
  const body = { script: "true", type: "inline", persistent: true } as const;

  it("uses v2 only where vcpus or memory_mb need it", async () => {
    api.answer(() => ({ body: { request_id: "r", status: "accepted" } }));
    await client.createJob(body);
    await client.createJob({ ...body, vcpus: 2 });
    await client.createJob({ ...body, memory_mb: 2048 });
    expect(api.calls).toEqual(["POST /api/v1/mags-jobs", "POST /api/v2/mags-jobs", "POST /api/v2/mags-jobs"]);
  });

  it("takes a success with a message and no request id for a failure", async () => {
    api.script({ body: { message: "no capacity" } });
    await expect(client.createJob(body)).rejects.toMatchObject({ status: 422, serverMessage: "no capacity" });
  });

  it("recognizes a conflict told in that way", async () => {
    api.script({ body: { message: "workspace already in use" } });
    const error = await client.createJob(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(isConflict(error)).toBe(true);
  });

  it("does not go on without a request id", async () => {
    api.script({ body: { status: "accepted" } });
    await expect(client.createJob(body)).rejects.toThrow(MalformedAnswerError);
  });
});

describe("other answers", () => {
  it("access that is refused inside a success is an error", async () => {
    api.script({ body: { success: false, error: "no VM associated with this job" } });
    const error = await client.enableAccess("r", 80).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 422, serverMessage: "no VM associated with this job" });
  });

  it("an alias with a port goes to v2", async () => {
    api.answer(() => ({ body: {} }));
    await client.createAlias({ subdomain: "s", workspaceId: "w", domain: "d" });
    await client.createAlias({ subdomain: "s", workspaceId: "w", domain: "d", port: 81 });
    expect(api.calls).toEqual(["POST /api/v1/mags-url-aliases", "POST /api/v2/mags-url-aliases"]);
    expect(api.requests[0]!.body).toEqual({ subdomain: "s", workspace_id: "w", domain: "d" });
    expect(api.requests[1]!.body).toMatchObject({ port: 81 });
  });

  it("a 404 is undefined for a look-up, a 403 is an error", async () => {
    api.script({ status: 404 }, { status: 403 }, { status: 404 });
    await expect(client.findJobStatus("r")).resolves.toBeUndefined();
    await expect(client.findJobStatus("r")).rejects.toMatchObject({ status: 403 });
    await expect(client.findCron("c")).resolves.toBeUndefined();
  });

  it("pages of jobs are asked for by number, fifty at a time", async () => {
    api.script({ body: { jobs: [{ request_id: "r", status: "running" }], total: 51 } });
    const page = await client.listJobs(2);
    expect(page.total).toBe(51);
    expect(Object.fromEntries(api.requests[0]!.query)).toEqual({ page: "2", page_size: "50" });
  });

  it("an answer without a list is broken, not empty", async () => {
    api.answer(() => ({ body: {} }));
    await expect(client.listJobs(1)).rejects.toThrow(MalformedAnswerError);
    await expect(client.listWorkspaces()).rejects.toThrow(MalformedAnswerError);
    await expect(client.listAliases()).rejects.toThrow(MalformedAnswerError);
    await expect(client.listCrons()).rejects.toThrow(MalformedAnswerError);
  });

  it("an upload has time that grows with its size, in whole milliseconds", async () => {
    const limits: (number | undefined)[] = [];
    const measured = new Transport({
      endpoint: api.endpoint,
      token: TOKEN,
      maxConcurrency: 1,
      clock: new AutoClock(),
      around: (request, exchange) => {
        limits.push(request.timeoutMs);
        return exchange();
      },
    });
    api.answer(() => ({ body: { file_id: "f" } }));
    for (const bytes of [0, 1, 1_000_000])
      await new MagsClient(measured).uploadFile("f", Buffer.alloc(bytes));
    await measured.close();
    expect(limits).toEqual([30_000, 30_001, 32_000]);
  });

  it("an upload or a cron job without an id is broken", async () => {
    api.answer(() => ({ body: {} }));
    await expect(client.uploadFile("f", Buffer.from(""))).rejects.toThrow("no file_id");
    const cron = { name: "n", cron_expression: "0 3 * * *", script: "true", persistent: false };
    await expect(client.createCron(cron)).rejects.toThrow("no id");
  });

  it("logs and command output come without the token", async () => {
    api.script(
      { body: { logs: [`using ${TOKEN}`] } },
      { body: { exit_code: 0, stdout: TOKEN, stderr: TOKEN } },
    );
    expect(await client.jobLogs("r")).toEqual([{ message: "using [token]" }]);
    expect(await client.exec("r", "env")).toEqual({ exitCode: 0, stdout: "[token]", stderr: "[token]" });
  });
});

it.each([
  ["pending", true],
  ["running", true],
  ["sleeping", true],
  ["completed", false],
  ["error", false],
  ["stopped", false],
  ["something new", false],
])("a job that is %s is active: %s", (status, active) => expect(isActive({ status })).toBe(active));
