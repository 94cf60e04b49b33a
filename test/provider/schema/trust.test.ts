import { resolveSettings } from "../../../provider/api/settings";
import { handlerOf } from "../../../provider/host/handler";
import { originToHost } from "../../../provider/host/origin";
import { job } from "../../../provider/lifecycle/job";
import { recordOf } from "../../../provider/schema/diff";
import { UNKNOWN, type KindName, type Values } from "../../../provider/schema/fields";
import { check, difference } from "../../../provider/schema/plan";
import { SCHEMAS } from "../../../provider/schema/schemas";
import { trusting, unrecordedIn } from "../../../provider/schema/trust";

const settings = resolveSettings((key) => (key === "endpoint" ? "http://127.0.0.1:1" : undefined), {});
const ORIGIN = { organization: "o", project: "p", stack: "dev", typeChain: "t", logicalName: "l", run: "r" };

/** What an import of each kind is shown. */
const SHOWN: [Exclude<KindName, "Run">, Values][] = [
  ["Workspace", { name: "site", workspaceId: "site" }],
  ["Job", { name: "web", workspaceId: "site" }],
  ["UrlAlias", { subdomain: "shop", domain: "localhost", workspaceId: "site" }],
  ["CronJob", { name: "nightly", cronExpression: "0 3 * * *", script: "date" }],
];

/** Everything that a program may say of what the API does not show. */
const DECLARED: Partial<Record<KindName, Values>> = {
  Workspace: { baseWorkspaceId: "golden", setup: "echo hello" },
  Job: {
    script: "./serve",
    baseWorkspaceId: "golden",
    rootfsType: "claude",
    environment: { A: "a" },
    secrets: { B: "b" },
    files: { "app.js": { path: "app.js", sha256: "0".repeat(64) } },
    vcpus: 4,
    memoryMb: 8192,
    diskGb: 64,
    noSleep: true,
    startupCommand: "./wake",
    http: { port: 8080, otherPorts: [9090] },
    triggers: [1, 2],
  },
  UrlAlias: { port: 8080 },
  CronJob: { environment: { A: "a" }, secrets: { B: "b" }, persistent: true, enabled: false },
};

function imported(kind: KindName, shown: Values): Values {
  return { ...shown, unrecorded: unrecordedIn(SCHEMAS[kind].fields, shown), account: "local" };
}

/** The inputs that a program's arguments come to, after an import. */
function checked(kind: KindName, recorded: Values, args: Values): Values {
  const { account: _account, ...inputs } = recorded;
  const result = check(SCHEMAS[kind], settings, inputs, args, ORIGIN);
  expect(result.problems).toEqual([]);
  return result.inputs;
}

/** What was shown, as a program declares it. */
const argsOf = (kind: KindName, shown: Values) =>
  Object.fromEntries(Object.entries(shown).filter(([name]) => !SCHEMAS[kind].fields[name]?.derived));

describe("an import records what is shown, and names the rest", () => {
  it.each<[KindName, Values, string[]]>([
    ["Workspace", SHOWN[0]![1], ["baseWorkspaceId"]],
    [
      "Job",
      SHOWN[1]![1],
      (
        "script localDisk baseWorkspaceId rootfsType environment secrets files vcpus memoryMb idleTimeout diskGb " +
        "noSleep startupCommand http triggers"
      ).split(" "),
    ],
    ["Job", { name: "web" }, expect.arrayContaining(["workspaceId", "localDisk", "script"]) as never],
    ["UrlAlias", SHOWN[2]![1], ["workspaceGeneration", "port"]],
    // Its workspace would be shown if it had one.
    ["CronJob", SHOWN[3]![1], ["environment", "secrets", "persistent", "enabled"]],
    ["CronJob", { ...SHOWN[3]![1], persistent: true, enabled: true }, ["environment", "secrets"]],
  ])("%s", (kind, shown, names) => {
    expect(unrecordedIn(SCHEMAS[kind].fields, shown)).toEqual(names);
  });
});

