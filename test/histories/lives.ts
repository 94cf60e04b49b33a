import { destroy, refresh, refuse, replaced, up, type History, given } from "./history";
import { alias, cron, data, job, late, on, other, ref, workspace } from "./resources";

const forked = workspace("fork", { baseWorkspaceId: ref("data", "workspaceId") });
const forkedElsewhere = workspace("fork", { baseWorkspaceId: ref("other", "workspaceId") });
const guarded = workspace("data", { deletionProtection: true });

/** Without any failure of the cloud: made, left alone, changed, replaced, protected, refused, taken away. */
export const LIVES: readonly History[] = [
  {
    title: "workspace: create, no-op, update, replace, leave the program",
    steps: [
      given(data, other, forked),
      up(data, other, forked),
      up(data, other, { ...forked, args: { ...forked.args, timeouts: { create: 600 } } }),
      up(data, other, forkedElsewhere),
      refresh,
      up(data, other),
      destroy,
    ],
  },
  {
    title: "workspace: protection refuses removal and destroy until it is off",
    steps: [
      given(guarded, cron()),
      up(cron({ script: "false" })),
      destroy,
      up(data, cron()),
      up(guarded, cron()),
      up(data, cron()),
      destroy,
    ],
  },
  {
    title: "job: create, no-op, patch, restart, resize",
    steps: [
      given(data, job(on("data"))),
      up(data, job(on("data"))),
      up(data, job({ ...on("data"), noSleep: true, http: { port: 8080 } })),
      up(data, job({ ...on("data"), environment: { MODE: "b" } })),
      up(data, job({ ...on("data"), environment: { MODE: "b" }, diskGb: 4 })),
      refresh,
      destroy,
    ],
  },
  {
    title: "job: replaced by another workspace, an alias follows",
    steps: [
      given(data, other, job(on("data")), alias({ workspaceId: ref("box", "workspaceId") })),
      up(data, other, job(on("other")), alias({ workspaceId: ref("box", "workspaceId") })),
    ],
  },
  {
    title: "alias: create, no-op, repoint, replace, leave the program",
    steps: [
      given(data, other, alias(on("data"))),
      up(data, other, alias(on("data"))),
      up(data, other, alias(on("other"))),
      up(data, other, alias({ ...on("other"), port: 8081 })),
      up(data, other, alias({ ...on("other"), subdomain: "renamed" })),
      up(data, other),
    ],
  },
  {
    title: "schedule: create, no-op, patch, disable, rename, replace by a logical rename",
    steps: [
      given(cron()),
      up(cron()),
      up(cron({ environment: { A: "1" }, script: "false" })),
      up(cron({ enabled: false })),
      up(cron({ enabled: false, name: "renamed" })),
      up(cron({ enabled: false }, "weekly")),
      destroy,
    ],
  },
  {
    title: "delete before replace takes along what would be replaced, and nothing else",
    steps: [
      given(data, other, forked, job(on("fork")), alias(on("fork")), cron()),
      up(data, other, forkedElsewhere, job(on("fork")), alias(on("fork")), cron()),
    ],
  },
  {
    title: "replaced on demand: what lives on a workspace goes along, what points to it follows",
    steps: [
      given(data, job(on("data")), alias(on("box")), alias(on("data"), "direct"), cron()),
      replaced(["data"], data, job(on("data")), alias(on("box")), alias(on("data"), "direct"), cron()),
      replaced(["box"], data, job(on("data")), alias(on("box")), alias(on("data"), "direct"), cron()),
      replaced(
        ["url", "nightly"],
        data,
        job(on("data")),
        alias(on("box")),
        alias(on("data"), "direct"),
        cron(),
      ),
      up(data, job(on("data")), alias(on("box")), alias(on("data"), "direct"), cron()),
    ],
  },
  {
    title: "replaced on demand: a job on a local disk, whose alias follows",
    steps: [
      given(job(), alias(on("box"))),
      replaced(["box"], job(), alias(on("box"))),
      up(job(), alias(on("box"))),
    ],
  },
  {
    title: "two jobs on their way to each other's workspace, one after the other",
    steps: [
      given(data, other, job(on("data"), "one"), job(on("other"), "two")),
      up(data, other, job(on("other"), "one"), job(on("data"), "two")),
      up(data, other, job(on("other"), "one"), job({}, "two")),
      up(data, other, job(on("data"), "one"), job({}, "two")),
    ],
  },
  {
    title: "unknown in an update: what refers to a new request id follows a restart",
    steps: [
      given(job(), cron({ environment: { REQUEST: ref("box", "requestId") } })),
      up(job({ environment: { A: "1" } }), cron({ environment: { REQUEST: ref("box", "requestId") } })),
    ],
  },
  {
    title: "unknown in a replace key: replaced with its source, and after a mere restart",
    steps: [
      given(data, job(), alias({ ...on("data"), subdomain: ref("box", "requestId") })),
      up(
        data,
        job({ environment: { A: "1" } }),
        alias({ ...on("data"), subdomain: ref("box", "requestId") }),
      ),
      up(data, job({ name: "renamed" }), alias({ ...on("data"), subdomain: ref("box", "requestId") })),
    ],
  },
  {
    title: "check refuses a value that only the engine knows, before anything is done",
    steps: [
      up(cron({ cronExpression: late("0 0 31 2 *") })),
      up(cron()),
      up(cron({ script: "false" }), cron({ cronExpression: late("nonsense") }, "weekly"), data),
      up(cron({ script: "false" }), data),
    ],
  },
  {
    title: "a plain value that is wrong stops the program itself",
    steps: [
      given(cron()),
      up(cron({ script: "false" }), cron({ cronExpression: "nonsense" }, "weekly")),
      up(cron()),
    ],
  },
  {
    title: "diff refuses to shrink a disk, and nothing else of the program is done",
    steps: [
      given(data, job({ ...on("data"), diskGb: 4 })),
      up(cron(), data, job({ ...on("data"), diskGb: 2 })),
      up(cron(), data, job({ ...on("data"), diskGb: 4 })),
    ],
  },
  {
    title: "protect refuses removal, destroy and replacement until it is off",
    steps: [
      given(data, other, { ...job(on("data")), protect: true }),
      up(data, other),
      up(data, other, { ...job(on("other")), protect: true }),
      destroy,
      up(data, other, job(on("data"))),
      up(data, other),
    ],
  },
  {
    title: "a resource that others depend on leaves together with them, in reverse order",
    steps: [given(data, job(on("data")), alias(on("data")), cron(on("data"))), up(cron()), destroy],
  },
  {
    title: "a failed edit of one resource leaves the ones before it done and the ones after it undone",
    steps: [
      given(cron({}, "one"), cron({}, "two"), cron({}, "three")),
      refuse("PATCH /mags-cron/{id}", { skip: 1 }),
      up(cron({ script: "1" }, "one"), cron({ script: "1" }, "two"), cron({ script: "1" }, "three")),
      up(cron({ script: "1" }, "one"), cron({ script: "1" }, "two"), cron({ script: "1" }, "three")),
    ],
  },
];
