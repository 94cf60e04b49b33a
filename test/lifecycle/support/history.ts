import * as fc from "fast-check";
import type { Values } from "../../../provider/schema/fields";
import { ref, type Declared, type Program } from "../../support/engine-model";
import { LEDGER, SETUP } from "./converged";

/** What a program declares, so that small edits can be made to it. */
export interface Plan {
  /** Optional resources that are declared. `base`, `box` and `nightly` always are. */
  present: Record<"second" | "fork" | "other" | "url" | "weekly" | "migrate" | "seed", boolean>;
  base: { setupEdited: boolean };
  /** `box` is on the workspace `base` or its `fork`, `other` on `second` or on a local disk. */
  box: JobPlan;
  other: JobPlan;
  url: { target: "base" | "second"; port: boolean };
  nightly: CronPlan;
  weekly: CronPlan;
  /** A run inside `box`, and one on a workspace of its own. */
  migrate: RunPlan;
  seed: RunPlan;
}

interface RunPlan {
  version: number;
}

interface JobPlan {
  place: number;
  mode: number;
  script: number;
  noSleep: boolean;
  startup: boolean;
  disk: number;
  port: number;
}

interface CronPlan {
  script: number;
  mode: number;
  enabled: boolean;
}

/** One edit, by what it changes. */
export const EDITS = {
  toggle: fc.constantFrom<keyof Plan["present"]>(
    "second",
    "fork",
    "other",
    "url",
    "weekly",
    "migrate",
    "seed",
  ),
  "job moved": fc.constantFrom<"box" | "other">("box", "other"),
  "job environment": fc.constantFrom<"box" | "other">("box", "other"),
  "job script": fc.constantFrom<"box" | "other">("box", "other"),
  "job noSleep": fc.constantFrom<"box" | "other">("box", "other"),
  "job startup": fc.constantFrom<"box" | "other">("box", "other"),
  "job disk": fc.constantFrom<"box" | "other">("box", "other"),
  "job ports": fc.constantFrom<"box" | "other">("box", "other"),
  "cron script": fc.constantFrom<"nightly" | "weekly">("nightly", "weekly"),
  "cron environment": fc.constantFrom<"nightly" | "weekly">("nightly", "weekly"),
  "cron enabled": fc.constantFrom<"nightly" | "weekly">("nightly", "weekly"),
  "alias target": fc.constant("url" as const),
  "alias port": fc.constant("url" as const),
  "setup edited": fc.constant("base" as const),
  "run version": fc.constantFrom<"migrate" | "seed">("migrate", "seed"),
} as const;

export type EditName = keyof typeof EDITS;

export interface Edit {
  name: EditName;
  subject: string;
  /** Before the update. */
  first: "nothing" | "refresh" | "sleep";
}

/** How a fault goes off: a kill, one of the emulator's, or a refusal (422) of whatever call it is. */
export const FAULTS = [
  "killed",
  "close-after",
  "close-before",
  "late-effect",
  "error-before",
  "refused",
  "error-after",
  "edge-524",
  "rate-limit",
  "sync-fails",
  "vm-ends",
  "boot-fails",
] as const;
export type FaultName = (typeof FAULTS)[number];

/** The calls that a fault is about, in the words of the emulator's rules. */
export const AIMS = [
  "*",
  "*",
  "POST",
  "PATCH",
  "DELETE",
  "POST /mags-jobs",
  "POST /mags-cron",
  "POST /mags-url-aliases",
] as const;
export type Aim = (typeof AIMS)[number];

export interface History {
  plan: Plan;
  edits: Edit[];
  fault: {
    name: FaultName;
    aim: Aim;
    /** Update before which it is armed: 0 is the first. */ at: number;
    /** Of the calls that it is about: so many pass. */ skip: number;
  };
}

const job = fc.record<JobPlan>({
  place: fc.nat(1),
  mode: fc.nat(2),
  script: fc.nat(1),
  noSleep: fc.boolean(),
  startup: fc.boolean(),
  disk: fc.integer({ min: 2, max: 3 }),
  port: fc.nat(2),
});
const cron = fc.record<CronPlan>({ script: fc.nat(2), mode: fc.nat(2), enabled: fc.boolean() });

const plan = fc.record<Plan>({
  present: fc.record({
    second: fc.boolean(),
    fork: fc.boolean(),
    other: fc.boolean(),
    url: fc.boolean(),
    weekly: fc.boolean(),
    migrate: fc.boolean(),
    seed: fc.boolean(),
  }),
  base: fc.record({ setupEdited: fc.constant(false) }),
  box: job,
  other: job,
  url: fc.record({ target: fc.constantFrom("base", "second"), port: fc.boolean() }),
  nightly: cron,
  weekly: cron,
  migrate: fc.record<RunPlan>({ version: fc.nat(2) }),
  seed: fc.record<RunPlan>({ version: fc.nat(2) }),
});

