import { destroy, killedUp, noBoot, refresh, refuse, up, type History } from "./history";
import { alias, cron, data, job, on, other, ref, workspace } from "./resources";

const STOP_JOB = "POST /mags-jobs/{id}/stop";
const CREATE_CRON = "POST /mags-cron";
const PATCH_CRON = "PATCH /mags-cron/{id}";
const DELETE_CRON = "DELETE /mags-cron/{id}";
const CREATE_ALIAS = "POST /mags-url-aliases";
const DELETE_ALIAS = "DELETE /mags-url-aliases/{subdomain}";
const CREATE_JOB = "POST /mags-jobs";

const box = job(on("data"));
const edited = job({ ...on("data"), environment: { MODE: "b" } });

/** A call is refused, a VM does not start, or everything is killed. */
export const FAILURES: readonly History[] = [
  {
    title: "partial create, then up",
    steps: [up(data), noBoot, up(data, box, alias(on("data"))), up(data, box, alias(on("data")))],
  },
  {
    title: "partial create, refreshed, then up",
    steps: [up(data), noBoot, up(data, box), refresh, up(data, box)],
  },
  {
    title: "partial create of a schedule: init errors that a refresh erases",
    steps: [refuse(PATCH_CRON), up(cron({ enabled: false })), refresh, up(cron({ enabled: false })), destroy],
  },
  {
    title: "partial create, then up with another edit",
    steps: [up(data), noBoot, up(data, box), up(data, edited)],
  },
  {
    title: "partial create that leaves the program",
    steps: [up(data), noBoot, up(data, box), up(data)],
  },
  {
    title: "partial update, then up",
    steps: [up(data, box), noBoot, up(data, edited), up(data, edited)],
  },
  {
    title: "partial update, then the edit is reverted",
    steps: [up(data, box), noBoot, up(data, edited), up(data, box)],
  },
  {
    title: "partial update, refreshed, then up",
    steps: [up(data, box), noBoot, up(data, edited), refresh, up(data, edited)],
  },
  {
    title: "partial update of a schedule, refreshed, then the edit is reverted",
    steps: [up(cron()), refuse(PATCH_CRON), up(cron({ script: "false" })), refresh, up(cron())],
  },
  {
    title: "partial update twice, the second refused at its submit",
    steps: [
      up(data, box),
      noBoot,
      up(data, edited),
      refuse(CREATE_JOB),
      up(data, job({ ...on("data"), noSleep: true })),
      up(data, edited),
    ],
  },
  {
    title: "a create that fails plainly stores nothing",
    steps: [refuse(CREATE_CRON), up(cron(), cron({}, "weekly")), up(cron(), cron({}, "weekly"))],
  },
  {
    title: "a create that fails after what is before it was made",
    steps: [refuse(CREATE_ALIAS), up(data, alias(on("data")), cron()), up(data, alias(on("data")), cron())],
  },
  {
    title: "a create that fails after its predecessor was deleted for it",
    steps: [
      up(data, alias({ ...on("data"), subdomain: "first" })),
      refuse(CREATE_ALIAS),
      up(data, alias({ ...on("data"), subdomain: "second" })),
      up(data, alias({ ...on("data"), subdomain: "second" })),
    ],
  },
  {
    title: "what waits to be made again is not refreshed, and leaves the program without a call",
    steps: [
      up(data, alias({ ...on("data"), subdomain: "here" })),
      refuse(CREATE_ALIAS),
      up(data, alias({ ...on("data"), subdomain: "there" })),
      refresh,
      up(data),
    ],
  },
  {
    title: "a delete that fails in the middle of a replacement",
    steps: [
      up(data, other, alias({ ...on("data"), subdomain: "early" })),
      refuse(DELETE_ALIAS),
      up(data, other, alias({ ...on("data"), subdomain: "late" })),
      up(data, other, alias({ ...on("data"), subdomain: "late" })),
    ],
  },
  {
    title: "a replacement whose dependents are gone when its own delete fails",
    steps: [
      up(data, other, workspace("fork", { baseWorkspaceId: ref("data", "workspaceId") }), job(on("fork"))),
      refuse("DELETE /mags-workspaces/{workspace_id}"),
      up(data, other, workspace("fork", { baseWorkspaceId: ref("other", "workspaceId") }), job(on("fork"))),
      up(data, other, workspace("fork", { baseWorkspaceId: ref("other", "workspaceId") }), job(on("fork"))),
    ],
  },
  {
    title: "a workspace that was deleted for its replacement and not made: its alias follows when it is",
    steps: [
      up(data, other, workspace("fork", { baseWorkspaceId: ref("data", "workspaceId") }), alias(on("fork"))),
      refuse(CREATE_JOB),
      up(data, other, workspace("fork", { baseWorkspaceId: ref("other", "workspaceId") }), alias(on("fork"))),
      up(data, other, workspace("fork", { baseWorkspaceId: ref("other", "workspaceId") }), alias(on("fork"))),
    ],
  },
  {
    title: "a resource that left the program is deleted at the second attempt",
    steps: [up(data, cron()), refuse(DELETE_CRON), up(data), up(data)],
  },
  {
    title: "a destroy that fails once",
    steps: [up(data, box), refuse(STOP_JOB), destroy, destroy],
  },
  {
    title: "killed while it creates a schedule",
    steps: [up(data), killedUp(CREATE_CRON, data, cron()), up(data, cron())],
  },
  {
    title: "killed while it creates a job, then another program",
    steps: [up(data), killedUp(CREATE_JOB, data, box), up(data, cron()), up(data, box, cron())],
  },
  {
    title: "killed while it updates, then the edit is reverted",
    steps: [up(cron()), killedUp(PATCH_CRON, cron({ script: "false" })), up(cron()), refresh, up(cron())],
  },
  {
    title: "killed while it deletes",
    steps: [up(data, cron()), killedUp(DELETE_CRON, data), up(data)],
  },
  {
    title: "a pending create is there still after a refresh",
    steps: [killedUp(CREATE_CRON, cron()), refresh, up(cron())],
  },
];
