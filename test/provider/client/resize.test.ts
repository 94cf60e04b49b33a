import {
  ApiError,
  JobStateError,
  MagsError,
  NotFoundError,
  SettingsUnknownError,
} from "../../../provider/client";
import { failure, type OnEmulator, onEmulator, onFakeApi, stopAll } from "./support";

/** What a VM holds in /data, as the command that looks there shows it. */
let data = "";
let the: OnEmulator;
beforeEach(async () => {
  data = "";
  the = await onEmulator({
    simulate: (command) => (command.includes("/data") ? { exitCode: 0, stdout: data } : undefined),
  });
});
afterEach(stopAll);

const SETTINGS = {
  name: "web",
  workspaceId: "site",
  persistent: true,
  noSleep: true,
  startupCommand: "resume",
  environment: { A: "1" },
  rootfsType: "pi",
  diskGb: 3,
} as const;
const stops = (calls: string[]) => calls.filter((call) => call === "POST /mags-jobs/{id}/stop");

it("sends every setting of the old VM again, and opens its ports again", async () => {
  const { requestId } = await the.mags.run("serve 3000", SETTINGS);
  await the.mags.url("web", 3000);
  await the.mags.enableAccess(requestId, 9090);
  const [first] = the.creates();
  const resized = await the.mags.resize("site", 10);
  expect(resized.requestId).not.toBe(requestId);
  const calls = the.emulator.calls();
  expect(calls.filter(({ route }) => route === "POST /mags-jobs").map(({ body }) => body)).toEqual([
    { ...first, disk_gb: 10 },
  ]);
  expect(calls.filter(({ route }) => route.endsWith("/access")).map(({ body }) => body)).toEqual([
    { port: 3000 },
    { port: 9090 },
  ]);
  const order = calls
    .map(({ route }) => route)
    .filter((route) => /exec|sync|stop|POST \/mags-jobs$/.test(route));
  expect(order.map((route) => route.split("/").pop())).toEqual(["exec", "sync", "stop", "mags-jobs"]);
});

it("sends what was changed on it since, too", async () => {
  const { requestId } = await the.mags.run("serve", SETTINGS);
  await the.mags.updateJob(requestId, { noSleep: false, startupCommand: "other" });
  the.calls();
  await the.mags.resize("web", 10);
  const [second] = the.creates();
  expect(second).toMatchObject({ startup_command: "other" });
  expect(second).not.toHaveProperty("no_sleep");
});

it("lets options change what they name, and leaves the rest", async () => {
  await the.mags.run("serve", SETTINGS);
  const [first] = the.creates();
  await the.mags.resize("site", 10, { noSleep: false, environment: { B: "2" }, script: "serve --fast" });
  const { no_sleep: _noSleep, ...rest } = first!;
  expect(the.creates()).toEqual([{ ...rest, disk_gb: 10, environment: { B: "2" }, script: "serve --fast" }]);
});

it("can be done several times", async () => {
  await the.mags.new("box", { persistent: true });
  await the.mags.resize("box", 4);
  await the.mags.resize("box", 8);
  const { mags } = the;
  await expect(failure(mags.resize("box", 6))).resolves.toThrow(/cannot shrink from 8 GB to 6 GB/);
});

it("to the size that it has does nothing", async () => {
  const { requestId } = await the.mags.new("box", { persistent: true, diskGb: 5 });
  the.calls();
  await expect(the.mags.resize("box", 5)).resolves.toEqual({ requestId, status: "running" });
  expect(the.calls().filter((call) => !call.startsWith("GET"))).toEqual([]);
});

