/** Our handlers in the real host process: they step into none of the traps that `traps.test.ts` shows. */
import { status } from "@grpc/grpc-js";
import { FakeApi, type ReceivedRequest, type Reply } from "../../support/fake-api";
import { projectWithPackage, type ProjectCopy } from "../../support/package-copy";
import { ProviderHost, failed, type Props } from "../../support/provider-host";
import { SCHEMA_VERSION } from "../../../provider/lifecycle/kind";
import { PROVIDER_TEXTS } from "../../../provider/schema/tokens";

const TOKEN = "token-that-must-never-be-shown";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let project: ProjectCopy;
let api: FakeApi;
let host: ProviderHost;

beforeAll(async () => {
  project = projectWithPackage();
  api = await FakeApi.start();
  host = await ProviderHost.start(project.folder);
  await host.configure({ "mags:endpoint": api.endpoint, "mags:apiToken": TOKEN });
}, 20_000);
afterAll(async () => {
  await host.stop();
  await api.stop();
  project.remove();
});
beforeEach(() => {
  api.requests.length = 0;
  api.answer(cloud());
});
afterEach(() => {
  expect(host.output).not.toContain(TOKEN);
});

/** A cloud with one job that is as the test says, and lists that show it once it was made. */
function cloud(job: Props = {}, overrides: Record<string, Reply> = {}) {
  let made = false;
  const seen = {
    request_id: "r-1",
    name: "box",
    workspace_id: "box",
    status: "running",
    vm_id: "vm-1",
    ...job,
  };
  return ({ method, path }: ReceivedRequest): Reply => {
    const call = `${method} ${path}`;
    if (overrides[call]) return overrides[call];
    switch (call) {
      case "GET /api/v1/mags-jobs":
        return { body: { jobs: made ? [seen] : [], total: made ? 1 : 0 } };
      case "POST /api/v1/mags-jobs":
        made = true;
        return { body: { request_id: "r-1", status: "accepted" } };
      case "GET /api/v1/mags-jobs/r-1/status":
        return { body: seen };
      case "GET /api/v1/mags-jobs/r-1/logs":
        return { body: { logs: ["first line", `with ${TOKEN}`] } };
      case "PATCH /api/v1/mags-jobs/r-1":
        return {};
      case "GET /api/v1/mags-url-aliases":
        return { body: { aliases: [], total: 0 } };
      case "GET /api/v1/mags-cron":
        return { body: { cron_jobs: [], total: 0 } };
      case "GET /api/v1/mags-workspaces":
        return { body: { workspaces: [], total: 0 } };
      default:
        return { status: 501, body: { error: `nobody expected ${call}` } };
    }
  };
}

const JOB: Props = { __provider: PROVIDER_TEXTS.Job };
const RECORDED: Props = {
  ...JOB,
  name: "box",
  workspaceId: "box",
  requestId: "r-1",
  status: "running",
  vmId: "vm-1",
  account: "local",
  __mags: `${SCHEMA_VERSION} localDisk`,
};
const INPUTS: Props = { ...JOB, name: "box", workspaceId: "box", __mags: "localDisk" };

describe("1: results are plain JSON although much is not known", () => {
  it("a job that has neither url nor VM", async () => {
    api.answer(cloud({ vm_id: undefined, status: "pending" }));
    const { id, properties } = await host.create({ ...INPUTS, waitFor: "none" });
    expect(id).toBe("box");
    expect(properties).toMatchObject({
      requestId: "r-1",
      status: "pending",
      account: "local",
      __mags: `${SCHEMA_VERSION} localDisk ownsRecord`,
    });
    expect(properties).not.toHaveProperty("vmId");
  });
});

it("2: what a partial create keeps holds the provider's text, the request and no token", async () => {
  api.answer(cloud({ status: "error", exit_code: 3 }));
  const failure = await failed(host.create({ ...INPUTS, script: "exit 3" }));
  expect(failure.init).toMatchObject({
    id: "box",
    properties: {
      __provider: PROVIDER_TEXTS.Job,
      requestId: "r-1",
      status: "error",
      __mags: `${SCHEMA_VERSION} localDisk ownsRecord`,
    },
  });
  expect(failure.init!.properties.notReady).toEqual(expect.any(String));
  expect(failure.init!.reasons.join()).toMatch(/exit code 3[^]*first line/);
  expect(JSON.stringify(failure)).not.toContain(TOKEN);
});

