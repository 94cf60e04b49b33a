import type { KindName, Values } from "../../../provider/schema/fields";
import { ref, type Declared, type Program } from "../../support/engine-model";
import { LEDGER, SETUP } from "./converged";
import { sandbox } from "./sandbox";

/**
 * One run of the engine without checkpoints. Each changes several resources, so that a kill leaves some that are done
 * and that the state knows nothing of.
 */
export interface SkippedCase {
  title: string;
  before: Program;
  /** What the `up` is of; absent for a destroy. */
  after?: Program;
  /** What may be tried after the kill. */
  sequels: readonly SkippedSequel[];
  /** Without a namespace, or with names that the program gives. */
  names?: "no namespace" | "explicit";
}

/** How it goes on after the kill. `before` is the program from before, with a refresh. */
export type SkippedSequel = "up" | "up, recovering" | "up --refresh" | "before" | "destroy";

const CHANGED: readonly SkippedSequel[] = ["up", "up --refresh", "before"];
const DESTROYED: readonly SkippedSequel[] = ["destroy", "up", "up --refresh"];

const workspace = (name: string, more: Values = {}): Declared => ({
  name,
  kind: "Workspace",
  args: { deletionProtection: false, ...more },
});
const of = (kind: KindName, name: string, args: Values): Declared => ({ name, kind, args });
const on = (name: string) => ({ workspaceId: ref(name, "workspaceId") });
const cron = (name: string, more: Values = {}): Declared =>
  of("CronJob", name, { cronExpression: "0 0 1 1 *", script: "true", ...more });
const run = (name: string, what: string, place: Values = {}): Declared =>
  of("Run", name, { script: LEDGER, environment: { WHAT: what }, ...place });

const data = workspace("data");
const other = workspace("other");
const copyOf = (base: string): Declared => workspace("copy", { baseWorkspaceId: ref(base, "workspaceId") });
const site = workspace("site", { setup: SETUP });

/** What a small service has: each kind once, each on another. */
const service = (web: Values = {}, nightly: Values = {}, version = "a"): Program => [
  site,
  of("Job", "web", { ...on("site"), environment: { MODE: "a" }, http: { port: 8080 }, ...web }),
  of("UrlAlias", "url", on("site")),
  cron("nightly", nightly),
  data,
  run("migrate", version, on("data")),
];

const FIRSTS: readonly [string, Program][] = [
  ["Workspace", [site, workspace("plain"), copyOf("plain")]],
  [
    "Job",
    [data, other, of("Job", "web", { ...on("data"), http: { port: 8080 } }), of("Job", "box", on("other"))],
  ],
  ["Job on a local disk", [of("Job", "one", {}), of("Job", "two", {})]],
  ["UrlAlias", [data, of("UrlAlias", "one", on("data")), of("UrlAlias", "two", on("data"))]],
  [
    "CronJob",
    [data, cron("nightly", { ...on("data"), environment: { MODE: "a" } }), cron("off", { enabled: false })],
  ],
  ["Run in VMs of their own", [run("one", "a"), run("two", "b")]],
  ["Run on a workspace", [data, run("one", "a", on("data"))]],
  [
    "Run inside a job",
    [data, of("Job", "box", on("data")), run("one", "a", { jobName: ref("box", "name") })],
  ],
  ["Sandbox", sandbox({ deletionProtection: false, setup: SETUP, http: { port: 8080 } })],
  ["a service", service()],
];

export const SKIPPED_CASES: readonly SkippedCase[] = [
  ...FIRSTS.map(([title, after]): SkippedCase => ({
    title: `first up: ${title}`,
    before: [],
    after,
    sequels: ["up", "up --refresh"],
  })),
  { title: "first up, then another program", before: [], after: service(), sequels: ["before"] },
  { title: "first up, then a destroy", before: [], after: service(), sequels: ["destroy"] },
  {
    title: "first up, no namespace",
    before: [],
    after: service(),
    sequels: ["up", "up, recovering"],
    names: "no namespace",
  },
  { title: "first up, explicit names", before: [], after: service(), sequels: ["up"], names: "explicit" },
  {
    title: "more resources",
    before: [data],
    after: [data, other, of("Job", "box", on("other")), cron("nightly"), run("one", "a")],
    sequels: ["up", "up --refresh"],
  },
  {
    title: "edits in place",
    before: service(),
    after: service(
      { noSleep: true, environment: { MODE: "b" } },
      { script: "false", environment: { MODE: "b" } },
    ),
    sequels: CHANGED,
  },
  {
    title: "a disk grown, and a schedule",
    before: [data, of("Job", "box", on("data")), cron("nightly")],
    after: [data, of("Job", "box", { ...on("data"), diskGb: 4 }), cron("nightly", { enabled: false })],
    sequels: CHANGED,
  },
  { title: "Run with other content", before: service(), after: service({}, {}, "b"), sequels: CHANGED },
  {
    title: "aliases pointed elsewhere",
    before: [data, other, of("UrlAlias", "one", on("data")), of("UrlAlias", "two", on("data"))],
    after: [data, other, of("UrlAlias", "one", on("other")), of("UrlAlias", "two", on("other"))],
    sequels: CHANGED,
  },
  {
    title: "a workspace replaced, with a job and an alias on it",
    before: [data, other, copyOf("data"), of("Job", "box", on("copy")), of("UrlAlias", "one", on("copy"))],
    after: [data, other, copyOf("other"), of("Job", "box", on("copy")), of("UrlAlias", "one", on("copy"))],
    sequels: CHANGED,
  },
  {
    title: "a job moved to another workspace",
    before: [data, other, of("Job", "box", on("data")), cron("nightly")],
    after: [data, other, of("Job", "box", on("other")), cron("nightly", { script: "false" })],
    sequels: CHANGED,
  },
  {
    title: "resources taken out of the program",
    before: [...service(), run("one", "a"), of("Job", "box", { allowDataLoss: true })],
    after: [site],
    sequels: CHANGED,
  },
  {
    title: "logical names changed",
    before: [data, of("Job", "box", { allowDataLoss: true }), cron("nightly"), workspace("old")],
    after: [data, of("Job", "case", { allowDataLoss: true }), cron("daily"), workspace("new")],
    sequels: CHANGED,
  },
  { title: "destroy", before: service(), sequels: DESTROYED },
];
