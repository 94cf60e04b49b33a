import { MagsError } from "../../../provider/errors";
import { resolveSettings } from "../../../provider/api/settings";
import { cronJob } from "../../../provider/lifecycle/cron-job";
import { recordOf } from "../../../provider/schema/diff";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";
import { job } from "../../../provider/lifecycle/job";
import type { Kind } from "../../../provider/lifecycle/kind";
import { generatedName, type Identity } from "../../../provider/schema/naming";
import { assertAccount, check, difference, type Origin } from "../../../provider/schema/plan";
import { run } from "../../../provider/lifecycle/run";
import { urlAlias } from "../../../provider/lifecycle/url-alias";
import { workspace } from "../../../provider/lifecycle/workspace";

const settingsOf = (config: Record<string, string> = {}) =>
  resolveSettings((key) => ({ endpoint: "http://127.0.0.1:4000", ...config })[key], {});
const settings = settingsOf();

const identityOf = (change: Partial<Identity> = {}): Identity => ({
  organization: "acme",
  project: "shop",
  stack: "dev",
  typeChain: "pulumi-nodejs:dynamic/mags:Job",
  logicalName: "web",
  ...change,
});
const IDENTITY = identityOf();

const KINDS: [string, Kind, Values][] = [
  ["Workspace", workspace, {}],
  ["Job", job, {}],
  ["UrlAlias", urlAlias, { workspaceId: "site" }],
  ["CronJob", cronJob, { cronExpression: "0 3 * * *", script: "true" }],
  ["Run", run, { script: "true" }],
];

describe.each(KINDS)("the name of a %s", (_name, kind, args) => {
  const nameOf = (recorded: Values, given: Values, identity?: Identity, config = settings) =>
    check(kind, config, recorded, { ...args, ...given }, identity).inputs;
  const field = kind.nameField;

  it("is generated, and marked as such", () => {
    expect(nameOf({}, {}, IDENTITY)).toMatchObject({
      [field]: generatedName(IDENTITY, undefined, kind.nameMaxLength),
      generatedName: true,
    });
  });

  it("depends on the namespace", () => {
    const inputs = nameOf({}, {}, IDENTITY, settingsOf({ namespace: "team" }));
    expect(inputs[field]).toBe(generatedName(IDENTITY, "team", kind.nameMaxLength));
  });

  it("that is given wins over everything, and is not marked", () => {
    const inputs = nameOf({ [field]: "old", generatedName: true }, { [field]: "mine" }, IDENTITY);
    expect(inputs[field]).toBe("mine");
    expect(inputs).not.toHaveProperty("generatedName");
  });

  it("sticks through a renamed stack, project, parent, resource and namespace", () => {
    const first = nameOf({}, {}, IDENTITY);
    for (const change of [
      { stack: "production" },
      { project: "store" },
      { logicalName: "site" },
      { typeChain: "acme:Fleet$x" },
    ]) {
      const again = nameOf(first, {}, identityOf(change), settingsOf({ namespace: "new" }));
      expect(again).toEqual(first);
    }
  });

  it("once given sticks when it is given no more, and stays ours to prove", () => {
    const inputs = nameOf({ [field]: "mine" }, {}, IDENTITY);
    expect(inputs[field]).toBe("mine");
    expect(inputs).not.toHaveProperty("generatedName");
  });

  it("that is unknown stays unknown", () => {
    const { inputs, problems } = check(kind, settings, {}, { ...args, [field]: UNKNOWN }, IDENTITY);
    expect(problems).toEqual([]);
    expect(inputs[field]).toBe(UNKNOWN);
  });

  it("is asked for when there is nothing to make it from", () => {
    const { problems } = check(kind, settings, {}, args);
    expect(problems).toEqual([
      expect.objectContaining({ reason: expect.stringContaining(`${field} is missing`) }),
    ]);
  });

  it("checked twice is the same", () => {
    const once = nameOf({}, {}, IDENTITY);
    const strip = ({ generatedName: _g, localDisk: _l, url: _u, ...rest }: Values) => rest;
    expect(strip(nameOf(once, {}, IDENTITY))).toEqual(strip(once));
  });
});

