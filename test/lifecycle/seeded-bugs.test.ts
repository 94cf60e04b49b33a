import * as fc from "fast-check";
import type { Account } from "../../provider/api/account";
import type { JobRequest } from "../../provider/api/wire";
import { recordOf } from "../../provider/schema/diff";
import { PartialError, type Kind } from "../../provider/lifecycle/kind";
import { KINDS, type Bug } from "./support/cloud";
import { FAULTS, histories, type Aim, type FaultName } from "./support/history";
import { play } from "./support/play";
import { Clouds } from "./support/points";

/** Cases that a mistake may take to be noticed. */
const PATIENCE = 150;
const QUICK = { bootMs: 300, vmIdMs: 400, stopMs: 1_500 };

interface Seeded extends Bug {
  /** What the invariants say about it. */
  caught: RegExp;
  /** Faults of the cases, where the mistake shows under these only. */
  faults?: FaultName[];
  /** The calls that the faults are about, likewise. */
  aim?: Aim;
}

/** Mistakes that the lifecycle could have. Each is built in, and the random histories have to notice it. */
const BUGS: Record<string, Seeded> = {
  "a restart forgets noSleep": {
    account: jobRequests(({ no_sleep: _, ...request }) => request),
    caught: /noSleep is false, not true/,
  },
  "a restart forgets the startup command": {
    account: jobRequests(({ startup_command: _, ...request }) => request),
    caught: /startupCommand is "", not "true"/,
  },
  "a resize asks for the old size": {
    account: jobRequests(({ disk_gb: _, ...request }) => request),
    caught: /diskGb is 2, not/,
  },
  "further ports are not opened again": {
    account: ({ client }) => {
      const enableAccess = client.enableAccess.bind(client);
      client.enableAccess = async (id, port) => (port === 9090 ? {} : enableAccess(id, port));
    },
    caught: /access to 9090 is not enabled/,
  },
  "a patch of noSleep is not sent": {
    account: ({ client }) => {
      const patchJob = client.patchJob.bind(client);
      client.patchJob = async (id, { no_sleep: _, ...patch }) => patchJob(id, patch);
    },
    caught: /noSleep is (true|false), not/,
  },
  "the state keeps the request id of before a restart": {
    kinds: {
      Job: {
        ...KINDS.Job,
        update: async (context, id, recorded, inputs) => ({
          ...(await KINDS.Job.update(context, id, recorded, inputs)),
          requestId: recorded.requestId,
        }),
      },
    },
    caught: /the state has another request id/,
  },
  "a job is forgotten, not stopped": {
    kinds: { Job: { ...KINDS.Job, delete: async () => undefined } },
    caught: /is left over|has an active job already|was not deleted: active on it/,
  },
  "a workspace is forgotten, not deleted": {
    kinds: { Workspace: { ...KINDS.Workspace, delete: async () => undefined } },
    caught: /workspace .* is left over/,
  },
  "the VM that makes a workspace is left running": {
    account: ({ client }) => {
      const stopJob = client.stopJob.bind(client);
      const made = new Set<string>();
      const createJob = client.createJob.bind(client);
      client.createJob = async (body) => {
        const answer = await createJob(body);
        if (body.name?.endsWith("-setup")) made.add(answer.requestId);
        return answer;
      };
      client.stopJob = async (id) => (made.has(id) ? undefined : stopJob(id));
    },
    caught: /-setup" was asked to stop but is still active/,
  },
  "a setup runs whatever the workspace remembers": {
    account: jobRequests((request) => ({
      ...request,
      script: request.script.replace(/^if \[ -e "\$d\/exit-code" \][\s\S]*?^fi$/m, ""),
    })),
    faults: ["killed"],
    aim: "POST",
    caught: /its setup ran 2 times/,
  },
  "an alias is not repointed": {
    kinds: {
      UrlAlias: {
        ...KINDS.UrlAlias,
        update: async (context, _id, recorded, inputs) => ({
          ...recorded,
          ...recordOf(KINDS.UrlAlias.fields, inputs),
          account: context.settings.account,
        }),
      },
    },
    caught: /workspaceId is .*, not|port is/,
  },
  "an alias loses its port": {
    account: ({ client }) => {
      const createAlias = client.createAlias.bind(client);
      client.createAlias = async ({ port: _, ...alias }) => createAlias(alias);
    },
    caught: /port is undefined, not 8080/,
  },
  "a cron job is made without a look": {
    kinds: { CronJob: blind(KINDS.CronJob) },
    faults: ["killed"],
    aim: "POST /mags-cron",
    caught: /cron job .* is left over|CronJob .*: 2 exist/,
  },
  "a lost answer of a cron job is repeated at once": {
    account: ({ client }) => {
      const createCron = client.createCron.bind(client);
      client.createCron = async (body) => createCron(body).catch(() => createCron(body));
    },
    faults: ["late-effect"],
    aim: "POST /mags-cron",
    caught: /2 exist|cron job .* is left over|: cron job \S+-nightly-\w+$/,
  },
  "a run is not found again by what it runs": {
    kinds: {
      Run: {
        ...KINDS.Run,
        create: (context, inputs) => KINDS.Run.create(context, { ...inputs, triggers: context.clock.now() }),
      },
    },
    faults: ["killed"],
    aim: "POST",
    caught: /carried out: (seed|migrate)/,
  },
  "a partial update records what was not done": {
    kinds: {
      Job: {
        ...KINDS.Job,
        update: async (context, id, recorded, inputs) => {
          try {
            return await KINDS.Job.update(context, id, recorded, inputs);
          } catch (error) {
            if (!(error instanceof PartialError)) throw error;
            return { ...error.outputs, ...recordOf(KINDS.Job.fields, inputs), notReady: undefined };
          }
        },
      },
    },
    faults: ["refused"],
    caught: /Job .*: 0 are active|is not enabled|next up is not empty/,
  },
  "a failed create is not kept in the state": {
    kinds: { Job: plainFailures(KINDS.Job), Workspace: plainFailures(KINDS.Workspace) },
    faults: ["refused"],
    caught: /the state does not know them/,
  },
  "nothing that an interrupted run left is taken for ours": {
    account: ({ directory }) => {
      directory.jobsOfThisRun = async () => [];
    },
    faults: ["killed"],
    caught: /nothing proves that it is ours|already exists/,
  },
  "a failed read passes for gone": {
    kinds: {
      Job: {
        ...KINDS.Job,
        read: (context, id, recorded) => KINDS.Job.read(context, id, recorded).catch(() => undefined),
      },
    },
    account: ({ client }) => {
      const find = client.findJobStatus.bind(client);
      let reads = 0;
      client.findJobStatus = async (id) => {
        if (++reads === 1) throw new Error("503");
        return find(id);
      };
    },
    caught: /the refresh lost|failed without a fault/,
  },
  "what the list does not show at once is gone": {
    kinds: {
      Workspace: {
        ...KINDS.Workspace,
        read: async (context, id, recorded) =>
          (await context.directory.workspaces()).slice(1).some(({ workspaceId }) => workspaceId === id)
            ? KINDS.Workspace.read(context, id, recorded)
            : undefined,
      },
    },
    caught: /the refresh lost/,
  },
};

