import { openAccount } from "../../../provider/api/account";
import { resolveSettings } from "../../../provider/api/settings";
import { askDetails, readFleet, withKnown, type Details, type FleetObject } from "../../../cli/fleet/read";
import { fleetTable, totalsInWords, totalsOf } from "../../../cli/fleet/table";
import { Owners } from "../../../cli/state/owners";
import { generatedName, scopeOf } from "../../../provider/schema/naming";
import { FakeApi, type ReceivedRequest } from "../../support/fake-api";

let api: FakeApi;
beforeEach(async () => (api = await FakeApi.start()));
afterEach(() => api.stop());

const open = () => {
  const settings = resolveSettings((key) => (key === "endpoint" ? api.endpoint : undefined), {});
  return { settings, account: openAccount(settings, "token") };
};

const JOBS = [
  { request_id: "r1", name: "web", workspace_id: "site", status: "running" },
  { request_id: "r2", name: "job-10", workspace_id: "job-10", status: "sleeping" },
  { request_id: "r3", name: "job-9", workspace_id: "job-9", status: "pending" },
  { request_id: "r4", name: "web", workspace_id: "site", status: "completed" },
];

function answer({ path }: ReceivedRequest) {
  const rest = path.replace("/api/v1/", "");
  if (rest === "mags-jobs") return { body: { jobs: JOBS, total: JOBS.length } };
  if (rest === "mags-workspaces")
    return { body: { workspaces: [{ workspace_id: "site" }, { workspace_id: "old" }], total: 2 } };
  if (rest === "mags-url-aliases")
    return {
      body: {
        aliases: [
          { subdomain: "shop", domain: "localhost", workspace_id: "site" },
          { subdomain: "lost", workspace_id: "gone" },
        ],
      },
    };
  if (rest === "mags-cron")
    return {
      body: {
        cron_jobs: [
          { id: "c1", name: "nightly", enabled: false },
          { id: "c2", name: "hourly" },
        ],
      },
    };
  if (rest === "mags-jobs/r1/status")
    return { body: { ...JOBS[0], url: "https://m1.example", started_at: "2026-01-01T00:00:00Z" } };
  if (rest.endsWith("/status")) return { status: 404, body: { error: "no job found" } };
  return undefined;
}

describe("a fleet", () => {
  beforeEach(() => api.answer(answer));

  it("has everything that lives, in an order that people expect, with whether it is in use", async () => {
    const { account, settings } = open();
    const { objects, endedJobs } = await readFleet(account, settings, {});
    expect(objects.map(({ kind, name, state }) => `${kind} ${name} ${state}`)).toEqual([
      "Job job-9 pending",
      "Job job-10 sleeping",
      "Job web running",
      "Workspace old free",
      "Workspace site in use",
      "UrlAlias lost no job",
      "UrlAlias shop in use",
      "CronJob hourly on",
      "CronJob nightly off",
    ]);
    expect(endedJobs).toBe(1);
    expect(
      (await readFleet(account, settings, { all: true })).objects.filter(({ name }) => name === "web"),
    ).toHaveLength(2);
  });

  it("asks only for what the list does not tell, once, and again when a state changes", async () => {
    const { account, settings } = open();
    const { objects } = await readFleet(account, settings, {});
    const [pending, , web] = objects as [FleetObject, FleetObject, FleetObject];
    const known: Details = new Map();
    api.requests.length = 0;
    await askDetails(account, [web, pending, objects.at(-1)!], known);
    expect(api.calls.sort()).toEqual(["GET /api/v1/mags-jobs/r1/status", "GET /api/v1/mags-jobs/r3/status"]);
    await askDetails(account, [web], known);
    expect(api.requests).toHaveLength(2);
    await askDetails(account, [{ ...web, state: "sleeping" }], known);
    expect(api.requests).toHaveLength(3);
    expect(withKnown([web], known, undefined)).toMatchObject([
      { url: "https://m1.example", since: "2026-01-01T00:00:00Z" },
    ]);
  });

  it("is an error where a list is not complete", async () => {
    api.answer((request) =>
      request.path.endsWith("mags-workspaces") ? { body: { workspaces: [], total: 3 } } : answer(request),
    );
    const { account, settings } = open();
    await expect(readFleet(account, settings, {})).rejects.toThrow(/it shows 0 of 3/);
  });
});