describe("what is derived", () => {
  it("a job without a workspace has a local disk under its own name", () => {
    const { inputs } = check(job, settings, {}, { name: "box" });
    expect(inputs).toMatchObject({ workspaceId: "box", localDisk: true });
    expect(check(job, settings, {}, { name: "box", workspaceId: "w" }).inputs).not.toHaveProperty(
      "localDisk",
    );
  });

  it("a workspace's id is its name", () => {
    expect(check(workspace, settings, {}, { name: "site" }).inputs.workspaceId).toBe("site");
    expect(check(workspace, settings, {}, { name: UNKNOWN }).inputs.workspaceId).toBe(UNKNOWN);
  });

  it("an alias knows its domain and url", () => {
    const args = { subdomain: "shop", workspaceId: "w" };
    expect(check(urlAlias, settings, {}, args).inputs).toMatchObject({
      domain: "localhost",
      url: "http://shop.localhost:4000",
    });
    expect(check(urlAlias, settingsOf({ domain: "apps.example.test" }), {}, args).inputs.url).toBe(
      "https://shop.apps.example.test",
    );
    expect(check(urlAlias, settings, {}, { ...args, subdomain: UNKNOWN }).inputs.url).toBe(UNKNOWN);
  });

  it("undefined arguments are as if absent", () => {
    const { inputs, problems } = check(
      job,
      settings,
      {},
      { name: "box", script: undefined, diskGb: undefined },
    );
    expect(problems).toEqual([]);
    expect(Object.keys(inputs).sort()).toEqual(["localDisk", "name", "workspaceId"]);
  });
});

describe("the generation of a workspace", () => {
  const origin = (run?: string, workspaceGeneration?: unknown): Origin => ({
    ...IDENTITY,
    ...(run === undefined ? {} : { run }),
    ...(workspaceGeneration === undefined ? {} : { workspaceGeneration }),
  });
  const checked = (kind: Kind, recorded: Values, args: Values, from: Origin) =>
    check(kind, settings, recorded, args, from).inputs;
  const alias = { subdomain: "shop", workspaceId: "site" };

  it.each<[string, Kind, Values]>([
    ["a workspace", workspace, { name: "site" }],
    ["a job on a local disk", job, { name: "box" }],
  ])("of %s comes with its making, stays, and comes anew with the next", (_name, kind, args) => {
    const made = checked(kind, {}, args, origin("first"));
    expect(made.workspaceGeneration).toBe("first");
    expect(checked(kind, made, { ...args, timeouts: {} }, origin("second")).workspaceGeneration).toBe(
      "first",
    );
    expect(checked(kind, {}, args, origin("second")).workspaceGeneration).toBe("second");
  });

  it("is unknown to a preview only where something would be made", () => {
    expect(checked(workspace, {}, { name: "site" }, origin()).workspaceGeneration).toBe(UNKNOWN);
    const made = checked(workspace, {}, { name: "site" }, origin("first"));
    expect(checked(workspace, made, { name: "site" }, origin()).workspaceGeneration).toBe("first");
  });

  it("is not made up for a workspace that was imported without one", () => {
    const imported = { name: "site", workspaceId: "site" };
    expect(checked(workspace, imported, { name: "site" }, origin("now"))).not.toHaveProperty(
      "workspaceGeneration",
    );
  });

  it("of what a job or an alias refers to is theirs", () => {
    const on = { name: "box", workspaceId: "site" };
    expect(checked(job, {}, on, origin("now", "first")).workspaceGeneration).toBe("first");
    expect(checked(urlAlias, {}, alias, origin("now", "first")).workspaceGeneration).toBe("first");
    expect(checked(urlAlias, {}, alias, origin("now"))).not.toHaveProperty("workspaceGeneration");
  });

  it("that an alias never knew shows in no preview; one that it knew does", () => {
    const without = checked(urlAlias, {}, alias, origin("now"));
    expect(checked(urlAlias, without, alias, origin(undefined, UNKNOWN))).toEqual(without);
    const known = checked(urlAlias, {}, alias, origin("now", "first"));
    expect(checked(urlAlias, known, alias, origin(undefined, UNKNOWN)).workspaceGeneration).toBe(UNKNOWN);
  });

  it.each([
    ["another one points the alias anew", "first", "second", "repoint"],
    ["one that was not known before as well", undefined, "first", "repoint"],
    ["one that is known no more changes nothing in the cloud", "first", undefined, "local"],
  ])("%s", (_name, before, after, effect) => {
    const recorded = recordOf(urlAlias.fields, checked(urlAlias, {}, alias, origin("a", before)));
    const wanted = checked(urlAlias, recorded, alias, origin("b", after));
    expect(difference(urlAlias, settings, "shop.localhost", recorded, wanted)).toEqual({
      changes: [{ field: "workspaceGeneration", effect }],
      repair: false,
      replaces: [],
    });
  });
});

it("what was recorded is not judged again; what is new is, and so is what is missing", () => {
  const cron = { name: "n", cronExpression: "nonsense", script: "true" };
  const problems = (recorded: Values, args: Values) =>
    check(cronJob, settings, recorded, args).problems.map(({ property }) => property);
  expect(problems({}, cron)).toEqual(["cronExpression"]);
  expect(problems(cron, cron)).toEqual([]);
  expect(problems(cron, { ...cron, cronExpression: "more nonsense" })).toEqual(["cronExpression"]);
  expect(problems(cron, { name: "n", cronExpression: "nonsense" })).toEqual(["script"]);
});

