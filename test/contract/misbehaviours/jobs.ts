import { answers, ask, instead, is, json, requests } from "./misbehaviour";
import type { Misbehaviour } from "./misbehaviour";

/** How the routes of jobs could be wrong. */
export const JOB_MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    name: "write-only fields are echoed",
    caughtBy: "status: write-only fields are never echoed",
    options: { echo: true },
  },
  {
    name: "the list shows one write-only field",
    caughtBy: "status: write-only fields are never echoed",
    meddle: answers("GET", "/mags-jobs", (given) => {
      for (const job of given.body.jobs) job.persistent = true;
    }),
  },
  {
    name: "create answers the job instead of an acknowledgement",
    caughtBy: "create: create is acknowledged with an id and `accepted`, which is no status of a job",
    meddle: answers("POST", "/mags-jobs", (given) => {
      if (given.status < 400) given.body.status = "pending";
    }),
  },
  {
    name: "the VM id is there as soon as the job runs",
    caughtBy: "status: a job goes from pending to running, and its VM id comes later",
    options: { vmIdMs: 0 },
  },
  {
    name: "a job runs as soon as it is accepted",
    caughtBy: "status: a job goes from pending to running, and its VM id comes later",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.status === "pending") given.body.status = "running";
    }),
  },
  {
    name: "a script that failed has no exit code",
    caughtBy: "status: a script that fails is an error, with its exit code",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.status === "error") delete given.body.exit_code;
    }),
  },
  {
    name: "a persistent script that ends is completed",
    caughtBy: "status: a persistent script that ends makes the VM sleep; it is never completed",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.status === "sleeping") given.body.status = "completed";
    }),
  },
  {
    name: "the duration of a script is told in seconds",
    caughtBy: "status: the duration of a script is counted in milliseconds",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.script_duration_ms !== undefined) given.body.script_duration_ms /= 1000;
    }),
  },
  {
    name: "times are local, without a zone",
    caughtBy: "status: a status has the documented fields",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.started_at !== undefined) given.body.started_at = given.body.started_at.replace("Z", "");
    }),
  },
  {
    name: "the output of scripts is not in the log",
    caughtBy: "status: the log of a job that is not persistent holds what it wrote, as objects",
    meddle: answers("GET", "/mags-jobs/*/logs", (given) => {
      given.body.logs = given.body.logs?.filter(({ message }: { message?: string }) => message !== "first");
    }),
  },
  {
    name: "plain strings are in every log",
    caughtBy: "status: the log of a job that is not persistent holds what it wrote, as objects",
    meddle: answers("GET", "/mags-jobs/*/logs", (given) => given.body.logs?.unshift("VM started")),
  },
  {
    name: "every line of a log is an object",
    caughtBy: "status: what a persistent script writes comes as plain strings between the objects",
    meddle: answers("GET", "/mags-jobs/*/logs", (given) => {
      given.body.logs = given.body.logs?.map((line: unknown) =>
        typeof line === "string" ? { timestamp: "2026-02-02T12:00:00Z", level: "info", message: line } : line,
      );
    }),
  },
  {
    name: "memory with the control key of a root file system has no snapshot either",
    caughtBy: "create: a root file system with a memory size has no snapshot on v1",
    meddle: instead("POST", "/mags-jobs", ({ body }) =>
      body?.environment?.__MAGS_ROOTFS_TYPE === undefined
        ? undefined
        : json({ error: "golden snapshot not ready" }, 500),
    ),
  },
  {
    name: "v1 takes names, too",
    caughtBy: "status: v1 takes request ids only",
    meddle: () => (asked, forward) =>
      forward(
        is(asked, "GET", "/mags-jobs/*/status")
          ? { ...asked, path: asked.path.replace("/v1/", "/v2/") }
          : asked,
      ),
  },
  {
    name: "v2 takes request ids only",
    caughtBy: "status: on v2 a job is found by its name and by its workspace",
    meddle: () => (asked, forward) =>
      forward(
        is(asked, "GET", "/mags-jobs/*/status")
          ? { ...asked, path: asked.path.replace("/v2/", "/v1/") }
          : asked,
      ),
  },
  {
    name: "unsafe names are made safe instead of being refused",
    caughtBy: "create: unsafe names are refused and leave nothing",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      for (const key of ["name", "workspace_id"]) {
        if (typeof body?.[key] !== "string") continue;
        body[key] = `s${body[key]
          .toLowerCase()
          .replace(/[^a-z0-9-]/g, "")
          .slice(0, 60)}s`;
      }
    }),
  },
  {
    name: "a disk of any size is accepted",
    caughtBy: "create: a disk has at least 2 GB",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (body?.disk_gb < 2) delete body.disk_gb;
    }),
  },
  {
    name: "a missing base is ignored",
    caughtBy: "create: unknown files and bases fail the create",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (body?.base_workspace_id !== undefined) delete body.base_workspace_id;
    }),
  },
  {
    name: "a create on a name that is taken gives the job that holds it",
    caughtBy: "conflicts: a name has one active job",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (!is(asked, "POST", "/mags-jobs") || ![409, 500].includes(given.status)) return given;
      const { body } = await ask(forward, asked, "GET", "/v1/mags-jobs?page_size=50");
      const holder = body.jobs.find((job: { name?: string }) => job.name === asked.body.name);
      return holder === undefined ? given : json({ request_id: holder.request_id, status: "accepted" });
    },
  },
  {
    name: "two jobs may use one workspace",
    caughtBy: "conflicts: a workspace has one active job, also while it sleeps",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (!is(asked, "POST", "/mags-jobs") || given.status < 400) return given;
      const { workspace_id: _taken, ...rest } = asked.body;
      return forward({ ...asked, body: rest });
    },
  },
  {
    name: "of creates that race, two win",
    caughtBy: "conflicts: of six creates of one name that race, exactly one wins",
    meddle: () => {
      const losers = new Set<string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        const name = asked.body?.name as string | undefined;
        if (!is(asked, "POST", "/mags-jobs") || given.status < 400 || name === undefined) return given;
        if (losers.has(name)) return given;
        losers.add(name);
        return forward({ ...asked, body: { ...asked.body, name: undefined } });
      };
    },
  },
  {
    name: "of creates that race, none wins",
    caughtBy: "conflicts: of six creates on one workspace that race, exactly one wins",
    meddle: () => {
      let inFlight = 0;
      return async (asked, forward) => {
        if (!is(asked, "POST", "/mags-jobs")) return forward(asked);
        inFlight += 1;
        // Lets the others arrive before it is decided.
        await new Promise((resolve) => setTimeout(resolve, 20));
        const crowded = inFlight > 1;
        const given = crowded ? json({ error: "already in use" }, 409) : await forward(asked);
        setTimeout(() => (inFlight -= 1), 20);
        return given;
      };
    },
  },
  {
    name: "a conflict is told without a word of it",
    caughtBy: "conflicts: a name has one active job",
    meddle: answers("POST", "/mags-jobs", (given) => {
      if ([409, 500].includes(given.status)) given.body = { error: "something went wrong" };
    }),
  },
  {
    name: "names are case-insensitive",
    caughtBy: "conflicts: the case of a workspace id matters",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      if (typeof body?.workspace_id === "string") body.workspace_id = body.workspace_id.toLowerCase();
    }),
  },
  {
    name: "ended jobs vanish from the list",
    caughtBy: "lists: ended jobs stay listed under the same name, newest first",
    meddle: answers("GET", "/mags-jobs", (given) => {
      given.body.jobs = given.body.jobs?.filter((job: { status: string }) =>
        ["pending", "running", "sleeping"].includes(job.status),
      );
    }),
  },
  {
    name: "the oldest job is listed first",
    caughtBy: "lists: a job is listed as soon as it was accepted, newest first",
    meddle: answers("GET", "/mags-jobs", (given) => void given.body.jobs?.reverse()),
  },
  {
    name: "a page may hold more than 50 jobs",
    caughtBy: "lists: a page holds 20 jobs, or as many as asked for, but never more than 50",
    meddle: instead("GET", "/mags-jobs", async (asked, forward) => {
      if (!asked.path.includes("page_size=200")) return undefined;
      const one = await ask(forward, asked, "GET", "/v1/mags-jobs?page=1&page_size=50");
      const two = await ask(forward, asked, "GET", "/v1/mags-jobs?page=2&page_size=50");
      return json({ jobs: [...one.body.jobs, ...two.body.jobs], total: one.body.total });
    }),
  },
  {
    name: "the total counts one page",
    caughtBy: "lists: a page holds 20 jobs, or as many as asked for, but never more than 50",
    meddle: answers("GET", "/mags-jobs", (given) => {
      given.body.total = given.body.jobs?.length;
    }),
  },
  {
    name: "pages overlap by one job",
    caughtBy: "lists: pages follow each other without gap or overlap until the total",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      const page = Number(/[?&]page=(\d+)/.exec(asked.path)?.[1] ?? 1);
      if (!is(asked, "GET", "/mags-jobs") || page === 1 || given.body.jobs.length === 0) return given;
      const before = await forward({ ...asked, path: asked.path.replace(/page=\d+/, `page=${page - 1}`) });
      given.body.jobs = [before.body.jobs.at(-1), ...given.body.jobs.slice(0, -1)];
      return given;
    },
  },
  {
    name: "usage looks back for ever",
    caughtBy: "pool: usage looks back 30 days, or as far as asked",
    meddle: requests("GET", "/mags-jobs/usage", (asked) => {
      asked.path = "/v1/mags-jobs/usage?window_days=3000";
    }),
  },
  {
    name: "a VM that sleeps is charged as one that is up",
    caughtBy: "pool: usage counts the seconds that VMs are up, not those they sleep",
    options: { idleMs: 86_400_000 },
  },
  {
    name: "the numbers of the pool do not add up",
    caughtBy: "pool: the pool is told in five numbers that agree",
    meddle: answers("GET", "/mags-jobs/pool-status", (given) => {
      given.body.total_vms = given.body.max_pool_size;
    }),
  },
];
