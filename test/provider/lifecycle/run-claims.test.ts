import { RunClaims } from "../../../provider/lifecycle/run-claims";
import type { KindName, Values } from "../../../provider/schema/fields";
import { SCHEMAS } from "../../../provider/schema/schemas";

let claims: RunClaims;
beforeEach(() => (claims = new RunClaims()));

const declare = (kind: KindName, logicalName: string, inputs: Values) =>
  claims.declare(
    { organization: "o", project: "p", stack: "s", typeChain: kind, logicalName },
    SCHEMAS[kind],
    inputs,
  );
const refuse = (kind: KindName, inputs: Values) => () => claims.refuseClash(SCHEMAS[kind], inputs);

describe("names", () => {
  it.each<[KindName, Values, string]>([
    ["Workspace", { name: "n" }, 'workspace "n"'],
    ["Job", { name: "n", workspaceId: "n" }, 'job "n"'],
    ["UrlAlias", { subdomain: "n", domain: "d", workspaceId: "w" }, 'URL alias "n.d"'],
    ["CronJob", { name: "n" }, 'cron job "n"'],
  ])("of a %s may be claimed once", (kind, inputs, text) => {
    declare(kind, "a", inputs);
    expect(refuse(kind, inputs)).not.toThrow();
    declare(kind, "b", inputs);
    expect(refuse(kind, inputs)).toThrow(`Two resources of this program are the ${text}`);
  });

  it("of one resource count once, however often it is checked, and by its last word", () => {
    declare("Job", "a", { name: "n" });
    declare("Job", "a", { name: "n" });
    declare("Job", "b", { name: "n" });
    declare("Job", "b", { name: "m" });
    expect(refuse("Job", { name: "n" })).not.toThrow();
  });

  it("that are not known claim nothing", () => {
    declare("Job", "a", { name: Symbol("unknown") });
    declare("Job", "b", { name: Symbol("unknown") });
    expect(refuse("Job", { name: "n" })).not.toThrow();
  });

  it("may be the same for different kinds, and for aliases on different domains", () => {
    declare("Workspace", "a", { name: "n" });
    declare("Job", "b", { name: "n", workspaceId: "n" });
    declare("UrlAlias", "c", { subdomain: "n", domain: "one" });
    declare("UrlAlias", "d", { subdomain: "n", domain: "two" });
    expect(refuse("UrlAlias", { subdomain: "n", domain: "one" })).not.toThrow();
    expect(refuse("Workspace", { name: "n" })).not.toThrow();
    expect(refuse("Job", { name: "n", workspaceId: "n" })).not.toThrow();
  });
});

describe("a workspace", () => {
  it("takes one job, and no schedule beside it", () => {
    declare("Job", "web", { name: "web-1", workspaceId: "w" });
    declare("CronJob", "nightly", { name: "nightly-1", workspaceId: "w" });
    expect(refuse("Job", { name: "web-1", workspaceId: "w" })).toThrow(/cron job "nightly".*job "web"/);
    expect(refuse("CronJob", { name: "nightly-1", workspaceId: "w" })).toThrow(/"nightly".*"web"/);
    declare("CronJob", "nightly", { name: "nightly-1", workspaceId: "v" });
    declare("Job", "other", { name: "other-1", workspaceId: "w" });
    expect(refuse("Job", { name: "other-1", workspaceId: "w" })).toThrow(/jobs "web" and "other" both work/);
    expect(refuse("CronJob", { name: "nightly-1", workspaceId: "v" })).not.toThrow();
  });

  it("takes aliases in any number, and schedules where no job is", () => {
    declare("UrlAlias", "a", { subdomain: "a", domain: "d", workspaceId: "w" });
    declare("Job", "web", { name: "web-1", workspaceId: "w" });
    expect(refuse("Job", { name: "web-1", workspaceId: "w" })).not.toThrow();
    expect(refuse("UrlAlias", { subdomain: "a", domain: "d", workspaceId: "w" })).not.toThrow();
    declare("CronJob", "a", { name: "a", workspaceId: "v" });
    declare("CronJob", "b", { name: "b", workspaceId: "v" });
    expect(refuse("CronJob", { name: "b", workspaceId: "v" })).not.toThrow();
    // Several without a workspace need none in common.
    declare("CronJob", "c", { name: "c" });
    declare("CronJob", "d", { name: "d" });
    expect(refuse("CronJob", { name: "d" })).not.toThrow();
  });

  it("that a job is to move to is known by the job's name", () => {
    expect(claims.workspaceOf("web-1")).toBeUndefined();
    declare("Job", "web", { name: "web-1", workspaceId: "w" });
    expect(claims.workspaceOf("web-1")).toBe("w");
    expect(claims.workspaceOf("web")).toBeUndefined();
  });
});

it("what is begun is taken, also when its name was another's", () => {
  expect(claims.isTaken(SCHEMAS.Job, { name: "n" })).toBe(false);
  claims.begin(SCHEMAS.Job, { name: "n" });
  expect(claims.isTaken(SCHEMAS.Job, { name: "n" })).toBe(true);
  expect(claims.isTaken(SCHEMAS.Workspace, { name: "n" })).toBe(false);
});