beforeAll(() => {
  for (const what of ["info", "error"] as const)
    jest.spyOn(console, what).mockImplementation(() => undefined);
});

afterAll(() => jest.restoreAllMocks());

const caught: string[] = [];

test.each(Object.entries(BUGS))(
  "%s",
  async (name, { caught: expected, faults = [...FAULTS], aim, ...bug }) => {
    const clouds = new Clouds(QUICK, bug);
    const biased = histories.map((history) => ({
      ...history,
      fault: {
        ...history.fault,
        name: faults[history.fault.skip % faults.length]!,
        aim: aim ?? history.fault.aim,
      },
    }));
    try {
      const result = await fc.check(
        fc.asyncProperty(biased, async (history) => void (await play(clouds, history))),
        { numRuns: PATIENCE, seed: 1, endOnFailure: true },
      );
      expect(result.failed).toBe(true);
      expect(String((result.errorInstance as Error).message)).toMatch(expected);
      caught.push(`  ${name}: case ${result.numRuns}`);
    } finally {
      await clouds.stop();
    }
  },
  120_000,
);

test("at least ten mistakes are noticed", () => {
  process.stdout.write(`seeded mistakes, noticed at:\n${caught.join("\n")}\n`);
  expect(caught.length).toBeGreaterThanOrEqual(10);
});

/** Alters what is asked for when a job is submitted. */
function jobRequests(alter: (request: JobRequest) => JobRequest): (account: Account) => void {
  return ({ client }) => {
    const createJob = client.createJob.bind(client);
    client.createJob = (request) => createJob(alter(request));
  };
}

/** A kind that does not see what is there when it creates. */
function blind(kind: Kind): Kind {
  return {
    ...kind,
    create: (context, inputs) => {
      const directory = Object.create(context.directory) as typeof context.directory;
      directory.crons = async () => [];
      return kind.create({ ...context, directory }, inputs);
    },
  };
}

/** A kind whose failures lose what is known. */
function plainFailures(kind: Kind): Kind {
  return {
    ...kind,
    create: async (context, inputs) => {
      try {
        return await kind.create(context, inputs);
      } catch (error) {
        throw error instanceof PartialError ? new Error(error.message) : error;
      }
    },
  };
}
