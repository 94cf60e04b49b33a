import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Account } from "./support/account";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(300_000);

const PROGRAM = `
  const config = new pulumi.Config();
  const [site, data] = ["site", "data"].map((name) => new mags.Workspace(name, { name, deletionProtection: false }));
  const web = new mags.Job("web", { name: "web", workspace: site, noSleep: true, secrets: { KEY: config.requireSecret("key") } });
  new mags.Job("idle", { name: "idle", workspace: data });
  for (const name of ["broken", "taken"]) new mags.Job(name, { name, noSleep: true });
  new mags.UrlAlias("shop", { subdomain: "shop", domain: "localhost", workspaceId: web.workspaceId });
  new mags.CronJob("nightly", { name: "every night", cronExpression: "0 3 * * *", script: "set -e\\necho one\\necho two" });
  new mags.CronJob("hidden", { name: "hidden", cronExpression: "0 4 * * *", script: config.requireSecret("key") });
`;

interface Json {
  resources: {
    name: string;
    standing: string;
    asleep?: true;
    differences: unknown[];
    up: { action: string };
  }[];
}

let the: Harness;
let account: Account;
beforeAll(async () => {
  the = await harness({ program: PROGRAM }, { idleMs: 500 });
  account = new Account(the.emulator);
  the.project.setConfig("key", "s3cret-value", true);
  expectSuccess(await the.project.up());
  await waitUntil(() => jobs("idle").some(({ status }) => status === "sleeping"));
  the.mutations();
});
afterAll(() => the.stop());

const jobs = (name: string) => the.emulator.snapshot().jobs.filter((job) => job.name === name);
const drift = (...flags: string[]) => the.project.magsIac("drift", "--stack", "dev", ...flags);

/** Every file of the state with its content, and when it was written. */
function stateFiles(): Record<string, string> {
  const folder = join(the.project.folder, ".state");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .map((file) => [file, join(folder, file)] as const)
      .filter(([, path]) => statSync(path).isFile())
      .map(([file, path]) => [file, `${statSync(path).mtimeMs} ${readFileSync(path, "utf8")}`]),
  );
}

async function stop(name: string): Promise<void> {
  await account.call("POST", `mags-jobs/${jobs(name)[0]!.requestId}/stop`);
  await waitUntil(() => jobs(name).every(({ status }) => status === "completed"));
}