describe("owners", () => {
  const identity = { organization: "organization", project: "shop", stack: "dev" };
  const scope = scopeOf(identity, "team");
  const resource = (
    kind: "Job" | "Workspace" | "Run" | "CronJob",
    id: string,
    values: Record<string, unknown>,
  ) => ({
    urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/mags:${kind}::${id}-logical`,
    name: `${id}-logical`,
    kind,
    id,
    inputs: { values: {}, secret: new Set<string>(), encrypted: new Set<string>() },
    outputs: { values, secret: new Set<string>(), encrypted: new Set<string>() },
    protect: false,
    initErrors: [],
    toBeDeleted: false,
  });
  const owners = new Owners(
    [
      {
        name: "dev",
        scopes: [scope],
        resources: [
          resource("Job", "web", { account: "local", requestId: "r1", diskGb: 8 }),
          resource("Job", "elsewhere", { account: "other", requestId: "r9" }),
          resource("Workspace", "site", { account: "local" }),
          resource("Job", "solo", { account: "local", workspaceId: "solo", localDisk: true }),
          resource("Job", "on-site", { account: "local", workspaceId: "site" }),
          resource("Job", "borrowing", { account: "local", workspaceId: "somebody-s" }),
          resource("Job", "imported", { account: "local", unrecorded: ["diskGb", "script"] }),
          resource("Job", "trusted", { account: "local", adopted: true }),
          resource("Run", "seed", { account: "local", runId: "seed-abc", requestId: "r5" }),
          resource("CronJob", "c1", { account: "local", name: "nightly" }),
        ],
      },
    ],
    new Map(),
    "local",
  );
  const job = (name: string, requestId: string): FleetObject => ({
    kind: "Job",
    name,
    id: name,
    state: "running",
    requestId,
  });

  it("are found by request, by name, and for the VMs of runs and of workspaces that are being made", () => {
    expect(owners.of(job("web", "r1"))).toMatchObject({
      stack: "dev",
      resource: { name: "web-logical" },
      diskGb: 8,
    });
    expect(owners.of(job("web", "another"))).toMatchObject({ resource: { name: "web-logical" } });
    expect(owners.of(job("seed-abc", "r7"))).toMatchObject({
      resource: { name: "seed-logical", kind: "Run" },
    });
    expect(owners.of(job("site-setup", "r8"))).toMatchObject({ resource: { name: "site-logical" } });
    expect(owners.of({ kind: "CronJob", name: "nightly", id: "c1" })).toMatchObject({
      resource: { name: "c1-logical" },
    });
    expect(owners.of(job("stranger", "r6"))).toBeUndefined();
  });

  it("of a workspace are its Workspace, else the job that has no other; a job that works on one owns nothing of it", () => {
    const workspace = (id: string) => owners.of({ kind: "Workspace", name: id, id });
    expect(workspace("solo")).toMatchObject({ resource: { name: "solo-logical", kind: "Job" } });
    expect(workspace("site")).toMatchObject({ resource: { name: "site-logical", kind: "Workspace" } });
    expect(workspace("seed-abc")).toMatchObject({ resource: { name: "seed-logical", kind: "Run" } });
    expect(workspace("somebody-s")).toBeUndefined();
    expect(owners.holds({ kind: "Workspace", name: "solo", id: "solo" })).toBe(true);
  });

  it("tell a disk that was declared or is the default, and none that an import was not shown", () => {
    const disks = ["web", "solo", "imported", "trusted"].map((name) => owners.of(job(name, "r"))?.diskGb);
    expect(disks).toEqual([8, 2, undefined, undefined]);
  });

  it("of another account own nothing here", () => {
    expect(owners.of(job("elsewhere", "r9"))).toBeUndefined();
  });

  it("are a guess where only the name tells, and none where the scope is another", () => {
    const named = (namespace: string) =>
      generatedName({ ...identity, typeChain: "mags:Job", logicalName: "api" }, namespace, 63);
    expect(owners.of(job(named("team"), "r6"))).toEqual({ stack: "dev" });
    expect(owners.of(job(named("others"), "r6"))).toBeUndefined();
  });

  it("hold an object, or only something of its name", () => {
    expect(owners.holds(job("web", "r1"))).toBe(true);
    expect(owners.holds(job("web", "r2"))).toBe(false);
  });

  it("show in the table, a guess as that", () => {
    const objects = withKnown(
      [
        job("web", "r1"),
        job(generatedName({ ...identity, typeChain: "t", logicalName: "api" }, "team", 63), "r6"),
      ],
      new Map(),
      owners,
    );
    expect(fleetTable(objects, 0)).toEqual([
      expect.stringContaining("OWNER"),
      expect.stringMatching(/^Job +web +running +- +8 GB +- +dev\/web-logical$/),
      expect.stringMatching(/ dev \(by name\)$/),
    ]);
  });
});

describe("the table of a fleet", () => {
  const objects: FleetObject[] = ["web", "a-much-longer-name-than-that"].map((name) => ({
    kind: "Job",
    name,
    id: name,
    state: "running",
    url: `https://${name}.apps.magpiecloud.com`,
  }));

  it("keeps its shape while it is scrolled", () => {
    const [head, first, second] = fleetTable(objects, 0, 80);
    expect(fleetTable(objects, 0, 80, [0, 1])).toEqual([head, first]);
    expect(fleetTable(objects, 0, 80, [1, 2])).toEqual([head, second]);
  });

  it("tells one URL from another where there is little room", () => {
    expect(fleetTable(objects, 0, 50)[1]).toMatch(/ web\.apps\.m\S*…$/);
  });
});

describe("words about a fleet", () => {
  it("totals count kinds and states, disks that are known, and use", () => {
    const objects: FleetObject[] = [
      { kind: "Job", name: "a", id: "a", state: "running", diskGb: 8 },
      { kind: "Job", name: "b", id: "b", state: "sleeping", diskGb: 2 },
      { kind: "UrlAlias", name: "c", id: "c.x", state: "in use" },
    ];
    const totals = totalsOf(objects, 3, { totalJobs: 5, vmSeconds: 5_400, windowDays: 30 });
    expect(totals).toMatchObject({ jobs: { running: 1, sleeping: 1 }, endedJobs: 3, knownDiskGb: 10 });
    expect(totalsInWords(totals)).toEqual([
      "2 jobs (1 running, 1 sleeping), 0 workspaces, 1 alias, 0 cron jobs.",
      "Last 30 days: 1.5 VM hours, 5 jobs started. Disks known: 10 GB.",
    ]);
    expect(totalsInWords({ ...totals, usage: { vmSeconds: 3_590, windowDays: 1 } })[1]).toMatch(
      /^Last 1 day: 1 VM hour\./,
    );
    expect(totalsInWords(totals, 60)[0]).toBe("2 jobs (1 running, 1 sleeping),");
    expect(totalsInWords(totalsOf([], 0, undefined))).toEqual([
      "0 jobs, 0 workspaces, 0 aliases, 0 cron jobs.",
    ]);
  });
});