describe("a VM that this client did not start", () => {
  it("is not stopped unless its settings are given", async () => {
    await the.mags.run("serve", SETTINGS);
    const stranger = the.stranger();
    const error = await failure(stranger.resize("site", 10));
    expect(error).toBeInstanceOf(SettingsUnknownError);
    expect(error.message).toMatch(/was not started by this client.*so nothing was stopped/s);
    expect(error.message).toContain('resize("site", diskGb, { persistent: true })');
    expect(stops(the.calls())).toEqual([]);
  });

  it("is resized with those that are given, under the name that it has", async () => {
    await the.mags.run("serve", SETTINGS);
    the.calls();
    await the
      .stranger()
      .resize("site", 10, { persistent: true, script: "serve", noSleep: true, ports: [80] });
    const calls = the.emulator.calls();
    expect(calls.map(({ route }) => route)).toContain("POST /mags-jobs/{id}/sync");
    expect(calls.find(({ route }) => route === "POST /mags-jobs")!.body).toEqual({
      script: "serve",
      type: "inline",
      persistent: true,
      name: "web",
      workspace_id: "site",
      no_sleep: true,
      disk_gb: 10,
    });
    expect(calls.find(({ route }) => route.endsWith("/access"))!.body).toEqual({ port: 80 });
  });

  it("nor is one that somebody has started since", async () => {
    await the.mags.new("box", { persistent: true });
    const stranger = the.stranger();
    await stranger.stop("box");
    await stranger.new("box", { persistent: true, noSleep: true });
    await expect(the.mags.resize("box", 10)).rejects.toThrow(SettingsUnknownError);
    await stranger.stop("box");
    await expect(the.mags.resize("box", 10)).rejects.toThrow(SettingsUnknownError);
  });
});

describe("data is not lost unasked", () => {
  it("a smaller disk is refused with both sizes", async () => {
    await the.mags.new("box", { persistent: true, diskGb: 8 });
    the.calls();
    const error = await failure(the.mags.resize("box", 4));
    expect(error.message).toMatch(/cannot shrink from 8 GB to 4 GB/);
    expect(stops(the.calls())).toEqual([]);
  });

  it("files in /data are named", async () => {
    data = "db.sqlite\n";
    await the.mags.new("box", { persistent: true });
    the.calls();
    const error = await failure(the.mags.resize("box", 4));
    expect(error.message).toMatch(/\/data of job "box" holds files \(db\.sqlite\).*allowDataLoss: true/);
    expect(stops(the.calls())).toEqual([]);
    await expect(the.mags.resize("box", 4, { allowDataLoss: true })).resolves.toMatchObject({
      status: "running",
    });
  });

  it("those of a local disk go with it, also when the next one is to be synced", async () => {
    await the.mags.new("box");
    the.calls();
    for (const options of [{}, { persistent: true }]) {
      const error = await failure(the.mags.resize("box", 4, options));
      expect(error.message).toMatch(/keeps its files on the VM's local disk only.*allowDataLoss: true/);
    }
    expect(stops(the.calls())).toEqual([]);
    await the.mags.resize("box", 4, { allowDataLoss: true });
    expect(the.creates()).toMatchObject([{ no_sync: true, disk_gb: 4 }]);
  });

  it("nothing is stopped that cannot be synced", async () => {
    await the.mags.new("box", { persistent: true });
    the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs/{id}/sync", status: 422 });
    the.calls();
    await expect(the.mags.resize("box", 4)).rejects.toThrow(/could not be synced/);
    expect(stops(the.calls())).toEqual([]);
  });

  it("a script that runs once is not run again from its start", async () => {
    await the.mags.run("sleep 600", { workspaceId: "site" });
    const error = await failure(the.mags.resize("site", 4));
    expect(error).toBeInstanceOf(JobStateError);
    expect(error.message).toMatch(/not persistent.*Wait until it has ended/s);
  });
});

describe("a resize that fails halfway", () => {
  it("says what became of the VM, and the next call goes on with all settings", async () => {
    await the.mags.run("serve", SETTINGS);
    await the.mags.url("web", 3000);
    const [first] = the.creates();
    the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs", status: 422 });
    const error = await failure(the.mags.resize("site", 10));
    expect(error).toBeInstanceOf(MagsError);
    expect(error.message).toMatch(
      /resize of "site" is not finished: .*422.*Call resize again, with the same arguments/s,
    );
    expect(error.cause).toBeInstanceOf(ApiError);
    await expect(the.mags.findJob("web")).resolves.toMatchObject({ status: "completed" });
    the.calls();
    await the.mags.resize("site", 10);
    const calls = the.emulator.calls();
    expect(calls.find(({ route }) => route === "POST /mags-jobs")!.body).toEqual({ ...first, disk_gb: 10 });
    expect(calls.filter(({ route }) => route.endsWith("/access")).map(({ body }) => body)).toEqual([
      { port: 3000 },
    ]);
  });

  it("opens the ports that are still closed at the next call", async () => {
    await the.mags.new("box", { persistent: true });
    await the.mags.url("box", 3000);
    the.emulator.inject({ kind: "error-before", route: "POST /mags-jobs/{id}/access", status: 401 });
    await expect(the.mags.resize("box", 4)).rejects.toThrow(/is not finished/);
    the.calls();
    await the.mags.resize("box", 4);
    const calls = the.calls();
    expect(calls).toContain("POST /mags-jobs/{id}/access");
    expect(stops(calls)).toEqual([]);
  });
});

it("a workspace whose VM has ended gets a new one", async () => {
  await the.mags.new("box", { persistent: true });
  await the.mags.stop("box");
  the.calls();
  await expect(the.mags.resize("box", 6)).resolves.toMatchObject({ status: "running" });
  const calls = the.calls();
  expect(stops(calls)).toEqual([]);
  expect(calls).not.toContain("POST /mags-jobs/{id}/exec");
});

it("a workspace that nobody has is not made by it", async () => {
  const error = await failure(the.mags.resize("typo", 6, { persistent: true }));
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.message).toMatch(/There is no workspace "typo".*case-sensitive/);
});

