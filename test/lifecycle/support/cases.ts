import type { KindName, Values } from "../../../provider/schema/fields";
import { ref, type Declared, type Program } from "../../support/engine-model";
import { SETUP } from "./converged";

/** An operation on one resource: the update from `before` to `after`. */
export interface Case {
  kind: KindName;
  /** What is done to the resource; `create`, `delete`, or the effect of the change. */
  effect: "create" | "patch" | "restart" | "resize" | "repoint" | "local" | "replace" | "delete";
  /** Tells cases of one kind and effect apart. */
  title: string;
  before: Program;
  after: Program;
  /** Fields that the API never shows: a kill leaves no trace of their change, so a reverted edit is not undone. */
  blind?: readonly string[];
  /** Where the edit, once made, must not be undone: the refusal that says so. */
  irreversible?: RegExp;
}

export function nameOf({ kind, effect, title }: Case): string {
  return `${kind} ${effect}: ${title}`;
}

/** One that never fires while time passes in a test. */
const YEARLY = "0 0 1 1 *";

const data: Declared = { name: "data", kind: "Workspace", args: { deletionProtection: false } };
const other: Declared = { name: "other", kind: "Workspace", args: { deletionProtection: false } };
const onData = { workspaceId: ref("data", "workspaceId") };
const web: Values = { ...onData, environment: { MODE: "a" }, http: { port: 8080 } };
const cron: Values = { cronExpression: YEARLY, script: "true", environment: { MODE: "a" } };

/** Cases of one resource: made, changed in every way, removed. `with` are the resources it needs. */
function life(
  kind: KindName,
  needs: Program,
  args: Values,
  changes: [Case["effect"], string, Values, blind?: readonly string[]][],
): Case[] {
  const subject = (own: Values): Declared => ({ name: "subject", kind, args: own });
  const program = (own: Values): Program => [...needs, subject(own)];
  return [
    { kind, effect: "create", title: "with all it needs", before: needs, after: program(args) },
    ...changes.map(([effect, title, change, blind]) => ({
      kind,
      effect,
      title,
      before: program(args),
      after: program({ ...args, ...change }),
      blind,
      ...(effect === "resize" ? { irreversible: /cannot shrink from 4 GB to 2 GB/ } : {}),
    })),
    { kind, effect: "delete", title: "with all it had", before: program(args), after: needs },
  ];
}

/** Every operation of every kind. A call that is added to one of them is covered without another case. */
export const CASES: readonly Case[] = [
  ...life("Workspace", [], { setup: SETUP, deletionProtection: false }, [
    ["local", "setup edited", { setup: `${SETUP} # edited` }],
    ["local", "limits", { timeouts: { create: 600 } }],
  ]),
  {
    kind: "Workspace",
    effect: "create",
    title: "fork",
    before: [data],
    after: [
      data,
      {
        name: "subject",
        kind: "Workspace",
        args: { baseWorkspaceId: ref("data", "workspaceId"), deletionProtection: false },
      },
    ],
  },
  {
    kind: "Workspace",
    effect: "replace",
    title: "another base",
    before: [data, other, fork("data")],
    after: [data, other, fork("other")],
  },
  {
    kind: "UrlAlias",
    effect: "repoint",
    title: "its workspace made anew",
    before: [data, other, fork("data", "copy"), pointing("copy")],
    after: [data, other, fork("other", "copy"), pointing("copy")],
  },
  {
    kind: "UrlAlias",
    effect: "repoint",
    title: "the workspace of its job made anew",
    before: [data, other, fork("data", "copy"), boxOn("copy"), pointing("box")],
    after: [data, other, fork("other", "copy"), boxOn("copy"), pointing("box")],
  },
  ...life("Job", [data], web, [
    ["patch", "noSleep", { noSleep: true }, ["noSleep"]],
    ["patch", "startupCommand", { startupCommand: "true" }, ["startupCommand"]],
    ["patch", "another port", { http: { port: 8081, otherPorts: [8080] } }],
    ["restart", "environment", { environment: { MODE: "b" } }],
    ["restart", "port closed", { http: undefined }],
    ["resize", "disk grown", { diskGb: 4 }],
    ["local", "limits", { timeouts: { create: 600 } }],
  ]),
  {
    kind: "Job",
    effect: "replace",
    title: "another workspace",
    before: [data, other, { name: "subject", kind: "Job", args: web }],
    after: [
      data,
      other,
      { name: "subject", kind: "Job", args: { ...web, workspaceId: ref("other", "workspaceId") } },
    ],
  },
  ...life("Job", [], { allowDataLoss: true }, [
    ["restart", "local disk", { environment: { MODE: "b" } }],
  ]).map((local) => ({ ...local, title: `${local.title}, no workspace` })),
  ...life("UrlAlias", [data, other], onData, [
    ["repoint", "another workspace", { workspaceId: ref("other", "workspaceId") }],
    ["repoint", "a port", { port: 8081 }, ["port"]],
    ["local", "limits", { timeouts: { create: 600 } }],
  ]),
  ...life("CronJob", [other], { ...cron, enabled: false }, [
    ["patch", "everything", patchedCron(), ["environment"]],
    ["patch", "disabled to enabled", { enabled: true }],
    ["local", "limits", { timeouts: { create: 600 } }],
  ]),
];

function fork(base: string, name = "subject"): Declared {
  return {
    name,
    kind: "Workspace",
    args: { baseWorkspaceId: ref(base, "workspaceId"), deletionProtection: false },
  };
}

function boxOn(workspace: string): Declared {
  return { name: "box", kind: "Job", args: { workspaceId: ref(workspace, "workspaceId") } };
}

function pointing(target: string): Declared {
  return { name: "subject", kind: "UrlAlias", args: { workspaceId: ref(target, "workspaceId") } };
}

function patchedCron(): Values {
  return {
    cronExpression: "0 0 2 1 *",
    script: "false",
    environment: { MODE: "b" },
    workspaceId: ref("other", "workspaceId"),
    persistent: true,
  };
}