describe("a run", () => {
  const RUN: Props = { __provider: PROVIDER_TEXTS.Run, name: "migrate", script: "exit 3" };

  /** A cloud in which the script of a run ends with an exit code, and has written a line. */
  function ended(exitCode: number) {
    let name = "";
    return ({ method, path, body }: ReceivedRequest): Reply => {
      const job = { request_id: "r-9", name, status: exitCode === 0 ? "completed" : "error", vm_id: "vm-9" };
      if (method === "POST") {
        ({ name } = body as { name: string });
        return { body: { request_id: "r-9", status: "accepted" } };
      }
      if (path.endsWith("/status")) return { body: { ...job, exit_code: exitCode } };
      if (!path.endsWith("/logs")) return { body: { jobs: [], total: 0 } };
      const lines = ["begun", "exit code"].map((what) => `mags-run ${name}: ${what}`);
      return { body: { logs: [lines[0], "written", `${lines[1]} ${exitCode}`] } };
    };
  }

  it("that fails is kept with its exit code and log", async () => {
    api.answer(ended(3));
    const failure = await failed(host.create(RUN));
    expect(failure.init).toMatchObject({
      id: "migrate",
      properties: {
        __provider: PROVIDER_TEXTS.Run,
        exitCode: 3,
        logTail: "written",
        __mags: String(SCHEMA_VERSION),
      },
    });
    expect(failure.init!.reasons.join()).toMatch(/exit code 3[^]*written/);
  });

  it("has a log that the engine keeps encrypted where it is to be a secret", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "written",
    };
    api.answer(ended(0));
    const { properties } = await host.create({ ...RUN, secretLog: true });
    expect(properties).toMatchObject({ exitCode: 0, logTail: secret });
    api.answer(ended(3));
    const failure = await failed(host.create({ ...RUN, secretLog: true }));
    expect(failure.init!.properties).toMatchObject({ exitCode: 3, logTail: secret });
    expect(failure.message + failure.init!.reasons.join()).not.toMatch(/written/);
  });

  it("is read without a call, and stays", async () => {
    const recorded = {
      ...RUN,
      account: "local",
      __mags: String(SCHEMA_VERSION),
      exitCode: 0,
      logTail: "x",
      runId: "migrate-1",
    };
    expect(await host.read("migrate", recorded)).toMatchObject({ id: "migrate", properties: recorded });
    expect(api.requests).toEqual([]);
    expect((await failed(host.read("migrate", { __provider: RUN.__provider }))).message).toMatch(
      'There is no Run "migrate"',
    );
  });
});

describe("3, 4: a failure before anything was made keeps nothing, and is answered", () => {
  it.each<[string, Reply]>([
    ["422", { status: 422, body: { error: { id: "x", message: "bad name" } } }],
    ["401", { status: 401, body: { error: "bad token" } }],
    ["an HTML page", { status: 403, body: "<html>no</html>" }],
  ])("%s", async (_name, reply) => {
    api.answer(cloud({}, { "POST /api/v1/mags-jobs": reply }));
    const failure = await failed(host.create(INPUTS));
    expect(failure.code).toBe(status.UNKNOWN);
    expect(failure.init).toBeUndefined();
    expect(failure.message).not.toBe("");
  });

  it("nor does an update before anything was changed", async () => {
    api.answer(cloud({}, { "PATCH /api/v1/mags-jobs/r-1": { status: 422, body: { error: "no" } } }));
    const failure = await failed(host.update("box", RECORDED, { ...INPUTS, noSleep: true }));
    expect(failure.init).toBeUndefined();
  });
});

describe("5: no error sets the code or the text of the call", () => {
  const forbidden = { status: 403, body: { error: "forbidden", code: 5, details: "other" } };

  it.each<[string, () => Promise<unknown>]>([
    ["read", () => host.read("box", RECORDED)],
    ["delete", () => host.delete("other", { ...RECORDED, name: "other" })],
  ])("in %s", async (_name, call) => {
    api.answer(() => forbidden);
    const { code, message } = await failed(call());
    expect(code).toBe(status.UNKNOWN);
    expect(message).toMatch(/403: forbidden/);
  });

  it("in diff", async () => {
    const elsewhere = { ...RECORDED, account: "api.magpiecloud.com" };
    expect(await failed(host.diff("box", elsewhere, INPUTS))).toMatchObject({
      code: status.UNKNOWN,
      message: expect.stringContaining('belongs to the account "api.magpiecloud.com"'),
    });
  });
});

it("6: operations that begin together in a fresh host are all configured", async () => {
  const fresh = await ProviderHost.start(project.folder);
  try {
    await fresh.configure({ "mags:endpoint": api.endpoint, "mags:apiToken": TOKEN });
    const lists = await Promise.all([
      ...Array.from({ length: 5 }, () => fresh.read("box", RECORDED)),
      fresh.check({}, { ...JOB, name: "box" }),
    ]);
    expect(lists).toHaveLength(6);
    for (const { headers } of api.requests) expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(api.requests.length).toBeGreaterThan(0);
  } finally {
    await fresh.stop();
  }
});

it("6: a configuration that is wrong is told by every operation, not by configure", async () => {
  const fresh = await ProviderHost.start(project.folder);
  try {
    await fresh.configure({ "mags:endpoint": "nonsense" });
    // In full once, in short to every other resource.
    expect((await failed(fresh.check({}, { ...JOB, name: "box" }))).message).toMatch("Correct mags:endpoint");
    for (let i = 0; i < 2; i++) {
      const told = /^"nonsense" is no URL of a Mags API.*told in full with another resource/i;
      expect((await failed(fresh.check({}, { ...JOB, name: "box" }))).message).toMatch(told);
      expect((await failed(fresh.read("box", RECORDED))).message).toMatch(told);
    }
  } finally {
    await fresh.stop();
  }
});