it("a VM without a workspace has nothing that would outlive it", async () => {
  await the.mags.run("sleep infinity", { name: "loose", persistent: true });
  await expect(the.mags.resize("loose", 6)).rejects.toThrow(/has no workspace.*Nothing was stopped/s);
});

it("a VM that is still starting is waited for", async () => {
  const slow = await onEmulator({ bootMs: 100 });
  await slow.mags.run("sleep infinity", { workspaceId: "site", persistent: true });
  await expect(slow.mags.resize("site", 6)).resolves.toMatchObject({ status: "running" });
  expect(slow.calls()).toContain("POST /mags-jobs/{id}/sync");
});

it("a lost answer to the new start starts nothing twice", async () => {
  const fake = await onFakeApi();
  const jobs = [{ request_id: "old", name: "box", workspace_id: "box", status: "running", vm_id: "vm" }];
  let lost = false;
  fake.api.answer(({ method, path }) => {
    if (path.endsWith("/stop")) jobs[0]!.status = "completed";
    if (method === "POST" && path === "/api/v1/mags-jobs") {
      if (lost) return { status: 409 };
      lost = true;
      const started_at = new Date(fake.clock.now()).toISOString();
      jobs.unshift({ ...jobs[0]!, request_id: "new", status: "running", ...{ started_at } });
      return { reset: true };
    }
    if (path === "/api/v1/mags-jobs") return { body: { jobs, total: jobs.length } };
    const job = jobs.find(({ request_id }) => path.includes(`/${request_id}/`));
    if (path.endsWith("/exec")) return { body: { exit_code: 0, stdout: "", stderr: "" } };
    return { body: path.endsWith("/status") ? job : {} };
  });
  await expect(fake.mags.resize("box", 6, { persistent: true })).resolves.toEqual({
    requestId: "new",
    status: "running",
  });
  expect(fake.api.calls.filter((call) => call === "POST /api/v1/mags-jobs")).toHaveLength(1);
});
