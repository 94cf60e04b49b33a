import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(300_000);

interface Finding {
  check: string;
  level: string;
  found: string;
  mend?: string;
}

interface Listed {
  kind: string;
  name: string;
  id: string;
  diskGb?: number;
  owner?: { stack: string; resource?: string };
}

const PROGRAM = `
const site = new mags.Workspace("site", { deletionProtection: false });
const web = new mags.Job("web", { workspace: site, diskGb: 4, http: { port: 8080 } });
new mags.UrlAlias("url", { subdomain: "shop", target: web });
new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "date" });
`;

let the: Harness;
beforeAll(async () => {
  the = await harness({ program: PROGRAM });
  the.project.setConfig("mags:namespace", "operator-test");
  expectSuccess(await the.project.up());
});
afterAll(() => the?.stop());

async function doctor(...flags: string[]) {
  const { code, stdout, stderr } = await the.project.magsIac("doctor", "--json", ...flags);
  expect(stderr).toBe("");
  return { code, findings: (JSON.parse(stdout) as { findings: Finding[] }).findings };
}

/** What is not in order. */
async function complaints(...flags: string[]) {
  const { code, findings } = await doctor(...flags);
  return { code, findings: findings.filter(({ level }) => level !== "ok") };
}

async function fleet(...flags: string[]) {
  const { code, stdout, stderr } = await the.project.magsIac("fleet", "--json", ...flags);
  return { code, stderr, objects: (JSON.parse(stdout) as { objects?: Listed[] }).objects ?? [] };
}

describe("the fleet of a stack", () => {
  it("names the owner of everything, and the disk that only the state knows", async () => {
    const { code, objects, stderr } = await fleet("--stack", "dev");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects.map(({ kind, owner, diskGb }) => [kind, owner?.stack, owner?.resource, diskGb])).toEqual([
      ["Job", "dev", "web", 4],
      ["Workspace", "dev", "site", undefined],
      ["UrlAlias", "dev", "url", undefined],
      ["CronJob", "dev", "nightly", undefined],
    ]);
    const { stdout } = await the.project.magsIac("fleet");
    expect(stdout).toMatch(/^Job +dev-web-\w{13} +running +http:\/\/\S+ +4 GB +\d+\w +dev\/web$/m);
  });

  it("needs no passphrase, since it decrypts nothing", async () => {
    the.project.setEnv("PULUMI_CONFIG_PASSPHRASE", "");
    const { code, stderr, objects } = await fleet();
    the.project.setEnv("PULUMI_CONFIG_PASSPHRASE", "only for this test");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects.every(({ owner }) => owner !== undefined)).toBe(true);
  });

  it("of a stack that does not exist is an error that says how to see those that do", async () => {
    const { code, stderr } = await fleet("--stack", "nope");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/There is no stack "nope".*pulumi stack ls/),
    });
  });
});

