import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startEmulator } from "../../emulator";
import { FakeApi, type ReceivedRequest } from "../support/fake-api";
import { alone, type Alone } from "./alone";
import type { Project } from "./command";
import { onTerminal } from "./terminal";

let the: Alone;
let project: Project;
beforeAll(() => ({ project } = the = alone()));
afterAll(() => the.remove());

/** So many objects of each kind, as a list has them. */
function account(count: number) {
  const each = <T>(make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
  const jobs = each((index) => ({
    request_id: `r-${index}`,
    name: `job-${index}`,
    workspace_id: `data-${index}`,
    status: index % 2 === 0 ? "running" : "sleeping",
  }));
  return ({ path: route, query }: ReceivedRequest) => {
    const rest = route.replace("/api/v1/", "");
    const page = Number(query.get("page"));
    if (rest === "mags-jobs") return { body: { jobs: jobs.slice((page - 1) * 50, page * 50), total: count } };
    if (rest === "mags-workspaces")
      return { body: { workspaces: each((index) => ({ workspace_id: `data-${index}` })), total: count } };
    if (rest === "mags-url-aliases")
      return {
        body: {
          aliases: each((index) => ({
            subdomain: `shop-${index}`,
            domain: "localhost",
            workspace_id: `data-${index}`,
          })),
        },
      };
    if (rest === "mags-cron")
      return { body: { cron_jobs: each((index) => ({ id: `c-${index}`, name: `cron ${index}` })) } };
    if (rest === "mags-jobs/usage")
      return { body: { total_jobs: count, vm_seconds: 7_200, window_days: 30 } };
    const [, id] = /^mags-jobs\/(r-\d+)\/status$/.exec(rest) ?? [];
    const job = jobs.find((one) => one.request_id === id);
    return (
      job && { body: { ...job, url: `https://${id}.apps.example`, started_at: new Date().toISOString() } }
    );
  };
}

describe("mags-iac fleet", () => {
  let api: FakeApi;
  beforeEach(async () => (api = await FakeApi.start(account(3))));
  afterEach(() => api.stop());
  const env = () => the.environment({ MAGS_API_URL: api.endpoint, MAGS_API_TOKEN: "a-token" });

  it("shows everything in a pipe, whole and without colours, and changes nothing", async () => {
    const { code, stdout, stderr } = await project.run(["fleet"], env());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("\u001b");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^KIND +NAME +STATE +URL +DISK +AGE +OWNER$/);
    expect(lines[1]).toMatch(/^Job +job-0 +running +https:\/\/r-0\.apps\.example +- +\d+s +-$/);
    expect(lines).toHaveLength(1 + 12 + 1 + 2 + 1);
    expect(lines.slice(-3)).toEqual([
      "3 jobs (2 running, 1 sleeping), 3 workspaces, 3 aliases, 3 cron jobs.",
      "Last 30 days: 2 VM hours, 3 jobs started.",
      "",
    ]);
    expect(api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("shows the same on a terminal, fitted to its width, with colours", async () => {
    const piped = await project.run(["fleet"], env());
    const session = onTerminal(`node ${the.main} fleet`, {
      cwd: project.folder,
      env: the.withNode(env()),
      rows: 40,
    });
    expect(await session.ended).toBe(0);
    expect(session.written()).toContain("\u001b[1m");
    const screen = session.screen();
    for (const line of screen) expect(line.length).toBeLessThanOrEqual(80);
    const names = (lines: readonly string[]) => lines.map((line) => line.split(/\s+/).slice(0, 2).join(" "));
    expect(names(screen)).toEqual(names(piped.stdout.trimEnd().split("\n")));
    expect(screen[0]).toMatch(/^KIND +NAME +STATE +URL +AGE$/);
  });

  it("--json has the same, for programs", async () => {
    const { code, stdout, stderr } = await project.run(["fleet", "--json"], env());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const fleet = JSON.parse(stdout);
    expect(fleet).toMatchObject({
      account: "local",
      endpoint: api.endpoint,
      totals: { jobs: { running: 2, sleeping: 1 }, workspaces: { "in use": 3 }, usage: { vmSeconds: 7_200 } },
      notes: [],
    });
    expect(fleet.objects).toHaveLength(12);
    expect(fleet.objects[0]).toEqual({
      kind: "Job",
      name: "job-0",
      id: "job-0",
      state: "running",
      url: "https://r-0.apps.example",
      since: expect.any(String),
      requestId: "r-0",
      workspaceId: "data-0",
    });
  });

  it("an empty account says so", async () => {
    const emulator = await startEmulator({ execute: "simulate" });
    const env = the.environment({ MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token });
    const ending = await project.run(["fleet"], env);
    await emulator.stop();
    expect(ending).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^There is nothing in this account\.\n0 jobs, 0 workspaces/),
    });
  });

  it("10,000 objects are whole, walked in pages, and not asked for one by one", async () => {
    api.answer(account(2_500));
    const { code, stdout, stderr } = await project.run(["fleet"], env());
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(1 + 10_000 + 4);
    expect(stderr).toContain("URL and age of 2500 jobs were not asked for");
    expect(api.requests.filter(({ path: route }) => route.endsWith("/status"))).toEqual([]);
    expect(api.requests.filter(({ path: route }) => route.endsWith("/mags-jobs"))).toHaveLength(50);
  });

  it("what is longer than the screen goes through the pager, and what is not goes without", async () => {
    const paged = path.join(the.home, "paged");
    const onScreen = (rows: number, PAGER: string) =>
      onTerminal(`node ${the.main} fleet`, {
        cwd: project.folder,
        env: the.withNode({ ...env(), PAGER }),
        rows,
      });
    const short = onScreen(40, `cat > ${paged}`);
    expect(await short.ended).toBe(0);
    expect(existsSync(paged)).toBe(false);
    const long = onScreen(10, `cat > ${paged}`);
    expect(await long.ended).toBe(0);
    expect(long.screen()).toEqual([]);
    const lines = readFileSync(paged, "utf8").split("\n");
    expect(lines.map((line) => stripVTControlCharacters(line)).slice(0, -1)).toEqual(short.screen());
    const without = onScreen(10, "no-such-pager-here");
    expect(await without.ended).toBe(0);
    expect(without.written()).toContain("job-0");
  });

  it("names of others cannot move the cursor", async () => {
    const answer = account(1);
    api.answer((request) =>
      request.path.endsWith("mags-cron")
        ? { body: { cron_jobs: [{ id: "c", name: "a\u001b[2Jb" }] } }
        : answer(request),
    );
    const { stdout } = await project.run(["fleet"], env());
    expect(stdout).toMatch(/^CronJob +a\ufffd\[2Jb /m);
    expect(stdout).not.toContain("\u001b");
  });

  it("a server without figures on usage has a fleet all the same", async () => {
    const answer = account(1);
    api.answer((request) => (request.path.endsWith("/usage") ? { status: 404, body: {} } : answer(request)));
    expect(await project.run(["fleet"], env())).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["401", { status: 401, body: { error: "bad token" } }, /Mags refused the API token \(401: bad token\)/],
    ["403", { status: 403, body: { error: "no" } }, /Mags refused the API token \(403: no\)/],
    ["a list that is none", { body: { hello: 1 } }, /no list named/],
  ])("%s is told in words and as JSON, without a stack", async (_what, reply, text) => {
    api.answer(() => reply);
    const { code, stdout, stderr } = await project.run(["fleet", "--json"], env());
    expect(code).toBe(1);
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain("    at ");
    expect(stderr).not.toContain("a-token");
    expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringMatching(text), exitCode: 1 } });
  });

  it("500 is tried again, then told", async () => {
    api.answer(() => ({ status: 500, body: { error: "broken" } }));
    const { code, stderr } = await project.run(["fleet"], env());
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/status 500, broken/) });
    expect(api.requests.length).toBeGreaterThan(1);
  });

  it("says what to do without a token, and where nothing answers", async () => {
    const none = await project.run(["fleet"], the.environment({ MAGS_API_URL: api.endpoint }));
    expect(none).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/No API token for .*Set MAGS_API_TOKEN/),
    });
    const closed = api.endpoint;
    await api.stop();
    const lost = await project.run(["fleet", "--endpoint", closed], the.environment({ MAGS_API_TOKEN: "t" }));
    expect(lost).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be reached \(.*Check the network/),
    });
    api = await FakeApi.start();
  });

  it("a stack without Pulumi is told, and a project without it only costs the owners", async () => {
    const stack = await project.run(["fleet", "--stack", "dev"], env());
    expect(stack).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/"pulumi" could not be started.*Install/),
    });
    project.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    try {
      const without = await project.run(["fleet"], env());
      expect(without).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("job-0"),
        stderr: expect.stringMatching(
          /^warning: Owners are not known\. The command "pulumi" could not be started/,
        ),
      });
      expect(await project.run(["fleet", "--no-owners"], env())).toMatchObject({ code: 0, stderr: "" });
      project.write("Pulumi.yaml", "name: [");
      const broken = await project.run(["fleet"], env());
      expect(broken).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/Pulumi\.yaml is no project of Pulumi/),
      });
    } finally {
      rmSync(path.join(project.folder, "Pulumi.yaml"));
    }
  });
});

