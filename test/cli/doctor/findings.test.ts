import { skew } from "../../../cli/doctor/cloud";
import { node, packages } from "../../../cli/doctor/machine";
import { duplicates, orphans } from "../../../cli/doctor/objects";
import { inWords } from "../../../cli/doctor/words";
import type { FleetObject } from "../../../cli/fleet/read";
import { packageAround } from "../../../cli/lib/package";
import { Owners } from "../../../cli/state/owners";
import { generatedName, scopeOf } from "../../../provider/schema/naming";
import { resolveSettings } from "../../../provider/api/settings";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

describe("the clock", () => {
  const now = 1_800_000_000_000;
  it.each([
    ["agrees", now - 900, now, now + 100, "ok"],
    ["may be as wrong as the call took long", now - 40_000, now - 20_000, now + 20_000, "ok"],
    ["is ahead", now - 60_000, now, now + 100, "warning"],
    ["is behind", now + 60_000, now, now + 100, "warning"],
    ["is far off", now - 3_600_000, now, now + 100, "error"],
  ])("%s", (_what, theirs, before, after, level) =>
    expect(skew(theirs, before, after)).toMatchObject({ level }),
  );

  it("says by how much, and in which direction", () => {
    expect(skew(now - 60_000, now, now + 1_000).found).toMatch(/clock is 60 s ahead of that/);
    expect(skew(now + 60_000, now, now + 1_000).found).toMatch(/clock is 60 s behind that/);
  });
});

describe("Node.js", () => {
  it.each([
    ["20.20.2", "error"],
    ["22.18.0", "error"],
    ["22.19.0", "ok"],
    ["24.0.0", "ok"],
  ])("%s is judged as what the client runs on", (version, level) =>
    expect(node(version)).toMatchObject({ level }),
  );
});

describe("packages", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), "mags-doctor-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const install = (name: string, version: string) => {
    mkdirSync(path.join(folder, "node_modules", name), { recursive: true });
    writeFileSync(path.join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, version }));
  };
  const own = packageAround(__dirname).version;

  it("cannot be judged where there are none", () => {
    expect(packages(folder)).toMatchObject({
      level: "unchecked",
      found: expect.stringContaining("not installed"),
    });
  });

  it("are right where they fit", () => {
    install("pulumi-mags", own);
    install("@pulumi/pulumi", "3.259.0");
    expect(packages(folder)).toEqual({
      check: "packages",
      level: "ok",
      found: `pulumi-mags ${own}, @pulumi/pulumi 3.259.0`,
    });
  });

  it.each([
    ["an SDK that is missing", {}, "error", "npm install @pulumi/pulumi@^3.216.0"],
    [
      "an SDK that is too old",
      { "@pulumi/pulumi": "3.100.1" },
      "error",
      "npm install @pulumi/pulumi@^3.216.0",
    ],
    [
      "an SDK of another generation",
      { "@pulumi/pulumi": "4.0.0" },
      "error",
      "npm install @pulumi/pulumi@^3.216.0",
    ],
    [
      "an old tree",
      { "@pulumi/pulumi": "3.300.0", constructs: "3.4.0" },
      "error",
      "npm install constructs@^10.5.0",
    ],
  ])("%s is wrong, and told how to be mended", (_what, others, level, mend) => {
    install("pulumi-mags", own);
    for (const [name, version] of Object.entries(others)) install(name, version);
    expect(packages(folder)).toMatchObject({
      level,
      mend: mend.replace("npm install", `npm install --prefix ${folder}`),
    });
  });

  it("of another release than the command are a warning", () => {
    install("pulumi-mags", "0.0.9");
    install("@pulumi/pulumi", "3.259.0");
    expect(packages(folder)).toMatchObject({ level: "warning", mend: `cd ${folder} && npx mags-iac doctor` });
  });
});