describe("mags-iac drift", () => {
  it("ends with 0 where nothing is to be done; a job that sleeps is none of it", async () => {
    const { code, stdout, stderr } = await drift();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("No drift. 9 resources as recorded (1 asleep, which is no drift).\n");
  });

  it("ends with 2 at what has changed, and tells gone, ended, foreign and changed apart", async () => {
    const crons = the.emulator.snapshot().crons;
    const idOf = (name: string) => crons.find((cron) => cron.name === name)!.id;
    await account.call("PATCH", `mags-cron/${idOf("every night")}`, {
      script: "set -e\necho one\necho three",
      enabled: false,
    });
    await account.call("PATCH", `mags-cron/${idOf("hidden")}`, { script: "other" });
    await account.call("DELETE", "mags-url-aliases/shop");
    await stop("broken");
    await stop("taken");
    await account.job({ name: "taken", workspace_id: "taken", no_sync: true });
    the.mutations();
    const before = stateFiles();

    const { code, stdout, stderr } = await drift();
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(stdout).toBe(`- shop (URL alias "shop.localhost"): gone
    up: it is made anew

! broken (job): ended, status completed
    up: a VM is started under the same name with all settings

! taken (job): another request is active under its name, which this stack did not start
    up: refused: nothing proves that it is ours. Stop it, or set mags:namespace (or MAGS_RECOVER=true for one run) if it is ours and may be restarted

~ hidden (cron job): changed
    script: another value, which is secret
    up: changed through the API on the live object, without a restart

~ nightly (cron job "every night"): changed
    script:
      …
        echo one
      - echo two
      + echo three
    enabled: true → false
    up: changed through the API on the live object, without a restart

9 resources: 1 gone, 1 ended, 1 not ours, 2 changed, 4 as recorded (1 asleep, which is no drift).
"pulumi up --refresh" does what stands behind "up"; "pulumi refresh" records what is there instead.
`);
    expect(the.mutations()).toEqual([]);
    expect(stateFiles()).toEqual(before);
  });

  it("--json says the same for programs, and no secret either", async () => {
    const { code, stdout } = await drift("--json");
    expect(code).toBe(2);
    const { resources } = JSON.parse(stdout) as Json;
    const by = Object.fromEntries(resources.map((one) => [one.name, one]));
    expect(Object.fromEntries(resources.map(({ name, standing }) => [name, standing]))).toEqual({
      site: "same",
      data: "same",
      web: "same",
      idle: "same",
      broken: "ended",
      taken: "foreign",
      shop: "gone",
      nightly: "changed",
      hidden: "changed",
    });
    expect(by.idle).toMatchObject({ asleep: true, status: "sleeping" });
    expect(by.nightly!.differences).toContainEqual({ property: "enabled", was: true, is: false });
    expect(by.shop!.up.action).toBe("create");
    expect(stdout).not.toContain("s3cret-value");
  });

  it("works on a stack that is locked, which an update does not", async () => {
    const locks = join(the.project.folder, ".state/.pulumi/locks/organization/e2e/dev");
    mkdirSync(locks, { recursive: true });
    const lock = { pid: 1, username: "u", hostname: "h", timestamp: "2026-01-01T00:00:00Z" };
    writeFileSync(join(locks, "lock.json"), JSON.stringify(lock));
    expect((await the.project.up()).output).toMatch(/is currently locked/);
    expect(await drift()).toMatchObject({ code: 2 });
    expectSuccess(await the.project.pulumi("cancel", "--yes"));
  });

  it("ends with 1 where something could not be asked for, and still says what is known of the rest", async () => {
    the.emulator.inject({ kind: "error-before", route: "GET /mags-cron", status: 500, count: 0 });
    const { code, stdout } = await drift();
    the.emulator.clearFaults();
    expect(code).toBe(1);
    expect(stdout).toContain("- shop (URL alias");
    expect(stdout).toMatch(/\? hidden, nightly: unreachable\n {4}GET .*mags-cron.* failed: .*500/);
    expect(stdout).toContain("2 unreachable");
  });

  it.each([
    ["a token that is refused", { MAGS_API_TOKEN: "wrong" }, /Mags refused the API token \(401/],
    [
      "an endpoint where nobody answers",
      { MAGS_API_URL: "http://127.0.0.1:1" },
      /cannot be reached \(ECONNREFUSED/,
    ],
  ])("ends with 1 at %s, said once", async (_what, env, message) => {
    const own = { MAGS_API_URL: the.emulator.url, MAGS_API_TOKEN: the.emulator.token };
    for (const [name, value] of Object.entries(env)) the.project.setEnv(name, value);
    const { code, stdout } = await drift();
    for (const [name, value] of Object.entries(own)) the.project.setEnv(name, value);
    expect(code).toBe(1);
    expect(stdout).toMatch(message);
    expect(stdout.split("Nothing was concluded").length + stdout.split("nothing was concluded").length).toBe(
      3,
    );
    expect(stdout).toContain("9 resources: 9 unreachable.");
  });

  it("ends with 1 and what to do at a stack that is not there, none that is selected, no project and a broken one", async () => {
    const run = (...args: string[]) => the.project.magsIac("drift", ...args);
    expect(await run("--stack", "nope")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no stack "nope"') as string,
    });
    expect(await run()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("No stack is selected. Name one with --stack") as string,
    });
    expect(await run("--stack", "dev", "--cwd", "/")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no Pulumi project in /") as string,
    });
    expect(await run("--stack", "dev", "--cwd", "missing")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no folder missing") as string,
    });
    const file = join(the.project.folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, "name: [");
    const broken = await run("--stack", "dev");
    writeFileSync(file, text);
    expect(broken).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Pulumi says: .*Pulumi\.yaml/) as string,
    });
  });

  it("says the truth: an update after a refresh does what stands behind up, and refuses what is refused", async () => {
    const { output } = await the.project.up("--refresh");
    expect(output).toContain('A job named "taken" is active that this stack did not start');
    await stop("taken");
    expectSuccess(await the.project.up("--refresh"));
    expect(await drift()).toMatchObject({ code: 0 });
  });
});
