import { resolveSettings } from "../../../provider/api/settings";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";
import { generatedName } from "../../../provider/schema/naming";
import { check } from "../../../provider/schema/plan";
import { SCHEMAS } from "../../../provider/schema/schemas";

const ORIGIN = { organization: "acme", project: "shop", stack: "pr-7", typeChain: "t", logicalName: "web" };
const settingsOf = (config: Record<string, string>) =>
  resolveSettings((key) => ({ endpoint: "http://127.0.0.1:1", namespace: "acme/shop", ...config })[key], {});

/** The smallest arguments of each kind that a preview takes. */
const ARGUMENTS: Record<keyof typeof SCHEMAS, Values> = {
  Workspace: { deletionProtection: false },
  Job: {},
  UrlAlias: { workspaceId: "site" },
  CronJob: { cronExpression: "0 3 * * *", script: "true" },
  Run: { script: "true" },
};
const KINDS = Object.keys(ARGUMENTS) as (keyof typeof SCHEMAS)[];

const reasons = (
  kind: keyof typeof SCHEMAS,
  args: Values,
  config: Record<string, string> = { preview: "acme/shop#7" },
) =>
  check(SCHEMAS[kind], settingsOf(config), {}, { ...ARGUMENTS[kind], ...args }, ORIGIN).problems.map(
    ({ reason }) => reason,
  );

describe.each(KINDS)("a %s in a preview", (kind) => {
  const { nameField } = SCHEMAS[kind];

  it("gets a name of its own", () => expect(reasons(kind, {})).toEqual([]));

  it("is refused a name that others would have too", () =>
    expect(reasons(kind, { [nameField]: "web" })).toEqual([
      expect.stringMatching(new RegExp(`^${nameField} must not be given in a preview`)),
    ]));

  it("may have one everywhere else", () => expect(reasons(kind, { [nameField]: "web" }, {})).toEqual([]));
});

describe("what a preview works on", () => {
  const own = generatedName({ ...ORIGIN, logicalName: "data" }, "acme/shop", 50);

  it("is its own", () => {
    for (const kind of ["Job", "CronJob", "Run"] as const)
      expect(reasons(kind, { workspaceId: own })).toEqual([]);
    expect(reasons("Job", { workspaceId: UNKNOWN })).toEqual([]);
  });

  it("is not what others use, nor what another pull request has", () => {
    const others = generatedName({ ...ORIGIN, stack: "pr-8", logicalName: "data" }, "acme/shop", 50);
    for (const workspaceId of ["production", others])
      expect(reasons("Job", { workspaceId })).toEqual([
        expect.stringContaining("is not part of this preview"),
      ]);
    expect(reasons("Run", { jobName: "production" })).toEqual([expect.stringContaining("jobName names")]);
  });

  it("may be a copy of anything", () =>
    expect(reasons("Workspace", { baseWorkspaceId: "production" })).toEqual([]));
});

it("a workspace that could not be removed is refused", () => {
  for (const deletionProtection of [undefined, true])
    expect(reasons("Workspace", { deletionProtection })).toEqual([
      expect.stringContaining("deletionProtection must be false in a preview"),
    ]);
});
