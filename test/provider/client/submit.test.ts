import { ConflictError, OutcomeUnknownError, type Mags } from "../../../provider/client";
import type { ReceivedRequest, Reply } from "../../support/fake-api";
import { failure, type OnEmulator, onEmulator, onFakeApi, type OnFakeApi, stopAll } from "./support";

describe("the answer to a start is lost", () => {
  let the: OnFakeApi;
  beforeEach(async () => {
    the = await onFakeApi();
  });
  afterEach(stopAll);

  interface Known {
    request_id: string;
    name: string;
    status: string;
    workspace_id?: string;
    started_at?: string;
  }

  /** The API that loses the first answers to a create; `land` says what each of those has made, and when. */
  function losing(
    lost: { land?: (body: Record<string, unknown>) => Known; afterMs?: number }[],
    jobs: Known[] = [],
  ): void {
    const later: { at: number; job: Known }[] = [];
    the.api.answer(({ method, path, body }: ReceivedRequest): Reply => {
      for (const { at, job } of later) if (the.clock.now() >= at && !jobs.includes(job)) jobs.unshift(job);
      if (method === "POST") {
        const next = lost.shift();
        if (!next) return { body: { request_id: "answered", status: "accepted" } };
        if (next.land)
          later.push({
            at: the.clock.now() + (next.afterMs ?? 0),
            job: next.land(body as Record<string, unknown>),
          });
        return { reset: true };
      }
      if (path === "/api/v1/mags-jobs") return { body: { jobs, total: jobs.length } };
      const job = jobs.find(({ request_id }) => path.endsWith(`/${request_id}/status`));
      return job ? { body: job } : { status: 404 };
    });
  }
  const made =
    (status: string, more: Partial<Known> = {}) =>
    (body: Record<string, unknown>): Known => ({
      request_id: "made",
      name: String(body.name),
      status,
      ...more,
    });
  const posts = () => the.api.calls.filter((call) => call.startsWith("POST"));

  it.each(["pending", "running", "completed", "error"])(
    "a job without a name is found again, even %s, since its name was made up",
    async (status) => {
      losing([{ land: made(status) }]);
      await expect(the.mags.run("true")).resolves.toEqual({ requestId: "made", status: "accepted" });
      expect(posts()).toHaveLength(1);
    },
  );

  it("an effect that lands late is waited for", async () => {
    losing([{ land: made("running"), afterMs: 25_000 }]);
    await expect(the.mags.run("true")).resolves.toMatchObject({ requestId: "made" });
    expect(posts()).toHaveLength(1);
  });

  it("it is started again when a whole time-out has passed and nothing is to be found", async () => {
    losing([{}]);
    const begunAt = the.clock.now();
    await expect(the.mags.run("true")).resolves.toMatchObject({ requestId: "answered" });
    expect(posts()).toHaveLength(2);
    expect(the.clock.now() - begunAt).toBeGreaterThanOrEqual(30_000);
  });

  it("and not a third time", async () => {
    losing([{}, {}]);
    const error = await failure(the.mags.run("true"));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(posts()).toHaveLength(2);
  });

  it("a job of the given name that was started since then is the one", async () => {
    losing([{ land: made("running", { started_at: new Date(the.clock.now()).toISOString() }) }]);
    await expect(the.mags.run("true", { name: "box" })).resolves.toMatchObject({ requestId: "made" });
    expect(posts()).toHaveLength(1);
  });

  it("one that was started long before is not: the name is taken", async () => {
    const started_at = new Date(the.clock.now() - 3_600_000).toISOString();
    const jobs: Known[] = [{ request_id: "theirs", name: "box", status: "running", started_at }];
    losing([{}], jobs);
    the.api.answer(
      ((answer) => async (request: ReceivedRequest) =>
        request.method === "POST" && posts().length > 1
          ? { status: 409, body: { error: "name in use" } }
          : answer(request))(the.api["respond"]),
    );
    const error = await failure(the.mags.run("true", { name: "box" }));
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as ConflictError).job).toMatchObject({ requestId: "theirs" });
  });

  it("one on another workspace is not", async () => {
    const started_at = new Date(the.clock.now()).toISOString();
    losing(
      [{}],
      [{ request_id: "theirs", name: "box", status: "completed", workspace_id: "other", started_at }],
    );
    const options = { name: "box", workspaceId: "mine" };
    await expect(the.mags.run("true", options)).resolves.toMatchObject({ requestId: "answered" });
  });

  it("an earlier one of the same client is not", async () => {
    const jobs: Known[] = [];
    losing([], jobs);
    await the.mags.run("true", { name: "box" });
    jobs.push({
      request_id: "answered",
      name: "box",
      status: "completed",
      started_at: new Date(the.clock.now()).toISOString(),
    });
    losing([{ land: made("pending") }], jobs);
    await expect(the.mags.run("true", { name: "box" })).resolves.toMatchObject({ requestId: "made" });
  });

  it("one that may or may not be the one is named, and nothing is started twice", async () => {
    losing([{ land: made("completed") }]);
    const error = await failure(the.mags.run("true", { name: "box" }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toMatch(
      /Starting "box": the answer was lost.*request made, status completed.*not started a second time/s,
    );
    expect(posts()).toHaveLength(1);
  });

  it("where it cannot be looked for, that is said, and nothing is started twice", async () => {
    the.api.answer(({ method }) =>
      method === "POST"
        ? { reset: true }
        : { body: { jobs: [{ request_id: "a", status: "running" }], total: 9 } },
    );
    const error = await failure(the.mags.run("true", { name: "box" }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toMatch(/could not be looked for \(.*it shows 1 of 9.*findJob\("box"\)/);
    expect(posts()).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["an answer without an id", { body: { status: "accepted" } }],
    ["a page of the edge", { status: 524, body: "<html>a timeout occurred</html>" }],
    ["a 500", { status: 500, body: { error: "boom" } }],
  ])("%s counts as lost", async (_name, reply) => {
    let lost = false;
    const jobs: Known[] = [];
    the.api.answer(({ method, body }) => {
      if (method !== "POST") return { body: { jobs, total: jobs.length } };
      if (lost) return { status: 501 };
      lost = true;
      jobs.push(made("running")(body as Record<string, unknown>));
      return reply;
    });
    await expect(the.mags.run("true")).resolves.toMatchObject({ requestId: "made" });
  });

  it("a refusal stands as it is, with status and the server's words", async () => {
    the.api.script({ status: 422, body: { error: { message: "no such root file system" } } });
    const error = await failure(the.mags.run("true", { rootfsType: "hurd" }));
    expect(error).toMatchObject({
      status: 422,
      serverMessage: "no such root file system",
      path: "/api/v1/mags-jobs",
    });
    expect(posts()).toHaveLength(1);
  });
});

describe("a name or a workspace that is in use", () => {
  let the: OnEmulator;
  beforeEach(async () => {
    the = await onEmulator();
  });
  afterEach(stopAll);

  it.each<[string, (mags: Mags) => Promise<unknown>, string]>([
    ["new of the name", (mags) => mags.new("box"), '"box" is taken: a job of that name is active'],
    [
      "run on the workspace",
      (mags) => mags.run("true", { workspaceId: "disk" }),
      '"disk" is taken: job "box" on that workspace is active',
    ],
  ])("%s is refused, naming who has it", async (_name, call, message) => {
    const options = { name: "box", workspaceId: "disk", persistent: true };
    const { requestId } = await the.mags.run("sleep infinity", options);
    const error = await failure(call(the.mags));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain(message);
    expect(error.message).toContain(`request ${requestId}, status `);
    expect((error as ConflictError).job).toMatchObject({ requestId });
  });

  it("is waited for when nobody is active on it any more: a stop takes its time", async () => {
    const fake = await onFakeApi();
    let conflicts = 3;
    fake.api.answer(({ method }) =>
      method === "GET"
        ? { body: { jobs: [{ request_id: "old", name: "box", status: "completed" }], total: 1 } }
        : conflicts-- > 0
          ? { status: 500, body: { error: "workspace is already in use" } }
          : { body: { request_id: "new" } },
    );
    await expect(fake.mags.run("true", { name: "box" })).resolves.toMatchObject({ requestId: "new" });
    expect(Math.max(...fake.clock.slept)).toBeLessThanOrEqual(3_000);
  });
});
