import { isDeepStrictEqual } from "node:util";
import type { EmulatorSnapshot } from "../../../emulator";
import type { Values } from "../../../provider/schema/fields";
import type { Declared, EngineModel, Entry, Program } from "../../support/engine-model";
import { resolveRefs } from "../../support/engine-values";
import type { TestAccount } from "./cloud";

type CloudJob = EmulatorSnapshot["jobs"][number];

/** Line that the setup scripts of these tests add to the file `runs` whenever they run. */
export const SETUP = "echo ran >> $HOME/runs";

/** Script of the runs of these tests: adds a line to the file `ledger` whenever it is carried out. */
export const LEDGER = 'echo "$WHAT" >> "$HOME/ledger"';

/**
 * What is wrong, in words, with the claim that the cloud holds exactly what the program declares and that the
 * state says so: nothing missing, nothing twice, nothing left over, every setting as declared, every file kept.
 * @param blind fields that the API never shows and that a killed process may have changed without a trace
 */
export function divergences(
  account: TestAccount,
  engine: EngineModel,
  program: Program,
  blind: readonly string[] = [],
): string[] {
  const cloud = account.snapshot();
  const problems: string[] = [];
  const outputs = new Map(engine.state.map((entry) => [entry.name, { ...entry.outputs, id: entry.id }]));
  const left = {
    jobs: new Set(cloud.jobs.filter(isActive)),
    workspaces: new Set(cloud.workspaces.map((workspace) => workspace.workspaceId)),
    aliases: new Set(cloud.aliases),
    crons: new Set(cloud.crons),
  };
  // A job on a local disk is submitted under a workspace of its own name, which holds nothing.
  for (const job of left.jobs) if (job.noSync && job.workspaceId) left.workspaces.delete(job.workspaceId);

  for (const declared of program) {
    const entry = engine.state.find((candidate) => candidate.name === declared.name);
    if (!entry) {
      problems.push(`${declared.name} is not in the state`);
      continue;
    }
    if (entry.initErrors.length > 0) problems.push(`${declared.name} is unfinished: ${entry.initErrors[0]}`);
    if (entry.outputs.notReady !== undefined)
      problems.push(`${declared.name} is not ready: ${JSON.stringify(entry.outputs.notReady)}`);
    const { values } = resolveRefs(declared.args, outputs);
    const say = (text: string): void => void problems.push(`${declared.kind} ${declared.name}: ${text}`);
    compare[declared.kind]({ declared, entry, wanted: values, cloud, left, account, blind, say });
  }
  for (const entry of engine.state) {
    if (!program.some((declared) => declared.name === entry.name))
      problems.push(`${entry.name} is still in the state`);
  }
  for (const job of left.jobs) problems.push(`job ${job.name} (${job.status}) is left over`);
  for (const id of left.workspaces) problems.push(`workspace ${id} is left over`);
  for (const alias of left.aliases) problems.push(`alias ${alias.subdomain} is left over`);
  for (const cron of left.crons) problems.push(`cron job ${cron.name} is left over`);
  return problems;
}

/** Objects that exist more than once under one name, or share a workspace as writers. */
export function doubles(account: TestAccount): string[] {
  const { jobs, aliases, crons } = account.snapshot();
  const active = jobs.filter(isActive);
  return [
    ...repeated(active.map((job) => `job ${job.name}`)),
    ...repeated(active.flatMap((job) => (job.workspaceId ? [`VM on workspace ${job.workspaceId}`] : []))),
    ...repeated(aliases.map((alias) => `alias ${alias.subdomain}`)),
    ...repeated(crons.map((cron) => `cron job ${cron.name}`)),
    // A run is remembered where its files are: in another workspace it has not been carried out yet.
    ...account.ledgers().flatMap((lines) => repeated(lines.map((line) => `carried out: ${line}`))),
  ];
}

export function isActive(job: CloudJob): boolean {
  return job.status === "pending" || job.status === "running" || job.status === "sleeping";
}

interface Comparison {
  declared: Declared;
  entry: Entry;
  wanted: Values;
  cloud: EmulatorSnapshot;
  left: {
    jobs: Set<CloudJob>;
    workspaces: Set<string>;
    aliases: Set<EmulatorSnapshot["aliases"][number]>;
    crons: Set<EmulatorSnapshot["crons"][number]>;
  };
  account: TestAccount;
  blind: readonly string[];
  say: (text: string) => void;
}

