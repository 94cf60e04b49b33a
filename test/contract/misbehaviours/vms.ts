import { answers, ask, idOf, instead, is, json, requests } from "./misbehaviour";
import type { Misbehaviour } from "./misbehaviour";

/** How VMs, their access and their sleep could be wrong. */
export const VM_MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    name: "VMs never sleep",
    caughtBy: "sleep: a persistent VM sleeps after ten idle minutes, not before",
    options: { idleMs: 86_400_000 },
  },
  {
    name: "VMs sleep after one minute",
    caughtBy: "sleep: a persistent VM sleeps after ten idle minutes, not before",
    options: { idleMs: 60_000 },
  },
  {
    name: "no_sleep is ignored",
    caughtBy: "sleep: a no_sleep VM never sleeps",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      delete body?.no_sleep;
    }),
  },
  {
    name: "reading a status wakes the VM",
    caughtBy: "sleep: looking at a sleeping VM does not wake it",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (is(asked, "GET", "/mags-jobs/*/status") && given.body?.status === "sleeping") {
        await ask(forward, asked, "POST", `/v1/mags-jobs/${given.body.request_id}/exec`, { command: "true" });
      }
      return given;
    },
  },
  {
    name: "exec does not wake a sleeping VM",
    caughtBy: "sleep: exec wakes a sleeping VM, and is answered",
    meddle: instead("POST", "/mags-jobs/*/exec", async (asked, forward) => {
      const { body } = await ask(forward, asked, "GET", `/v1/mags-jobs/${idOf(asked)}/status`);
      return body.status === "sleeping" ? json({ error: "VM is not running" }, 400) : undefined;
    }),
  },
  {
    name: "the startup command does not run on waking",
    caughtBy: "sleep: the startup command runs on waking, each time, and not before",
    meddle: requests("POST", "/mags-jobs", ({ body }) => {
      delete body?.startup_command;
    }),
  },
  {
    name: "a request to a sleeping VM is refused",
    caughtBy: "sleep: an HTTP request wakes a sleeping VM, and is answered",
    meddle: () => async (asked, forward, emulator) => {
      const sleeping = emulator.snapshot().jobs.some((job) => job.status === "sleeping");
      return asked.host !== undefined && sleeping ? json({ error: "asleep" }, 503) : forward(asked);
    },
  },
  {
    name: "waking fails",
    caughtBy: "sleep: exec wakes a sleeping VM, and is answered",
    options: { faults: [{ kind: "wake-fails", count: 0 }] },
  },
  {
    name: "VMs of a custom size always wake",
    caughtBy: "sleep: v2 VMs of a custom size often fail to wake; then the job is an error",
    options: { customSizeWake: "ok" },
  },
  {
    name: "a lost no_sleep VM keeps its VM id",
    caughtBy: "sleep: a no_sleep VM whose machine fails comes back: same id and name, new VM",
    meddle: () => {
      const known = new Map<string, string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        if (!is(asked, "GET", "/mags-jobs/*/status") || given.body.vm_id === undefined) return given;
        const first = known.get(given.body.request_id) ?? given.body.vm_id;
        known.set(given.body.request_id, first);
        given.body.vm_id = first;
        return given;
      };
    },
  },
  {
    name: "the VM that replaces a lost one keeps its subdomain",
    caughtBy: "sleep: the VM that replaces a lost one has a subdomain of its own, with the access of before",
    meddle: () => {
      const known = new Map<string, string>();
      return async (asked, forward) => {
        const given = await forward(asked);
        if (!is(asked, "GET", "/mags-jobs/*/status") && !is(asked, "POST", "/mags-jobs/*/access"))
          return given;
        if (given.body.subdomain === undefined) return given;
        given.body.subdomain = known.get(idOf(asked)) ?? given.body.subdomain;
        known.set(idOf(asked), given.body.subdomain);
        return given;
      };
    },
  },
  {
    name: "a stop is over when it is answered",
    caughtBy: "stop: a stop is accepted at once and takes effect later; the name is not free in between",
    meddle: () => async (asked, forward, emulator) => {
      const given = await forward(asked);
      if (is(asked, "POST", "/mags-jobs/*/stop")) await emulator.clock.advance(5_000);
      return given;
    },
  },
  {
    name: "the name is free while the stop is under way",
    caughtBy: "stop: a stop is accepted at once and takes effect later; the name is not free in between",
    meddle: () => async (asked, forward, emulator) => {
      const given = await forward(asked);
      const stopping = emulator.snapshot().jobs.some((job) => job.stopping);
      if (!is(asked, "POST", "/mags-jobs") || given.status < 400 || !stopping) return given;
      return forward({ ...asked, body: { ...asked.body, name: undefined, workspace_id: undefined } });
    },
  },
  {
    name: "a stop takes for ever",
    caughtBy: "stop: a stopped job has ended and stays listed",
    options: { stopMs: 3_600_000 },
  },
  {
    name: "a stopped job sleeps",
    caughtBy: "stop: a sleeping job can be stopped, and stays asleep until then",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.body.status === "completed") given.body.status = "sleeping";
    }),
  },
  {
    name: "exec on an ended job succeeds",
    caughtBy: "stop: an ended job is not woken by exec or access",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return is(asked, "POST", "/mags-jobs/*/exec") && given.status === 400
        ? json({ exit_code: 0, stdout: "", stderr: "" })
        : given;
    },
  },
  {
    name: "access is granted before there is a VM",
    caughtBy: "access: access before the VM is ready is refused or incomplete; afterwards repeating it works",
    meddle: answers("POST", "/mags-jobs/*/access", (given) => {
      if (given.body.success === false) {
        given.body = { success: true, url: "http://early.localhost", subdomain: "early", port: 8080 };
      }
    }),
  },
  {
    name: "access is granted to a job that is not persistent",
    caughtBy: "access: access needs a persistent job",
    meddle: answers("POST", "/mags-jobs/*/access", (given, asked) => {
      if (given.body.success === false) {
        given.body = { success: true, url: "http://open.localhost", port: asked.body?.port };
      }
    }),
  },
  {
    name: "a failure of access comes as an error status",
    caughtBy: "access: a failure of access comes inside a 2xx, with the reason",
    meddle: answers("POST", "/mags-jobs/*/access", (given) => {
      if (given.body.success === false) given.status = 400;
    }),
  },
  {
    name: "port 22 is a port like any other",
    caughtBy: "access: port 22 means SSH: host, port and private key",
    meddle: requests("POST", "/mags-jobs/*/access", ({ body }) => {
      if (body?.port === 22) body.port = 8022;
    }),
  },
  {
    name: "the default port is 80",
    caughtBy: "access: the port is 8080 by default",
    meddle: requests("POST", "/mags-jobs/*/access", ({ body }) => {
      if (body !== undefined) body.port ??= 80;
    }),
  },
  {
    name: "the subdomain is made from the name of the job",
    caughtBy: "access: every VM has a random subdomain of its own",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (!is(asked, "POST", "/mags-jobs/*/access") || given.body.subdomain === undefined) return given;
      const { body } = await ask(forward, asked, "GET", `/v1/mags-jobs/${idOf(asked)}/status`);
      given.body.url = given.body.url.replace(given.body.subdomain, body.name);
      given.body.subdomain = body.name;
      return given;
    },
  },
  {
    name: "every URL leads to the first VM",
    caughtBy: "access: the URL reaches the service of that VM",
    meddle: () => {
      let first: string | undefined;
      return (asked, forward) => {
        if (asked.host === undefined) return forward(asked);
        first ??= asked.host;
        return forward({ ...asked, host: first });
      };
    },
  },
  {
    name: "the URL is shown although access was never enabled",
    caughtBy: "status: url and subdomain are not there before access was enabled",
    meddle: answers("GET", "/mags-jobs/*/status", (given) => {
      if (given.status < 400) given.body.url ??= "http://m0.localhost";
    }),
  },
  {
    name: "a PATCH of the startup command is dropped",
    caughtBy: "patch: a changed startup command applies at the next wake; the sleeping VM is not woken by it",
    meddle: requests("PATCH", "/mags-jobs/*", ({ body }) => {
      delete body?.startup_command;
    }),
  },
  {
    name: "an empty startup command is no change",
    caughtBy: "patch: an empty startup command clears it",
    meddle: requests("PATCH", "/mags-jobs/*", ({ body }) => {
      if (body?.startup_command === "") delete body.startup_command;
    }),
  },
  {
    name: "a PATCH clears the keys that were not sent",
    caughtBy: "patch: a key that is not sent is not changed",
    meddle: requests("PATCH", "/mags-jobs/*", ({ body }) => {
      if (body !== undefined) body.startup_command ??= "";
    }),
  },
  {
    name: "no_sleep is accepted on a job that is not persistent",
    caughtBy: "patch: no_sleep of a job that is not persistent is refused",
    meddle: answers("PATCH", "/mags-jobs/*", (given) => {
      if (given.status === 400) Object.assign(given, json({ success: true }));
    }),
  },
  {
    name: "a PATCH wakes the VM",
    caughtBy: "patch: a changed startup command applies at the next wake; the sleeping VM is not woken by it",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (is(asked, "PATCH", "/mags-jobs/*") && given.status < 400) {
        await ask(forward, asked, "POST", `/v1/mags-jobs/${idOf(asked)}/exec`, { command: "true" });
      }
      return given;
    },
  },
  {
    name: "the default time-out of exec is five minutes",
    caughtBy: "exec: a command may take 30 s by default",
    meddle: requests("POST", "/mags-jobs/*/exec", ({ body }) => {
      if (body !== undefined) body.timeout ??= 300;
    }),
  },
  {
    name: "a VM that runs can be used before its id is there",
    caughtBy: "exec: exec before there is a VM id is refused: running alone is not enough",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      if (!is(asked, "POST", "/mags-jobs/*/exec") || given.status < 400) return given;
      const { body } = await ask(forward, asked, "GET", `/v1/mags-jobs/${idOf(asked)}/status`);
      return body.status === "running" ? json({ exit_code: 0, stdout: "", stderr: "" }) : given;
    },
  },
  {
    name: "the edge tells its time-out in JSON",
    caughtBy: "exec: a command that is not over in time is cut off by the edge, in an answer that is no JSON",
    processes: true,
    setting: { edgeMs: 500 },
    meddle: answers("POST", "/mags-jobs/*/exec", (given) => {
      if (given.status === 524) Object.assign(given, json({ error: "timed out" }, 524));
    }),
  },
  {
    name: "a failing command is a failing request",
    caughtBy: "exec: exec answers exit code and output",
    meddle: answers("POST", "/mags-jobs/*/exec", (given) => {
      if (given.body.exit_code > 0) Object.assign(given, json({ error: "command failed" }, 500));
    }),
  },
  {
    name: "the streams of a command are mixed",
    caughtBy: "exec: exec keeps the two streams apart",
    processes: true,
    meddle: answers("POST", "/mags-jobs/*/exec", (given) => {
      if (given.status < 400)
        given.body = { ...given.body, stdout: given.body.stdout + given.body.stderr, stderr: "" };
    }),
  },
];