describe("doctor", () => {
  it("has nothing to say where all is well, and ends with 0", async () => {
    const { code, findings } = await doctor("--stack", "dev");
    expect({ code, levels: new Set(findings.map(({ level }) => level)) }).toEqual({
      code: 0,
      levels: new Set(["ok"]),
    });
    expect(findings.map(({ check }) => check)).toEqual(
      "node engine packages endpoint token clock project backend stack lock secrets namespace account duplicates orphans".split(
        " ",
      ),
    );
  });

  it("warns where no stack is selected, and ends with 2", async () => {
    expect(await complaints()).toEqual({
      code: 2,
      findings: [
        {
          check: "stack",
          level: "warning",
          found: expect.stringContaining("There are: dev"),
          mend: "pulumi stack select dev",
        },
      ],
    });
  });

  it("a stack that does not exist is wrong, and it ends with 1", async () => {
    expect(await complaints("--stack", "nope")).toMatchObject({
      code: 1,
      findings: [{ check: "stack", level: "error", mend: "pulumi stack init nope" }],
    });
  });

  it("a wrong passphrase is told before a deploy fails of it, also where there is no secret yet", async () => {
    the.project.setEnv("PULUMI_CONFIG_PASSPHRASE", "wrong");
    const found = await complaints("--stack", "dev");
    the.project.setEnv("PULUMI_CONFIG_PASSPHRASE", "only for this test");
    expect(found).toMatchObject({
      code: 1,
      findings: [
        {
          check: "secrets",
          level: "error",
          found: expect.stringMatching(/passphrase does not fit/),
          mend: expect.any(String),
        },
      ],
    });
  });

  it("a project that cannot be read is told with the place in it", async () => {
    const file = join(the.project.folder, "Pulumi.yaml");
    writeFileSync(file, "name: [");
    const { code, findings } = await complaints();
    writeFileSync(file, "name: e2e\nruntime: nodejs\n");
    expect({ code, findings }).toMatchObject({
      code: 1,
      findings: [
        {
          check: "project",
          level: "error",
          found: expect.stringMatching(/Pulumi\.yaml is no project of Pulumi/),
        },
        { check: "objects", level: "unchecked" },
      ],
    });
  });

  it("a stack that was pointed at another account is wrong, with the way back", async () => {
    await the.project.pulumi("config", "set", "mags:account", "other");
    const found = await complaints("--stack", "dev");
    expect(found).toMatchObject({
      code: 1,
      findings: [
        {
          check: "account",
          level: "error",
          found: expect.stringMatching(
            /4 resources of stack "dev" belong to the account "local", and this one is "other"/,
          ),
          mend: "pulumi config set mags:account local --stack dev",
        },
        { check: "orphans", level: "warning" },
      ],
    });
    await the.project.pulumi("config", "set", "mags:account", "local");
    expect((await complaints("--stack", "dev")).code).toBe(0);
  });

  it("finds what the state has lost, and its command brings it back", async () => {
    const { urn } = await the.project.resource("CronJob", "nightly");
    expectSuccess(await the.project.pulumi("state", "delete", urn, "--yes"));
    const shown = (await fleet()).objects.find(({ kind }) => kind === "CronJob");
    expect(shown?.owner).toEqual({ stack: "dev" });
    expect((await the.project.magsIac("fleet")).stdout).toMatch(/^CronJob .* dev \(by name\)$/m);
    expect(await complaints("--stack", "dev")).toEqual({
      code: 2,
      findings: [
        {
          check: "orphans",
          level: "warning",
          found: expect.stringMatching(/1 object that no state has: CronJob dev-nightly-\w{13}\./),
          mend: "pulumi up --stack dev",
        },
      ],
    });
    the.mutations();
    expectSuccess(await the.project.up());
    expect(the.mutations().filter((call) => call.startsWith("POST"))).toEqual([]);
    expect((await complaints("--stack", "dev")).code).toBe(0);
  });

  it("finds a schedule that is there twice, and names the one that the state does not have", async () => {
    const [{ name, id: ours } = { name: "", id: "" }] = (await fleet()).objects.filter(
      ({ kind }) => kind === "CronJob",
    );
    const call = (method: string, route: string, body?: object) =>
      fetch(`${the.emulator.url}/api/v1/${route}`, {
        method,
        headers: { authorization: `Bearer ${the.emulator.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const made = await call("POST", "mags-cron", { name, cron_expression: "0 4 * * *", script: "date" });
    const { id } = (await made.json()) as { id: string };
    expect(id).not.toBe(ours);
    expect(await complaints("--stack", "dev")).toMatchObject({
      code: 2,
      findings: [
        {
          check: "duplicates",
          level: "warning",
          mend: expect.stringMatching(new RegExp(`DELETE .*/mags-cron/${id}$`)),
        },
      ],
    });
    expect((await call("DELETE", `mags-cron/${id}`)).ok).toBe(true);
    expect((await complaints("--stack", "dev")).code).toBe(0);
  });

  it("a stack that is locked is told, and neither it nor the fleet wait for the lock or touch it", async () => {
    const go = join(the.project.folder, "go");
    const waits = join(the.project.folder, "waits");
    the.project.write(`
      const fs = require("node:fs");
      module.exports = async () => {
        fs.writeFileSync(${JSON.stringify(waits)}, "");
        while (!fs.existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 50));
        ${PROGRAM}
      };`);
    const { done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
    await waitUntil(() => {
      try {
        rmSync(waits);
        return true;
      } catch {
        return false;
      }
    });
    expect(await complaints("--stack", "dev")).toEqual({
      code: 2,
      findings: [
        {
          check: "lock",
          level: "warning",
          found: expect.stringContaining('An update of "dev" is going on'),
          mend: expect.stringContaining("pulumi cancel --stack dev"),
        },
      ],
    });
    expect(await fleet("--stack", "dev")).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(go, "");
    expectSuccess(await done);
    the.project.write(PROGRAM);
    expect((await complaints("--stack", "dev")).code).toBe(0);
  });
});
