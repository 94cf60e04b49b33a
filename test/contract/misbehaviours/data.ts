import { answers, idOf, instead, is, json, requests } from "./misbehaviour";
import type { Misbehaviour } from "./misbehaviour";

/** How workspaces, aliases, cron jobs and files could be wrong. */
export const DATA_MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    name: "a workspace in use can be deleted",
    caughtBy: "workspaces: a workspace in use cannot be deleted, also while its VM sleeps",
    meddle: answers("DELETE", "/mags-workspaces/*", (given) => {
      if ([409, 500].includes(given.status)) Object.assign(given, { status: 204, body: "" });
    }),
  },
  {
    name: "a workspace is gone with its job",
    caughtBy: "workspaces: a workspace appears with the first job that names it, and outlives the job",
    meddle: () => async (asked, forward, emulator) => {
      const given = await forward(asked);
      if (!is(asked, "GET", "/mags-workspaces")) return given;
      const held = emulator.snapshot().jobs.filter((job) => job.endedAt === undefined);
      given.body.workspaces = given.body.workspaces.filter((entry: { workspace_id: string }) =>
        held.some((job) => job.workspaceId === entry.workspace_id),
      );
      given.body.total = given.body.workspaces.length;
      return given;
    },
  },
  {
    name: "deleting a workspace that is missing succeeds",
    caughtBy: "workspaces: a workspace is deleted after its job was stopped, once",
    meddle: answers("DELETE", "/mags-workspaces/*", (given) => {
      if (given.status === 404) Object.assign(given, { status: 204, body: "" });
    }),
  },
  {
    name: "files do not survive the VM",
    caughtBy: "workspaces: files survive the VM: stop, and create again on the same workspace",
    processes: true,
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (body?.workspace_id !== undefined) body.no_sync = true;
    }),
  },
  {
    name: "no_sync is ignored",
    caughtBy: "workspaces: with no_sync nothing is kept",
    processes: true,
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      delete body?.no_sync;
    }),
  },
  {
    name: "a base alone is written to",
    caughtBy: "workspaces: a base alone is read-only: changes are discarded",
    processes: true,
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (body?.base_workspace_id !== undefined) body.workspace_id ??= body.base_workspace_id;
    }),
  },
  {
    name: "a fork writes to its base",
    caughtBy: "workspaces: a fork starts from its base, keeps its own changes, and leaves the base alone",
    processes: true,
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (body?.base_workspace_id === undefined) return;
      body.workspace_id = body.base_workspace_id;
      delete body.base_workspace_id;
    }),
  },
  {
    name: "uploaded files are not placed",
    caughtBy: "files: uploaded files are there before the script runs, byte for byte",
    processes: true,
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      delete body?.file_ids;
    }),
  },
  {
    name: "an explicit sync does nothing",
    caughtBy: "workspaces: what was synced survives the loss of the machine",
    processes: true,
    meddle: instead("POST", "/mags-jobs/*/sync", () => json({ success: true })),
  },
  {
    name: "a resize keeps the request id: the create is answered with the old one",
    caughtBy: "resize: the resize sequence gives a new VM on the same workspace",
    meddle: () => {
      const first = new Map<string, string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        const workspace = asked.body?.workspace_id as string | undefined;
        if (!is(asked, "POST", "/mags-jobs") || given.status >= 400 || workspace === undefined) return given;
        const known = first.get(workspace) ?? given.body.request_id;
        first.set(workspace, known);
        return json({ ...given.body, request_id: known });
      };
    },
  },
  {
    name: "every upload has the same id",
    caughtBy: "files: every upload has an id of its own",
    meddle: answers("POST", "/mags-files", (given) => {
      if (given.status < 400) given.body.file_id = "file";
    }),
  },
  {
    name: "deleting a missing alias succeeds",
    caughtBy: "aliases: a deleted alias is gone, and its subdomain is free",
    meddle: answers("DELETE", "/mags-url-aliases/*", (given) => {
      if (given.status === 404) Object.assign(given, { status: 204, body: "" });
    }),
  },
  {
    name: "an alias that is taken is moved to the newcomer",
    caughtBy: "aliases: a subdomain is taken once per domain",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (!is(asked, "POST", "/mags-url-aliases") || ![409, 500].includes(given.status)) return given;
      const { token } = asked;
      await forward({
        method: "DELETE",
        path: `/v1/mags-url-aliases/${asked.body.subdomain}`,
        body: undefined,
        token,
      });
      return forward(asked);
    },
  },
  {
    name: "aliases of every account are listed",
    caughtBy: "auth: lists and names belong to an account",
    meddle: () => (asked, forward, emulator) =>
      forward(is(asked, "GET", "/mags-url-aliases") ? { ...asked, token: emulator.token } : asked),
  },
  {
    name: "an alias stays with the VM it was first used with",
    caughtBy: "aliases: an alias follows the active job of its workspace",
    meddle: () => {
      const firstOf = new Map<string, string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        if (asked.host === undefined || given.status !== 200) return given;
        const first = firstOf.get(asked.host) ?? given.body.name;
        firstOf.set(asked.host, first);
        return given.body.name === first ? given : json({ error: "gone" }, 502);
      };
    },
  },
  {
    name: "an alias leads to a VM without access",
    caughtBy: "aliases: an alias may come before its job; it answers once a job runs with access",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return asked.host !== undefined && given.status === 503 && String(given.body.error).includes("access")
        ? json({ name: "open", port: 8080, path: asked.path })
        : given;
    },
  },
  {
    name: "v1 honours the port of an alias",
    caughtBy: "aliases: the port of an alias counts on v2 and is ignored on v1",
    meddle: requests("POST", "/mags-url-aliases", (asked) => {
      asked.path = asked.path.replace("/v1/", "/v2/");
    }),
  },
  {
    name: "v2 ignores the port of an alias",
    caughtBy: "aliases: the port of an alias counts on v2 and is ignored on v1",
    meddle: requests("POST", "/mags-url-aliases", (asked) => {
      asked.path = asked.path.replace("/v2/", "/v1/");
    }),
  },
  {
    name: "any domain is accepted for an alias",
    caughtBy: "aliases: the known domains are accepted, an unknown one is refused",
    meddle: requests("POST", "/mags-url-aliases", ({ body }) => {
      if (body?.domain === "example.com") body.domain = "localhost";
    }),
  },
  {
    name: "the environment of a cron job is echoed",
    caughtBy: "cron: a cron job shows what was sent, but not its environment",
    options: { echo: true },
  },
  {
    name: "a PATCH of a cron job drops its workspace",
    caughtBy: "cron: a PATCH changes the keys that were sent and no others",
    meddle: requests("PATCH", "/mags-cron/*", ({ body }) => {
      if (body !== undefined) body.workspace_id ??= "";
    }),
  },
  {
    name: "a cron job can be created disabled",
    caughtBy: "cron: `enabled` is not honoured on create, only by PATCH",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (is(asked, "POST", "/mags-cron") && asked.body?.enabled === false && given.status < 400) {
        const { token } = asked;
        await forward({
          method: "PATCH",
          path: `/v1/mags-cron/${given.body.id}`,
          body: { enabled: false },
          token,
        });
      }
      return given;
    },
  },
  {
    name: "a disabled cron job still fires",
    caughtBy: "cron: a disabled or deleted cron job does not fire",
    meddle: () => async (asked, forward) => {
      if (is(asked, "PATCH", "/mags-cron/*") && asked.body?.enabled === false) return json({ success: true });
      return forward(asked);
    },
  },
  {
    name: "a schedule is read one hour off, as in another time zone",
    caughtBy: "cron: a schedule is read in UTC",
    meddle: requests("POST", "/mags-cron", ({ body }) => {
      const fields = String(body?.cron_expression).split(" ");
      if (fields.length === 5 && /^\d+$/.test(fields[1] ?? "")) {
        body.cron_expression = [fields[0], (Number(fields[1]) + 1) % 24, ...fields.slice(2)].join(" ");
      }
    }),
  },
  {
    name: "a cron job fires twice",
    caughtBy: "cron: every minute means every minute, once each",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (is(asked, "POST", "/mags-cron") && given.status < 400) await forward(asked);
      return given;
    },
  },
  {
    name: "an edited schedule keeps its old expression",
    caughtBy: "cron: an edited schedule fires by its new expression alone",
    meddle: requests("PATCH", "/mags-cron/*", ({ body }) => {
      delete body?.cron_expression;
    }),
  },
  {
    name: "a fire on a busy workspace leaves no trace",
    caughtBy: "cron: a fire on a busy workspace is a failed job with the conflict, and harms nothing",
    meddle: answers("GET", "/mags-jobs", (given) => {
      given.body.jobs = given.body.jobs?.filter((job: { status: string }) => job.status !== "error");
      given.body.total = given.body.jobs?.length;
    }),
  },
  {
    name: "six fields are accepted as a schedule",
    caughtBy: "cron: expressions that are not five fields, or never fire, are refused",
    meddle: requests("POST", "/mags-cron", ({ body }) => {
      const fields = String(body?.cron_expression).split(" ");
      if (fields.length === 6) body.cron_expression = fields.slice(1).join(" ");
    }),
  },
  {
    name: "a deleted cron job can still be read",
    caughtBy: "cron: a cron job is created, read, listed and deleted",
    meddle: () => {
      const deleted = new Set<string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        if (is(asked, "DELETE", "/mags-cron/*")) deleted.add(idOf(asked));
        return is(asked, "GET", "/mags-cron/*") && deleted.has(idOf(asked))
          ? json({ id: idOf(asked) })
          : given;
      };
    },
  },
];