describe("mags-iac fleet --watch", () => {
  let api: FakeApi;
  beforeEach(async () => (api = await FakeApi.start(account(30))));
  afterEach(() => api.stop());
  const watch = (more: NodeJS.ProcessEnv = {}) =>
    onTerminal(`node ${the.main} fleet --watch --interval 0.5`, {
      cwd: project.folder,
      env: the.withNode({ MAGS_API_URL: api.endpoint, MAGS_API_TOKEN: "t", ...more }),
    });

  it("draws in place, follows what changes, pages, and Ctrl-C leaves the terminal as it was", async () => {
    const session = watch();
    await session.shows(/Job +job-0 +running +https:\/\/r-0\.apps\.example/);
    expect(session.modes()).toEqual({ alternateScreen: true, cursorShown: false });
    expect(session.screen()).toHaveLength(24);
    await session.shows(/^1-18 of 120 /m);
    session.type(" ");
    await session.shows(/^19-36 of 120 [^]*/m);
    session.type("G");
    await session.shows(/cron 29[^]*^103-120 of 120 /m);
    session.type("\u001b[A");
    await session.shows(/^102-119 of 120 /m);
    session.type("g");
    await session.shows(/^1-18 of 120 /m);
    api.answer(account(2));
    await session.shows(/^2 jobs \(1 running, 1 sleeping\)[^]*\nq: end$/m);
    session.type("\u0003");
    expect(await session.ended).toBe(0);
    expect(session.modes()).toEqual({ alternateScreen: false, cursorShown: true });
    expect(session.screen().join("\n")).not.toContain("job-0");
  });

  it("keeps what it has seen where a look fails, says so, and goes on", async () => {
    const session = watch();
    await session.shows(/1-18 of 120/);
    api.answer(() => ({ status: 401, body: { error: "revoked" } }));
    await session.shows(/Not up to date: Mags refused the API token \(401: revoked\)[^]*job-0 /);
    api.answer(account(1));
    await session.shows(/^1 job \(1 running\)[^]*\nq: end$/m);
    expect(session.screen().join("\n")).not.toContain("Not up to date");
    session.type("q");
    expect(await session.ended).toBe(0);
  });

  it("SIGTERM ends it with 143, and the terminal is as it was", async () => {
    const pid = path.join(the.home, "pid");
    // The shell hands its own process over.
    const session = onTerminal(`echo $$ > ${pid}; exec node ${the.main} fleet --watch`, {
      cwd: project.folder,
      env: the.withNode({ MAGS_API_URL: api.endpoint, MAGS_API_TOKEN: "t" }),
    });
    await session.shows(/1-18 of 120/);
    process.kill(Number(readFileSync(pid, "utf8")), "SIGTERM");
    expect(await session.ended).toBe(143);
    expect(session.modes()).toEqual({ alternateScreen: false, cursorShown: true });
  });

  it("what cannot be read at all is a failure, not a screen", async () => {
    api.answer(() => ({ status: 401, body: { error: "bad token" } }));
    const session = watch();
    expect(await session.ended).toBe(1);
    expect(session.written()).not.toContain("\u001b[?1049h");
    expect(session.screen().join("\n")).toContain("Mags refused the API token");
  });

  it("in a pipe is refused, and with --json gives a line for each look", async () => {
    const env = the.environment({ MAGS_API_URL: api.endpoint, MAGS_API_TOKEN: "t" });
    expect(await project.run(["fleet", "--watch"], env)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--watch draws on a terminal, and this is none.*--json/),
    });
    expect(await project.run(["fleet", "--interval", "5"], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--interval says how often --watch looks. Add --watch"),
    });
    const { child, ended } = project.start(["fleet", "--watch", "--json", "--interval", "0.5"], env);
    await new Promise<void>((resolve) => {
      let lines = 0;
      child.stdout!.on("data", (chunk: Buffer) => {
        lines += chunk.toString().split("\n").length - 1;
        if (lines >= 2) resolve();
      });
    });
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const looks = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { objects: unknown[] });
    expect(looks.map(({ objects }) => objects.length)).toEqual(looks.map(() => 120));
  });

  it("as JSON goes on after a look that failed, and tells of it in its line", async () => {
    const env = the.environment({ MAGS_API_URL: api.endpoint, MAGS_API_TOKEN: "t" });
    const { child, ended } = project.start(["fleet", "--watch", "--json", "--interval", "0.5"], env);
    let text = "";
    const looks = () =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => Object.keys(JSON.parse(line) as object));
    const shows = (key: string, from: number) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const at = looks().findIndex((keys, index) => index >= from && keys.includes(key));
          if (at < 0) return;
          child.stdout!.off("data", look);
          resolve(at);
        };
        child.stdout!.on("data", look);
        look();
      });
    child.stdout!.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const first = await shows("objects", 0);
    api.answer(() => ({ status: 401, body: { error: "revoked" } }));
    const failed = await shows("error", first);
    expect(text).toMatch(
      /\{"error":\{"message":"Mags refused the API token \(401: revoked\)[^\n]*"exitCode":1\}\}\n/,
    );
    api.answer(account(1));
    await shows("objects", failed);
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });
});