const edit: fc.Arbitrary<Edit> = fc
  .tuple(
    // What makes and removes resources comes more often than what changes them.
    fc.constantFrom<EditName>("toggle", "toggle", "toggle", ...(Object.keys(EDITS) as EditName[])),
    fc.constantFrom<Edit["first"]>("nothing", "nothing", "refresh", "sleep"),
  )
  .chain(([name, first]) =>
    (EDITS[name] as fc.Arbitrary<string>).map((subject): Edit => ({ name, subject, first })),
  );

export const histories: fc.Arbitrary<History> = fc.record({
  plan,
  edits: fc.array(edit, { minLength: 4, maxLength: 5 }),
  fault: fc.record({
    name: fc.constantFrom(...FAULTS),
    aim: fc.constantFrom(...AIMS),
    at: fc.nat(4),
    skip: fc.nat(24),
  }),
});

/** The plan with an edit made. */
export function edited(before: Plan, { name, subject }: Edit): Plan {
  const after = structuredClone(before);
  const one = after[subject as "box"];
  const schedule = after[subject as "nightly"];
  switch (name) {
    case "toggle":
      after.present[subject as keyof Plan["present"]] = !before.present[subject as keyof Plan["present"]];
      break;
    case "job moved":
      one.place++;
      break;
    case "job environment":
      one.mode++;
      break;
    case "job script":
      one.script++;
      break;
    case "job noSleep":
      one.noSleep = !one.noSleep;
      break;
    case "job startup":
      one.startup = !one.startup;
      break;
    case "job disk":
      one.disk++;
      break;
    case "job ports":
      one.port = (one.port + 1) % 3;
      break;
    case "cron script":
      schedule.script++;
      break;
    case "cron environment":
      schedule.mode++;
      break;
    case "cron enabled":
      schedule.enabled = !schedule.enabled;
      break;
    case "alias target":
      after.url.target = after.url.target === "base" ? "second" : "base";
      break;
    case "alias port":
      after.url.port = !after.url.port;
      break;
    case "setup edited":
      after.base.setupEdited = !after.base.setupEdited;
      break;
    case "run version":
      after[subject as "seed"].version++;
      break;
  }
  return after;
}

/** The program of a plan. What is not possible together gives way. */
export function programOf(plan: Plan): Program {
  const { present, base, box, other, url, nightly, weekly, migrate, seed } = plan;
  const boxPlace = present.fork && box.place % 2 === 1 ? "fork" : "base";
  const otherPlace = present.second && other.place % 2 === 1 ? "second" : "local";
  const target = url.target === "second" && present.second ? "second" : "base";
  const workspace = (name: string, args: Values = {}): Declared => ({
    name,
    kind: "Workspace",
    args: { deletionProtection: false, ...args },
  });
  const declared: (Declared | false)[] = [
    workspace("base", { setup: base.setupEdited ? `${SETUP} # edited` : SETUP }),
    present.second && workspace("second"),
    present.fork && workspace("fork", { baseWorkspaceId: ref("base", "workspaceId") }),
    { name: "box", kind: "Job", args: jobArgs(box, boxPlace) },
    present.other && {
      name: "other",
      kind: "Job",
      args: { ...jobArgs(other, otherPlace), allowDataLoss: true },
    },
    present.url && {
      name: "url",
      kind: "UrlAlias",
      args: { workspaceId: ref(target, "workspaceId"), ...(url.port ? { port: 8080 } : {}) },
    },
    { name: "nightly", kind: "CronJob", args: cronArgs(nightly) },
    present.weekly && { name: "weekly", kind: "CronJob", args: cronArgs(weekly) },
    present.migrate && {
      name: "migrate",
      kind: "Run",
      args: { ...runArgs("migrate", migrate), jobName: ref("box", "name") },
    },
    present.seed && workspace("seeded"),
    present.seed && {
      name: "seed",
      kind: "Run",
      args: { ...runArgs("seed", seed), workspaceId: ref("seeded", "workspaceId") },
    },
  ];
  return declared.filter((one): one is Declared => one !== false);
}

function jobArgs(job: JobPlan, place: string): Values {
  return {
    ...(place === "local" ? {} : { workspaceId: ref(place, "workspaceId") }),
    ...(place === "fork" ? { baseWorkspaceId: ref("base", "workspaceId") } : {}),
    environment: { MODE: String(job.mode) },
    ...(job.script % 2 === 0 ? {} : { script: `serve ${job.script}` }),
    noSleep: job.noSleep,
    startupCommand: job.startup ? "true" : undefined,
    diskGb: job.disk,
    http: [undefined, { port: 8080 }, { port: 8081, otherPorts: [8080, 9090] }][job.port],
  };
}

function cronArgs(cron: CronPlan): Values {
  return {
    cronExpression: "0 0 1 1 *",
    script: `echo ${cron.script}`,
    environment: { MODE: String(cron.mode) },
    enabled: cron.enabled,
  };
}

function runArgs(name: string, run: RunPlan): Values {
  return { script: LEDGER, environment: { WHAT: `${name} ${run.version}` } };
}