it("7: an update returns every output, changed or not", async () => {
  const outputs = await host.update("box", RECORDED, { ...INPUTS, noSleep: true });
  expect(outputs).toMatchObject({ ...RECORDED, noSleep: true });
  const [patch] = api.requests.filter(({ method }) => method === "PATCH");
  expect(patch!.body).toEqual({ no_sleep: true });
  expect(api.calls.filter((call) => call.startsWith("POST"))).toEqual([]);
});

describe("8: the provider's text among the values disturbs nothing", () => {
  it("in check", async () => {
    const { inputs, failures } = await host.check({}, { ...JOB, name: "box" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual(INPUTS);
  });

  it("in diff, even when it differs", async () => {
    const older = { ...RECORDED, __provider: "exports.handler=()=>older;" };
    expect(await host.diff("box", older, INPUTS)).toMatchObject({ changes: "none" });
  });
});

describe("9: read and diff always answer", () => {
  it("a job that is gone is an empty answer", async () => {
    api.answer(cloud({}, { "GET /api/v1/mags-jobs/r-1/status": { status: 404 } }));
    expect((await host.read("box", RECORDED)).id).toBe("");
  });

  it("a look-up of what does not exist is an error, since an empty answer would pass for success", async () => {
    const failure = await failed(host.read("nothing", JOB));
    expect(failure.message).toMatch('There is no Job "nothing" in this account');
  });

  it("a diff says none, unknown with its replace keys, or some", async () => {
    expect(await host.diff("box", RECORDED, INPUTS)).toMatchObject({ changes: "none", replaces: [] });
    expect(await host.diff("box", RECORDED, { ...INPUTS, noSleep: true })).toMatchObject({
      changes: "unknown",
      replaces: [],
    });
    expect(await host.diff("box", RECORDED, { ...INPUTS, name: "other" })).toEqual({
      changes: "unknown",
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
    expect(await host.diff("box", { ...RECORDED, status: "error" }, INPUTS)).toMatchObject({
      changes: "some",
    });
  });
});

it("12: what identifies a resource comes as an input, and goes no further", async () => {
  const identity = {
    organization: "acme",
    project: "shop",
    stack: "dev",
    typeChain: "pulumi-nodejs:dynamic/mags:Job",
    logicalName: "web",
  };
  const { inputs, failures } = await host.check({}, { ...JOB, __identity: JSON.stringify(identity) });
  expect(failures).toEqual([]);
  expect(inputs.name).toBe("dev-web-2p63418g8lnu8");
  expect(inputs).not.toHaveProperty("__identity");
});

describe("13: a check failure names no property, so that the engine prints no value", () => {
  it("whatever is wrong", async () => {
    const bad = {
      name: "a b",
      diskGb: 0,
      script: "",
      secrets: { A: ["hidden"] },
      waitFor: "x",
      extra: "hidden",
    };
    const { failures } = await host.check({}, { ...JOB, ...bad });
    expect(failures).toHaveLength(6);
    for (const { property, reason } of failures) {
      expect(property).toBe("");
      expect(reason).toMatch(/name|diskGb|script|secrets\.A|waitFor|extra/);
      expect(reason).not.toContain("hidden");
    }
  });

  it("also for rules across fields", async () => {
    const { failures } = await host.check(
      {},
      { ...JOB, name: "box", waitFor: "healthy", idleTimeout: 5, noSleep: true },
    );
    expect(failures.map(({ property }) => property)).toEqual(["", ""]);
  });
});

describe("unknown values", () => {
  it("pass check and come back verbatim", async () => {
    const args = { ...JOB, name: UNKNOWN, environment: { A: UNKNOWN }, http: { port: UNKNOWN } };
    const { inputs, failures } = await host.check({}, args);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(args);
  });

  it("are changes in diff, and replace where a known change would", async () => {
    const unknown = { ...INPUTS, workspaceId: UNKNOWN };
    expect(await host.diff("box", RECORDED, unknown)).toMatchObject({
      changes: "unknown",
      replaces: ["workspaceId"],
    });
  });
});

it("check and diff make no request", async () => {
  await host.check({}, { ...JOB, name: "box" });
  await host.diff("box", RECORDED, { ...INPUTS, diskGb: 8 });
  expect(api.requests).toEqual([]);
});

it.each(Object.entries(PROVIDER_TEXTS))("the text of %s gives a working handler", async (_kind, text) => {
  const { failures } = await host.check({}, { __provider: text, nonsense: 1 });
  expect(failures.map(({ reason }) => reason).join()).toMatch("there is no property nonsense");
});

it("a state written by a newer release is refused in words", async () => {
  const newer = { ...RECORDED, __mags: "99 localDisk" };
  for (const call of [host.diff("box", newer, INPUTS), host.read("box", newer), host.delete("box", newer)]) {
    expect((await failed(call)).message).toMatch("written by a newer pulumi-mags");
  }
  expect(api.requests).toEqual([]);
});