const compare: Record<Declared["kind"], (comparison: Comparison) => void> = {
  Workspace({ entry, wanted, left, account, say }) {
    if (!left.workspaces.delete(entry.id)) say("the cloud does not list it");
    if (wanted.setup === undefined) return;
    const runs = (account.files(entry.id).runs ?? "").split("\n").filter(Boolean).length;
    if (runs !== 1) say(`its setup ran ${runs} times`);
  },

  Job({ entry, wanted, cloud, left, blind, say }) {
    const mine = cloud.jobs.filter((job) => isActive(job) && job.name === entry.id);
    const [job] = mine;
    if (!job || mine.length > 1) return say(`${mine.length} are active`);
    left.jobs.delete(job);
    if (entry.outputs.requestId !== job.requestId) say("the state has another request id");
    if (job.stopping) say("it is being stopped");
    const { port, otherPorts = [] } = (wanted.http ?? {}) as { port?: number; otherPorts?: number[] };
    const closed = [...otherPorts, ...(port === undefined ? [] : [port])].filter(
      (wantedPort) => !job.ports.includes(wantedPort),
    );
    if (closed.length > 0) say(`access to ${closed.join(", ")} is not enabled`);
    differ(say, blind, {
      script: [job.script, wanted.script ?? "sleep infinity"],
      environment: [
        job.environment,
        { ...(wanted.environment as Values | undefined), ...(wanted.secrets as Values | undefined) },
      ],
      diskGb: [job.diskGb, wanted.diskGb ?? 2],
      noSleep: [job.noSleep, wanted.noSleep ?? false],
      startupCommand: [job.startupCommand ?? "", wanted.startupCommand ?? ""],
      workspaceId: [job.workspaceId, wanted.workspaceId ?? entry.id],
      noSync: [job.noSync, wanted.workspaceId === undefined],
      baseWorkspaceId: [job.baseWorkspaceId, wanted.baseWorkspaceId],
      rootfsType: [job.rootfsType, wanted.rootfsType ?? "standard"],
      persistent: [job.persistent, true],
    });
  },

  UrlAlias({ entry, wanted, cloud, left, blind, say }) {
    const mine = cloud.aliases.filter((alias) => `${alias.subdomain}.${alias.domain}` === entry.id);
    const [alias] = mine;
    if (!alias || mine.length > 1) return say(`${mine.length} exist`);
    left.aliases.delete(alias);
    if (alias.broken) say("it relies on a workspace that was deleted");
    differ(say, blind, {
      workspaceId: [alias.workspaceId, wanted.workspaceId],
      port: [alias.port, wanted.port],
    });
  },

  CronJob({ entry, wanted, cloud, left, blind, say }) {
    const mine = cloud.crons.filter((cron) => cron.name === entry.inputs.name);
    const [cron] = mine;
    if (!cron || mine.length > 1) return say(`${mine.length} exist`);
    left.crons.delete(cron);
    if (cron.id !== entry.id) say("the state has another id");
    differ(say, blind, {
      cronExpression: [cron.cronExpression, wanted.cronExpression],
      script: [cron.script, wanted.script],
      workspaceId: [cron.workspaceId, wanted.workspaceId],
      environment: [
        cron.environment,
        { ...(wanted.environment as Values | undefined), ...(wanted.secrets as Values | undefined) },
      ],
      persistent: [cron.persistent, wanted.persistent ?? false],
      enabled: [cron.enabled, wanted.enabled ?? true],
    });
  },

  Run({ entry, wanted, account, say }) {
    const { exitCode } = entry.outputs;
    if (exitCode !== 0) say(`its exit code is ${String(exitCode)}`);
    const { WHAT } = wanted.environment as { WHAT: string };
    if (!account.ledger().includes(WHAT)) say(`it was not carried out with ${WHAT}`);
  },
};

function differ(
  say: (text: string) => void,
  blind: readonly string[],
  fields: Record<string, readonly [unknown, unknown]>,
): void {
  for (const [name, [is, wanted]] of Object.entries(fields)) {
    if (blind.includes(name) || isDeepStrictEqual(plain(is), plain(wanted))) continue;
    say(`${name} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
  }
}

/** A copy of this realm: jest gives every test file its own `Object`. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