describe("objects under names of ours", () => {
  const settings = resolveSettings((key) => (key === "endpoint" ? "http://127.0.0.1:1" : undefined), {});
  const identity = { organization: "organization", project: "shop", stack: "dev" };
  const name = (logicalName: string) =>
    generatedName({ ...identity, typeChain: "mags:Job", logicalName }, "team", 63);
  const resource = (kind: "Job" | "Run", id: string, values: Record<string, unknown>) => ({
    urn: `urn:${id}`,
    name: id,
    kind,
    id,
    inputs: { values: {}, secret: new Set<string>(), encrypted: new Set<string>() },
    outputs: { values, secret: new Set<string>(), encrypted: new Set<string>() },
    protect: false,
    initErrors: [],
    toBeDeleted: false,
  });
  const inNamespace = (namespace?: string) =>
    new Owners(
      [
        {
          name: "dev",
          namespace,
          scopes: [scopeOf(identity, "team")],
          resources: [
            resource("Job", name("web"), { requestId: "ours", workspaceId: name("web"), localDisk: true }),
            resource("Run", "seed", { runId: `${name("seed")}`, requestId: "seeding" }),
          ],
        },
      ],
      new Map(),
      "local",
    );
  const owners = inNamespace("team");
  const job = (id: string, requestId: string): FleetObject => ({
    kind: "Job",
    name: id,
    id,
    state: "running",
    requestId,
  });

  it("are told where they are there twice, and the one that the state has is not the one to stop", () => {
    expect(duplicates([job(name("web"), "ours"), job(name("web"), "theirs")], owners, settings)).toEqual([
      {
        check: "duplicates",
        level: "warning",
        found: expect.stringContaining("requests ours, theirs"),
        mend: "mags stop theirs",
      },
    ]);
  });

  it("of cron jobs fire twice", () => {
    const cron = (id: string): FleetObject => ({ kind: "CronJob", name: name("nightly"), id, state: "on" });
    expect(duplicates([cron("c1"), cron("c2")], owners, settings)).toMatchObject([
      { level: "warning", mend: expect.stringMatching(/curl -X DELETE .*\$MAGS_API_TOKEN.*mags-cron\/c\d$/) },
    ]);
  });

  it("that are there twice are no orphans: no run takes the second one back", () => {
    const twice = [job(name("web"), "ours"), { ...job(name("web"), "theirs"), kind: "CronJob" as const }];
    expect(orphans(twice, owners)).toMatchObject([{ level: "warning" }]);
    expect(orphans([job(name("web"), "ours"), job(name("web"), "theirs")], owners)).toMatchObject([
      { level: "ok" },
    ]);
  });

  it("of others are none of our business", () => {
    expect(duplicates([job("x", "1"), job("x", "2")], owners, settings)).toMatchObject([{ level: "ok" }]);
    expect(orphans([job("x", "1")], owners)).toMatchObject([{ level: "ok" }]);
  });

  it("are orphans where no state has them, named up to five", () => {
    const all = Array.from({ length: 7 }, (_, at) => job(name(`api-${at}`), `r${at}`));
    const [finding, ...more] = orphans([job(name("web"), "ours"), ...all], owners);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: "warning", mend: "pulumi up --stack dev" });
    expect(finding!.found).toMatch(/names of 7 objects that no state has: Job dev-api-0-.*, and 2 more\./);
  });

  it("come back by a command for their stack: its folder, and its namespace", () => {
    const lost = [job(name("api"), "r1")];
    expect(orphans(lost, inNamespace(), "my shop")).toMatchObject([
      { mend: "MAGS_RECOVER=true pulumi up --cwd 'my shop' --stack dev" },
    ]);
    expect(orphans(lost, inNamespace("team"), "shop")).toMatchObject([
      { mend: "pulumi up --cwd shop --stack dev" },
    ]);
  });

  it("are no orphans where Mags lists them for the VM of a job or of a run", () => {
    const workspace = (id: string): FleetObject => ({ kind: "Workspace", name: id, id, state: "in use" });
    const own = [workspace(name("web")), workspace(name("seed"))];
    expect(orphans([job(name("web"), "ours"), ...own], owners)).toMatchObject([{ level: "ok" }]);
    expect(orphans([workspace(name("lost"))], owners)).toMatchObject([{ level: "warning" }]);
  });
});

describe("findings in words", () => {
  it("fold to the width, and a command stays whole", () => {
    const mend = `pulumi config set ${"x".repeat(100)}`;
    const text = inWords(
      [
        { check: "node", level: "ok", found: "24.0.0" },
        {
          check: "token",
          level: "error",
          found: "No API token for anything at all. Set it and run again, please.",
          mend,
        },
        { check: "namespace", level: "warning", found: "Not set." },
        { check: "stack", level: "unchecked", found: "No project." },
      ],
      70,
    );
    expect(text).toBe(
      [
        "ok         node        24.0.0",
        "error      token       No API token for anything at all. Set it and",
        "                       run again, please.",
        `                       $ ${mend}`,
        "warning    namespace   Not set.",
        "unchecked  stack       No project.",
        "",
        "1 error, 1 warning, 1 not checked.",
        "",
      ].join("\n"),
    );
  });

  it("say so where nothing is wrong", () => {
    expect(inWords([{ check: "node", level: "ok", found: "24.0.0" }])).toMatch(/\n\nNothing is wrong\.\n$/);
  });
});