describe("rules across fields", () => {
  const problems = (kind: Kind, args: Values) => check(kind, settings, {}, args, IDENTITY).problems;
  const reason = (kind: Kind, args: Values) =>
    problems(kind, args)
      .map((problem) => problem.reason)
      .join("\n");

  it("a variable is set once", () => {
    const twice = { environment: { A: "1", B: "2" }, secrets: { B: "hidden", A: "hidden" } };
    const cron = { cronExpression: "0 3 * * *", script: "true" };
    for (const found of [problems(job, twice), problems(cronJob, { ...cron, ...twice })]) {
      expect(found).toEqual([
        { property: "", reason: "environment and secrets both set A, B: keep one of them." },
      ]);
    }
    expect(problems(job, { environment: { A: "1" }, secrets: UNKNOWN })).toEqual([]);
  });

  it("idleTimeout stands alone", () => {
    expect(reason(job, { idleTimeout: 5, environment: { __MAGS_IDLE_MIN: "5" } })).toMatch(/say the same/);
    expect(reason(job, { idleTimeout: 5, secrets: { __MAGS_IDLE_MIN: "5" } })).toBe(
      "idleTimeout and secrets.__MAGS_IDLE_MIN say the same: keep one of them.",
    );
    expect(problems(job, { idleTimeout: 5, environment: UNKNOWN, secrets: { A: UNKNOWN } })).toEqual([]);
    expect(reason(job, { idleTimeout: 5, noSleep: true })).toMatch(/never sleeps/);
    expect(problems(job, { idleTimeout: 5, noSleep: UNKNOWN })).toEqual([]);
  });

  it("health needs a port", () => {
    expect(reason(job, { waitFor: "healthy" })).toMatch(/needs http/);
    expect(problems(job, { waitFor: "healthy", http: UNKNOWN })).toEqual([]);
  });

  it("a workspace is no fork of itself", () => {
    expect(reason(workspace, { name: "a", baseWorkspaceId: "a" })).toMatch(/forked from itself/);
    expect(problems(workspace, { name: UNKNOWN, baseWorkspaceId: "a" })).toEqual([]);
  });

  it("are told together", () => {
    const all = problems(job, { waitFor: "healthy", idleTimeout: 5, noSleep: true });
    expect(all).toHaveLength(2);
  });
});

describe("difference", () => {
  const recorded = {
    ...recordOf(job.fields, { name: "box", workspaceId: "w" }),
    status: "running",
    account: "local",
  };
  const diff = (change: Values, old: Values = recorded) =>
    difference(job, settings, "box", old, { name: "box", workspaceId: "w", ...change });

  it("names the fields that replace", () => {
    expect(diff({ name: "other", script: "new" })).toMatchObject({ replaces: ["name"], repair: false });
    expect(diff({ script: "new" }).replaces).toEqual([]);
  });

  it("an unknown replace key replaces", () => {
    expect(diff({ workspaceId: UNKNOWN }).replaces).toEqual(["workspaceId"]);
  });

  it.each([
    ["running", false],
    ["sleeping", false],
    ["pending", false],
    ["completed", true],
    ["error", true],
    ["stopped", true],
    ["unrecorded", true],
  ])("a job recorded as %s is to be repaired: %s", (status, repair) => {
    expect(diff({}, { ...recorded, status })).toMatchObject({ changes: [], repair });
  });

  it.each(KINDS)("a %s that is recorded as not ready is to be repaired", (_name, kind) => {
    expect(kind.needsRepair({ status: "running", notReady: "x" })).toBe(true);
    expect(kind.needsRepair({ status: "running" })).toBe(false);
  });
});

describe("accounts", () => {
  const elsewhere = { account: "api.magpiecloud.com" };

  it.each(KINDS)("a %s of another account is refused, naming both", (_name, kind) => {
    const refused = () => assertAccount(kind, settings, "thing", elsewhere);
    expect(refused).toThrow(MagsError);
    expect(refused).toThrow(/"thing" belongs to the account "api.magpiecloud.com".*talks to "local"/);
  });

  it("a diff is refused as well", () => {
    expect(() => difference(job, settings, "x", elsewhere, { name: "x" })).toThrow("belongs to the account");
  });

  it("unless the move is allowed, or nothing is recorded yet", () => {
    expect(() => assertAccount(job, settingsOf({ allowAccountMove: "true" }), "x", elsewhere)).not.toThrow();
    expect(() => assertAccount(job, settings, "x", {})).not.toThrow();
    expect(() => assertAccount(job, settings, "x", { account: "local" })).not.toThrow();
  });
});