describe.each(SHOWN)("the first update of an imported %s", (kind, shown) => {
  const recorded = imported(kind, shown);
  const { fields } = SCHEMAS[kind];
  const args = argsOf(kind, shown);

  it.each([
    ["with everything declared that is not shown", DECLARED[kind]!],
    ["with nothing more declared", {}],
  ])("%s is bookkeeping alone", (_what, more) => {
    const wanted = checked(kind, recorded, { ...args, ...more });
    const { changes, replaces, repair } = difference(SCHEMAS[kind], settings, "id", alive(recorded), wanted);
    expect([...new Set(changes.map(({ effect }) => effect))]).toEqual(["local"]);
    expect(changes.map(({ field }) => field)).toContain("unrecorded");
    expect({ replaces, repair }).toEqual({ replaces: [], repair: false });
  });

  it("says in its plan what it trusts, as names alone", () => {
    const { trusted } = checked(kind, recorded, { ...args, ...DECLARED[kind] });
    const [first] = Object.keys(DECLARED[kind]!);
    expect(trusted).toMatch(new RegExp(`^as declared: .*\\b${first}\\b`));
    expect(checked(kind, recorded, args).trusted).toMatch(/^by default: /);
  });

  it("is none for a refresh before it, which hands in the recorded inputs", () => {
    const { account: _account, ...inputs } = recorded;
    expect(difference(SCHEMAS[kind], settings, "id", alive(recorded), inputs)).toEqual({
      changes: [],
      replaces: [],
      repair: false,
    });
  });

  it("leaves a record in which every later edit is what it always is", () => {
    const wanted = checked(kind, recorded, { ...args, ...DECLARED[kind] });
    const after = alive({ ...recordOf(fields, wanted), account: "local" });
    expect(after.unrecorded).toBeUndefined();
    const again = checked(kind, wanted, { ...args, ...DECLARED[kind] });
    expect(again.trusted).toBeUndefined();
    expect(difference(SCHEMAS[kind], settings, "id", after, again).changes).toEqual([]);
    for (const field of Object.keys(DECLARED[kind]!)) {
      const edited = { ...again, [field]: edit(again[field]) };
      const effects = difference(SCHEMAS[kind], settings, "id", after, edited).changes.map(
        (change) => change.effect,
      );
      expect([field, effects]).toEqual([field, [fields[field]!.effect]]);
    }
  });

  it("still sees what is shown and is not as declared", () => {
    const [field] = Object.keys(args).filter((name) => fields[name]!.effect !== "local");
    const wanted = { ...checked(kind, recorded, args), [field!]: "other" };
    const { changes } = difference(SCHEMAS[kind], settings, "id", alive(recorded), wanted);
    expect(changes).toContainEqual({ field, effect: fields[field!]!.effect });
  });

  it("takes what is not known before other resources are there, without replacing anything for it", () => {
    const unknown = Object.fromEntries(Object.keys(DECLARED[kind]!).map((name) => [name, UNKNOWN]));
    const wanted = checked(kind, recorded, { ...args, ...unknown });
    const { changes, replaces } = difference(SCHEMAS[kind], settings, "id", alive(recorded), wanted);
    expect(replaces).toEqual([]);
    expect([...new Set(changes.map(({ effect }) => effect))]).toEqual(["local"]);
  });
});

/** A job whose VM is there. */
function alive(values: Values): Values {
  return { ...values, status: "running" };
}

function edit(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}-edited`;
  if (Array.isArray(value)) return [...value, 3];
  const object = value as Values;
  if ("port" in object) return { ...object, port: 1234 };
  if ("app.js" in object) return { "app.js": { path: "app.js", sha256: "1".repeat(64) } };
  return { ...object, C: "c" };
}

describe("a job whose workspace is not shown", () => {
  it.each([
    ["a local disk", {}],
    ["a workspace", { workspaceId: "site" }],
  ])("is trusted to have %s, and is not replaced for it", (_what, more) => {
    const recorded = imported("Job", { name: "web" });
    const wanted = checked("Job", recorded, { name: "web", ...more });
    expect(difference(SCHEMAS.Job, settings, "web", alive(recorded), wanted).replaces).toEqual([]);
    expect(trusting(SCHEMAS.Job.fields, recorded, wanted)).toMatchObject({
      workspaceId: wanted.workspaceId,
      ...(wanted.localDisk ? { localDisk: true } : {}),
    });
  });
});

describe("the handler", () => {
  it("takes the inputs of an import as they are, since there is no program behind them", async () => {
    const handler = handlerOf(() => job);
    const text = "exports.handler=…";
    const inputs = { name: "web", workspaceId: "site", unrecorded: ["script"], __provider: text };
    expect(await handler.check({}, inputs)).toEqual({ inputs, failures: [] });
  });

  it("refuses the same names where a program says them", async () => {
    const handler = handlerOf(() => job);
    const { failures } = await handler.check(
      {},
      { name: "web", unrecorded: ["script"], __identity: originToHost(ORIGIN) },
    );
    expect(failures).toEqual([
      { property: "", reason: expect.stringMatching(/no property unrecorded/) as string },
    ]);
  });

  it("hands an update the declared values as what was there, so that it has nothing to call for", async () => {
    let seen: Values = {};
    const handler = handlerOf(() => ({
      ...job,
      async update(_context, _id, recorded, inputs) {
        seen = recorded;
        return inputs;
      },
    }));
    const values: Record<string, string> = { "mags:endpoint": "http://127.0.0.1:1", "mags:apiToken": "t" };
    await handler.configure({ config: { get: (key) => values[key] } });
    const recorded = imported("Job", { name: "web", workspaceId: "site" });
    await handler.update("web", recorded, { name: "web", workspaceId: "site", script: "./serve", diskGb: 9 });
    expect(seen).toMatchObject({ diskGb: 9, script: expect.stringMatching(/^sha256:/) as string });
  });
});
